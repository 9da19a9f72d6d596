"""A crew in danger: on every page until it is acknowledged, and on the record until it is over."""

import uuid
from datetime import UTC, datetime

from playwright.sync_api import Page, expect

from tests.web.conftest import HERE, Machines, centre_on, desk_of, open_page, until


def panic(machines: Machines) -> str:
    """Press the crew's button; return its call sign."""
    body = {
        "at": datetime.now(UTC).isoformat(),
        "client_event_id": uuid.uuid4().hex,
        "place": {"lon": HERE[0], "lat": HERE[1]},
    }
    crew = ("crew", "demo")
    answer = machines.http.post(f"{machines.running.url}/api/crew/panic", json=body, auth=crew)
    assert answer.status_code < 300, answer.text
    told = machines.http.get(f"{machines.running.url}/api/crew", auth=crew).json()
    return str(told["unit"]["call_sign"])


def test_a_panic_stands_over_every_page_and_is_acknowledged_and_ended_by_keys(page: Page, machines: Machines) -> None:
    desk = desk_of(page, "commander-city")
    open_page(desk, "#/audit", "Audit")
    sign = panic(machines)
    bar = desk.get_by_role("alert", name="PANIC")
    expect(bar).to_contain_text(sign)
    told = bar.get_by_role("list", name="Who is told")
    for role in ("Senior duty officer", "Area commander"):
        expect(told).to_contain_text(role)
    desk.keyboard.press("p")
    acknowledge = bar.get_by_role("button", name="Acknowledge")
    expect(acknowledge).to_be_focused()
    desk.keyboard.press("Enter")
    expect(bar).to_contain_text("acknowledged by commander-city")
    bar.get_by_role("button", name="Show on the map").click()
    expect(desk.get_by_role("tab", name="Units")).to_have_attribute("aria-selected", "true")
    bar.get_by_role("button", name="End it").click()
    bar.get_by_role("textbox", name="How did it end?").fill("Pressed by mistake")
    desk.keyboard.press("Enter")
    expect(bar).to_have_count(0)
    assert machines.ask("/api/panics?open=true")["panics"] == []


def test_a_press_after_it_was_acknowledged_is_loud_anew_and_names_who_heard_the_one_before(
    page: Page, machines: Machines
) -> None:
    desk = desk_of(page, "commander-city")
    panic(machines)
    bar = desk.get_by_role("alert", name="PANIC")
    bar.get_by_role("button", name="Acknowledge").click()
    expect(bar).to_contain_text("acknowledged by commander-city")
    panic(machines)
    expect(bar.get_by_role("button", name="Acknowledge")).to_be_visible()
    expect(bar).to_contain_text("the one before was acknowledged by commander-city")


def _end_all(machines: Machines) -> None:
    for one in machines.ask("/api/panics?open=true")["panics"]:
        machines.act(f"/api/panics/{one['id']}/end", {"reason": "over"})


def _centre(desk: Page) -> tuple[float, float]:
    lon, lat = desk.evaluate("qyranMap.getCenter().toArray()")
    return round(lon, 4), round(lat, 4)


def test_a_panic_takes_the_map_to_its_crew_but_not_out_of_somebodys_hands(desk: Page, machines: Machines) -> None:
    _end_all(machines)
    bar = desk.get_by_role("alert", name="PANIC")
    expect(bar).to_have_count(0)
    centre_on(desk, HERE[0] + 0.05, HERE[1] + 0.05, zoom=13)
    panic(machines)
    until(lambda: _centre(desk) == (round(HERE[0], 4), round(HERE[1], 4)), "the map is where the crew cried")
    bar.get_by_role("button", name="Acknowledge").click()
    desk.get_by_role("tab", name="Units").click()
    desk.get_by_role("searchbox", name="Call sign").focus()
    centre_on(desk, HERE[0] + 0.05, HERE[1] + 0.05, zoom=13)
    there = _centre(desk)
    panic(machines)  # anew
    expect(bar.get_by_role("button", name="Acknowledge")).to_be_visible()
    desk.wait_for_timeout(1500)
    assert _centre(desk) == there, "somebody is typing"
    bar.get_by_role("button", name="Show on the map").click()
    until(lambda: _centre(desk) == (round(HERE[0], 4), round(HERE[1], 4)), "the banner takes it there")
    bar.get_by_role("button", name="Acknowledge").click()
    expect(bar).to_contain_text("acknowledged by dispatcher")


def test_a_panic_stands_in_an_open_dialog_too(desk: Page, machines: Machines) -> None:
    desk.get_by_role("tab", name="Units").click()
    desk.locator(".rows .unit").first.click()
    desk.keyboard.press("s")
    dialog = desk.get_by_role("dialog", name="where to?")
    expect(dialog).to_be_visible()
    sign = panic(machines)
    bar = dialog.get_by_role("alert", name="PANIC")
    expect(bar).to_contain_text(sign)
    bar.get_by_role("button", name="Acknowledge").click()
    expect(bar).to_contain_text("acknowledged by dispatcher")

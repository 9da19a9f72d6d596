"""Sending: the plan's one yes, one's own choice, a unit that is dragged, and who is told that another was quicker."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.conftest import HERE, Machines

INCIDENT = re.compile(r"^Incident \d\d-")  # its number begins with the year


def open_incident(machines: Machines, category: str, lon: float = HERE[0] + 0.0004, **more: object) -> dict[str, str]:
    """Open an incident in the middle of the city, as another dispatcher would."""
    body = {"category": category, "place": {"lon": lon, "lat": HERE[1]}, **more}
    answer = machines.http.post(f"{machines.running.url}/api/incidents", json=body, auth=("dispatcher", "demo"))
    assert answer.status_code == 201, answer.text
    found: dict[str, str] = answer.json()
    return found


@pytest.fixture
def fire(desk: Page, machines: Machines) -> Locator:
    """The card of a fire that nobody was sent to yet; its plan asks for several services."""
    machines.drive_some()
    number = open_incident(machines, "fire_dwelling")["number"]
    desk.get_by_role("tab", name="Incidents").click()
    desk.get_by_role("tabpanel").get_by_role("button", name=number).click()
    card = desk.get_by_role("complementary", name=INCIDENT)
    expect(card.locator(".needs > li").first).to_be_visible()
    return card


def test_the_plan_is_chosen_by_itself_and_sent_with_one_yes(desk: Page, fire: Locator) -> None:
    needs = fire.locator(".needs > li")
    expect(needs.first.get_by_role("heading")).to_contain_text("Fire service")
    chosen = fire.locator(".proposals > li.chosen").count()
    assert chosen > 1
    fire.get_by_role("button", name=f"Whole plan: dispatch {chosen} units").click()
    sent = fire.get_by_role("region", name="Dispatched units")
    expect(sent.locator(".dispatches > li")).to_have_count(chosen)


def test_another_choice_is_no_longer_the_plan_and_can_be_taken_back(desk: Page, fire: Locator) -> None:
    first = fire.locator(".proposals > li.chosen").first
    first.get_by_role("checkbox").uncheck()
    expect(fire.get_by_role("button", name=re.compile("^Whole plan"))).to_have_count(0)
    fire.get_by_role("button", name="As planned").click()
    expect(fire.get_by_role("button", name=re.compile("^Whole plan"))).to_be_visible()


def test_who_was_slower_with_a_unit_is_told_by_whom_it_was_sent(desk: Page, fire: Locator, machines: Machines) -> None:
    other = open_incident(machines, "fire", HERE[0] - 0.004)
    taken = fire.locator(".proposals > li.chosen b").first.inner_text()
    unit = next(one for one in machines.ask("/api/units")["units"] if one["call_sign"] == taken)
    answer = machines.http.post(
        f"{machines.running.url}/api/incidents/{other['id']}/dispatches",
        json={"units": [unit["id"]]},
        auth=("commander-city", "demo"),
    )
    assert answer.status_code == 201, answer.text
    desk.evaluate("document.activeElement.blur()")
    desk.keyboard.press("d")
    told = fire.locator(".lost")
    expect(told).to_contain_text(taken)
    expect(told).to_contain_text("commander-city")
    expect(fire.get_by_role("region", name="Dispatched units")).to_have_count(0)


def test_by_keys_alone_a_unit_is_looked_at_and_sent(desk: Page, fire: Locator) -> None:
    free = fire.locator(".proposals > li:not(.chosen) b").first.inner_text()
    desk.evaluate("document.activeElement.blur()")
    desk.keyboard.press("s")
    dialog = desk.get_by_role("dialog", name="Which unit?")
    dialog.get_by_role("searchbox").fill(free)
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Enter")
    preview = desk.get_by_role("dialog", name="Before sending")
    expect(preview).to_contain_text(free)
    expect(preview.get_by_role("button", name="Dispatch 1 unit")).to_be_focused()
    desk.keyboard.press("Enter")
    expect(fire.get_by_role("region", name="Dispatched units")).to_contain_text(free)


def test_a_unit_is_dragged_from_the_list_to_the_open_incident(desk: Page, fire: Locator) -> None:
    free = fire.locator(".proposals > li:not(.chosen) b").first.inner_text()
    desk.get_by_role("tab", name="Units").click()
    desk.get_by_role("searchbox", name="Call sign").fill(free)
    row = desk.locator(".rows > li[draggable=true]").filter(has_text=free)
    row.first.drag_to(fire.get_by_role("heading", level=2))
    preview = desk.get_by_role("dialog", name="Before sending")
    expect(preview).to_contain_text(free)
    preview.get_by_role("button", name="Cancel").click()
    expect(preview).to_have_count(0)
    expect(fire.get_by_role("region", name="Dispatched units")).to_have_count(0)


def test_a_unit_on_its_way_to_something_less_urgent_is_diverted_by_one_yes(
    desk: Page, fire: Locator, machines: Machines
) -> None:
    minor = open_incident(machines, "public_order", HERE[0] - 0.004, priority=4)  # said: place and hour add nothing
    taken = fire.locator(".proposals > li.chosen b").first.inner_text()
    unit = next(one for one in machines.ask("/api/units")["units"] if one["call_sign"] == taken)
    answer = machines.http.post(
        f"{machines.running.url}/api/incidents/{minor['id']}/dispatches",
        json={"units": [unit["id"]]},
        auth=("dispatcher", "demo"),
    )
    assert answer.status_code == 201, answer.text
    fire.get_by_role("button", name="Work out again").click()
    fire.get_by_text("Nearer but passed over:").click()
    passed = fire.locator("details.passed li").filter(has_text=taken)
    expect(passed).to_contain_text("can be diverted")
    passed.get_by_role("button", name=f"{taken}: see how it would do").click()
    preview = desk.get_by_role("dialog", name="Before sending")
    expect(preview).to_contain_text(minor["number"])
    preview.get_by_role("button", name=f"Divert from {minor['number']}").click()
    expect(fire.get_by_role("region", name="Dispatched units")).to_contain_text(taken)
    card = machines.ask(f"/api/incidents/{minor['id']}")
    assert [one["status"] for one in card["dispatches"]] == ["diverted"]

"""A unit in full: what it can do, its duty, and what is said to it; and the figures that commanders read."""

import re
import uuid
from datetime import UTC, datetime
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.web.conftest import HERE, Machines, desk_of, feeds_of, miss, open_page, until
from tests.web.test_accessibility import violations

FREE = ("ambulance", "free")


def open_unit(desk: Page, sign: str) -> Locator:
    """Find a unit in the list and look at it in full."""
    desk.get_by_role("tab", name="Units").click()
    desk.get_by_role("searchbox", name="Call sign").fill(sign)
    row = desk.locator(".rows > li").filter(has_text=sign)
    row.get_by_role("button", name=re.compile(re.escape(sign))).first.click()
    unit = desk.get_by_role("region", name=sign)
    expect(unit).to_be_visible()
    return unit


def test_a_unit_is_changed_told_something_and_taken_off_duty(desk: Page, machines: Machines) -> None:
    machines.drive_some()
    desk.get_by_role("tab", name="Units").click()
    row = desk.locator(".rows > li").filter(has_text="free").first
    sign = row.locator("b").first.inner_text()
    row.get_by_role("button", name=re.compile(re.escape(sign))).first.click()
    unit = desk.get_by_role("region", name=sign)
    unit.get_by_role("button", name="Change its data").click()
    form = desk.get_by_role("dialog", name=f"{sign}: its data")
    form.get_by_label("Skills").fill("diver, alpine")
    form.get_by_label("Equipment").fill("raft, rope 2")
    form.get_by_role("button", name="Save").click()
    expect(unit).to_contain_text("diver, alpine")
    expect(unit).to_contain_text("raft, rope 2")
    unit.get_by_role("textbox", name=f"Message to {sign}").fill("Call the centre.")
    unit.get_by_role("button", name="Send", exact=True).click()
    expect(unit.get_by_role("listitem").filter(has_text="Call the centre.")).to_be_visible()
    unit.get_by_role("combobox", name="Change duty…").select_option("out_of_service")
    unit.get_by_role("textbox", name="Reason").fill("Flat tyre")
    unit.get_by_role("button", name="Save").click()
    expect(unit).to_contain_text("not available")


def test_what_a_crew_writes_calls_from_tab_and_row_until_it_was_read(desk: Page, machines: Machines) -> None:
    url, crew = f"{machines.running.url}/api/crew", ("crew", "demo")
    unit = machines.http.get(url, auth=crew).json()["unit"]
    sign = unit["call_sign"]
    machines.act(f"/api/units/{unit['id']}/messages/read", {"up_to": 2**53})  # whatever else it wrote before
    units = desk.get_by_role("tab", name="Units")
    expect(units.locator(".unread-sign")).to_have_count(0)
    said = {"text": "The bridge is closed.", "at": datetime.now(UTC).isoformat(), "client_event_id": uuid.uuid4().hex}
    assert machines.http.post(f"{url}/messages", json=said, auth=crew).status_code == 200
    expect(units).to_contain_text("1 unread message")
    expect(desk.get_by_role("status").filter(has_text=f"Message from the crew: {sign}")).to_be_visible()
    units.click()
    desk.get_by_role("searchbox", name="Call sign").fill(sign)
    row = desk.locator(".rows > li").filter(has_text=sign)
    expect(row).to_contain_text("1 unread message")
    row.get_by_role("button", name=re.compile(re.escape(sign))).first.click()
    expect(desk.get_by_role("region", name=sign)).to_contain_text("The bridge is closed.")
    expect(desk.locator(".unread-sign")).to_have_count(0)
    until(lambda: machines.http.get(url, auth=crew).json()["messages"][0]["state"] == "read", "read message")


def test_what_a_crew_writes_is_unread_while_another_page_hides_the_desk(desk: Page, machines: Machines) -> None:
    url, crew = f"{machines.running.url}/api/crew", ("crew", "demo")
    sign = machines.http.get(url, auth=crew).json()["unit"]["call_sign"]
    unit = open_unit(desk, sign)
    open_page(desk, "#/roster", "Roster")
    said = {"text": "The gate is locked.", "at": datetime.now(UTC).isoformat(), "client_event_id": uuid.uuid4().hex}
    assert machines.http.post(f"{url}/messages", json=said, auth=crew).status_code == 200
    expect(desk.locator(".messages").filter(has_text=said["text"])).to_have_count(1)  # it is drawn, and hidden
    expect(desk.locator(".messages")).to_be_hidden()
    desk.wait_for_timeout(1000)
    assert machines.http.get(url, auth=crew).json()["messages"][0]["state"] != "read"
    desk.evaluate("location.hash = '#/desk'")
    expect(unit).to_contain_text(said["text"])
    expect(desk.locator(".unread-sign")).to_have_count(0)
    until(lambda: machines.http.get(url, auth=crew).json()["messages"][0]["state"] == "read", "read message")


def test_a_refused_change_of_a_unit_leaves_what_was_typed(desk: Page, machines: Machines) -> None:
    sign = machines.ask("/api/units")["units"][0]["call_sign"]
    open_unit(desk, sign).get_by_role("button", name="Change its data").click()
    form = desk.get_by_role("dialog", name=f"{sign}: its data")
    form.get_by_label("Vehicle").fill("a new one")
    desk.route("**/api/units/*", lambda asked: asked.abort() if asked.request.method == "PATCH" else asked.fallback())
    form.get_by_role("button", name="Save").click()
    expect(desk.get_by_role("status").filter(has_text="It did not work")).to_be_visible()
    expect(form.get_by_label("Vehicle")).to_have_value("a new one")


def test_after_a_long_gap_in_the_feed_the_open_unit_is_read_again(page: Page, machines: Machines) -> None:
    feeds = feeds_of(page)
    desk_of(page)
    open_unit(page, machines.ask("/api/units")["units"][0]["call_sign"])
    with page.expect_response(re.compile(r"/api/units/\d+$")):
        miss(feeds[-1])


def test_commanders_read_the_figures_and_dispatchers_have_no_such_page(
    page: Page, other: Page, machines: Machines
) -> None:
    machines.drive_some()
    incident = machines.open_incident("A fire that is counted.", lon=HERE[0] + 0.0065)
    free = next(unit for unit in machines.ask("/api/units")["units"] if (unit["service"], unit["status"]) == FREE)
    machines.act(f"/api/incidents/{incident['id']}/dispatches", {"units": [free["id"]]})
    desk_of(page, "commander-city")
    open_page(page, "#/figures", "Figures")
    told: list[dict[str, Any]] = []

    def counted() -> bool:
        with page.expect_response(re.compile("/api/clocks/figures.*by=service")) as asked:
            page.get_by_role("combobox", name="By").select_option("area")
            page.get_by_role("combobox", name="By").select_option("service")
        told[:] = [row for row in asked.value.json()["rows"] if row["service"] == "ambulance" and row["count"]]
        return bool(told)

    until(counted, "the clocks of the ambulance are counted")
    rows = page.get_by_role("table").locator("tbody").filter(has_text="Ambulance").locator("tr")
    expect(rows).to_have_count(len(told))
    shown = rows.locator("td.figure:nth-of-type(2)").all_inner_texts()
    assert sorted(shown) == sorted(str(row["count"]) for row in told)  # each in its own order
    desk_of(other)
    expect(other.get_by_role("link", name="Figures")).to_have_count(0)
    other.evaluate("location.hash = '#/figures'")
    expect(other.get_by_role("tab", name="Events")).to_be_visible()
    expect(other.get_by_role("main", name="Figures")).to_have_count(0)
    asked = "/api/clocks/figures?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z&by=area"
    assert other.request.get(f"{machines.running.url}{asked}").status == 403


def test_the_roster_shows_who_is_on_when_across_units(desk: Page) -> None:
    roster = open_page(desk, "#/roster", "Roster")
    table = roster.get_by_role("table")
    expect(table.locator(".bars > span").nth(10)).to_be_visible()
    assert violations(desk) == []
    roster.get_by_label("Show").select_option("week")
    expect(table).to_be_visible()
    roster.get_by_label("Service").select_option("ambulance")
    before = roster.locator("output").inner_text()
    roster.get_by_role("button", name="Later").press("Enter")
    expect(roster.locator("output")).not_to_have_text(before)


def test_no_other_day_s_roster_stands_under_a_day_that_could_not_be_read(desk: Page) -> None:
    roster = open_page(desk, "#/roster", "Roster")
    rows = roster.get_by_role("row")
    expect(rows.nth(3)).to_be_visible()
    desk.route("**/api/units/roster?*", lambda asked: asked.abort())
    roster.get_by_role("button", name="Later").click()
    expect(roster.get_by_role("alert")).not_to_be_empty()
    expect(rows).to_have_count(0)
    desk.unroute("**/api/units/roster?*")
    roster.get_by_role("button", name="Earlier").click()
    expect(rows.nth(3)).to_be_visible()


def test_no_other_choice_s_figures_stand_under_one_that_could_not_be_read(page: Page, machines: Machines) -> None:
    machines.open_incident("A fire that is counted once.", lon=HERE[0] + 0.0065)
    desk_of(page, "commander-city")
    figures = open_page(page, "#/figures", "Figures")
    rows = figures.get_by_role("row")
    for name, other in (("Service", "fire"), ("Category", "fire"), ("Urgency", "II"), ("Look back", "7")):
        expect(rows.nth(1)).to_be_visible()
        page.route("**/api/clocks/figures?*", lambda asked: asked.abort())
        chosen = figures.get_by_role("combobox", name=name, exact=True)
        was = chosen.input_value()
        chosen.select_option(other)
        expect(figures.get_by_role("alert")).not_to_be_empty()
        expect(rows).to_have_count(0)
        page.unroute("**/api/clocks/figures?*")
        chosen.select_option(was)


def test_the_desk_says_a_duty_by_a_word_of_the_service(desk: Page, machines: Machines) -> None:
    machines.drive_some()
    desk.get_by_role("tab", name="Units").click()
    row = desk.locator(".rows > li").filter(has_text="free").nth(1)
    sign = row.locator("b").first.inner_text()
    row.get_by_role("button", name=re.compile(re.escape(sign))).first.click()
    unit = desk.get_by_role("region", name=sign)
    unit.get_by_role("combobox", name="Change duty…").select_option("break")
    unit.get_by_role("combobox", name="Why").select_option("lunch")
    expect(unit.get_by_role("textbox", name="Reason")).to_have_count(0)
    unit.get_by_role("button", name="Save").click()
    expect(unit).to_contain_text("Meal")

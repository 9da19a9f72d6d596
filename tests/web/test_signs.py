"""Small signs that must not be missed: what a position proposes, a unit that fell silent, a channel that fails."""

from typing import Any

import psycopg
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.running import Running
from tests.web.conftest import HERE, Machines, until
from tests.web.test_sending import open_incident

DEVICE = "demo-police-001"


def tell(running: Running, sql: str, *values: Any) -> None:
    """Write into the store itself."""
    with psycopg.connect(running.database_url) as link:
        link.execute(sql, values)


@pytest.fixture
def sent(machines: Machines, running: Running) -> dict[str, Any]:
    """A police car that stands in the middle of the city and was just sent to an incident a kilometre away."""
    tell(running, "UPDATE dispatch SET status = 'cancelled' WHERE unit_id = %s", _id_of(running))
    tell(running, "UPDATE unit SET duty = 'on' WHERE device = %s", DEVICE)
    machines.drive(DEVICE, lon=HERE[0], lat=HERE[1])
    until(lambda: not _unit(machines, running)["stale"], "its position is known")
    incident = open_incident(machines, "public_order", HERE[0] + 0.012)
    machines.act(f"/api/incidents/{incident['id']}/dispatches", {"units": [_id_of(running)]})
    return {"incident": incident["number"], "sign": _unit(machines, running)["call_sign"]}


def _id_of(running: Running) -> int:
    with psycopg.connect(running.database_url) as link:
        ((found,),) = link.execute("SELECT id FROM unit WHERE device = %s", (DEVICE,)).fetchall()
    return int(found)


def _unit(machines: Machines, running: Running) -> Any:
    return machines.ask(f"/api/units/{_id_of(running)}")


def _row(desk: Page, sign: str) -> Locator:
    desk.get_by_role("tab", name="Units").click()
    desk.get_by_role("searchbox", name="Call sign").fill(sign)
    return desk.locator(".rows > li").filter(has_text=sign)


def _card(desk: Page, number: str) -> Locator:
    desk.get_by_role("tab", name="Incidents").click()
    desk.get_by_role("tabpanel").get_by_role("button", name=number).click()
    return desk.get_by_role("region", name="Dispatched units")


def test_what_a_position_proposes_is_shown_and_taken_by_a_person(
    desk: Page, machines: Machines, running: Running, sent: dict[str, Any]
) -> None:
    machines.drive(DEVICE, lon=HERE[0] + 0.004, lat=HERE[1])
    proposed = desk.get_by_role("list", name="Proposed statuses").get_by_role("listitem").filter(has_text=sent["sign"])
    desk.get_by_role("tab", name="Units").click()
    expect(proposed).to_contain_text("by its position: en route")
    assert _unit(machines, running)["status"] == "dispatched", "nothing moves by a position alone"
    proposed.get_by_role("button", name="Take").click()
    expect(proposed).to_have_count(0)
    expect(_row(desk, sent["sign"])).to_contain_text("en route")
    assert _unit(machines, running)["status"] == "enroute"


@pytest.mark.usefixtures("impatient")
def test_a_unit_that_falls_silent_on_its_way_says_so_on_its_row_and_on_the_card(
    desk: Page, machines: Machines, running: Running, sent: dict[str, Any]
) -> None:
    row = _row(desk, sent["sign"])
    expect(row).to_contain_text(sent["incident"])
    expect(row.locator(".silent-sign")).to_have_count(0)
    past = "UPDATE unit_position SET at = now() - interval '2 minutes' WHERE unit_id = %s"
    tell(running, past, _id_of(running))
    expect(row.locator(".silent-sign")).to_have_text("silent")
    expect(_card(desk, sent["incident"]).locator(".silent-sign")).to_be_visible()


@pytest.mark.usefixtures("impatient")
def test_a_channel_that_fails_is_told_to_everybody_in_the_bar(desk: Page, running: Running) -> None:
    badge = desk.get_by_role("button", name="Not all is well")
    expect(badge).to_have_count(0)
    failing = "INSERT INTO notice_channel (name, failing_since, code) VALUES ('crew_page', now(), 'timeout')"
    again = " ON CONFLICT (name) DO UPDATE SET failing_since = now(), code = 'timeout'"
    tell(running, failing + again)
    expect(badge).to_be_visible()
    badge.click()
    sheet = desk.get_by_role("dialog", name="Not all is well")
    expect(sheet).to_contain_text("Notice channels")
    expect(sheet).to_contain_text("crew_page failing since")
    tell(running, "UPDATE notice_channel SET failing_since = NULL, code = NULL WHERE name = 'crew_page'")
    expect(badge).to_have_count(0)

"""Clocks as a dispatcher sees them: on the queue, on the card and on a call that rings; they warn and breach."""

import re

import psycopg
from playwright.sync_api import Locator, Page, expect

from tests.running import Running
from tests.web.conftest import HERE, Machines

AGE = "UPDATE incident SET opened_at = now() - make_interval(secs => %s) WHERE description = %s RETURNING id"
RING = "INSERT INTO change (layer, feature_id) VALUES ('incidents', %s)"


def age(running: Running, said: str, seconds: float) -> None:
    """Let an incident be so old, and ring for it."""
    with psycopg.connect(running.database_url) as link:
        ((incident,),) = link.execute(AGE, (seconds, said)).fetchall()
        link.execute(RING, (incident,))
        link.execute("NOTIFY qyran")


def row_of(page: Page, number: str) -> Locator:
    return page.get_by_role("tabpanel").get_by_role("button", name=number)


def test_a_running_clock_shows_on_queue_and_card_and_warns_and_breaches(
    desk: Page, machines: Machines, running: Running
) -> None:
    said = machines.call("A wall leans over the pavement.", lon=HERE[0] + 0.011, lat=HERE[1] - 0.007)
    desk.get_by_role("tabpanel").get_by_role("button", name=said).click()
    desk.get_by_role("button", name="Confirm").click()
    card = desk.get_by_role("complementary", name=re.compile(r"^Incident \d\d-"))
    expect(card).to_contain_text(said)
    number = (card.get_attribute("aria-label") or "").removeprefix("Incident ")
    desk.get_by_role("tab", name="Incidents").click()
    line = card.get_by_role("region", name="Clocks").get_by_role("listitem").filter(has_text="Processing")
    for seconds, state in ((0, "running"), (47, "short of time"), (61, "breached")):
        age(running, said, seconds)
        expect(line).to_contain_text(f"Processing, {state}")
        expect(row_of(desk, number)).to_contain_text(f"Processing, {state}")
    expect(row_of(desk, number)).to_contain_text("! +0:")
    expect(card).to_contain_text("target 1:00")


def test_a_call_that_rings_shows_the_time_left_to_answer_it(desk: Page, machines: Machines) -> None:
    machines.ring("+77015550188", lon=HERE[0] - 0.009, lat=HERE[1] + 0.008)
    ringing = desk.locator(".ringing")
    for state in ("running", "short of time", "breached"):
        expect(ringing).to_contain_text(f"Answer, {state}")
    desk.get_by_role("tab", name="Calls").click()
    row = desk.get_by_role("tabpanel").get_by_role("button").filter(has_text="Answer, breached")
    expect(row.first).to_be_visible()

"""Cover: where it falls short a stand-by move is proposed, and a person asks the crew."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.running import Running
from tests.web.conftest import HERE, Machines, desk_of, until
from tests.web.test_accessibility import violations
from tests.web.test_signs import tell

DEVICE = "demo-police-001"
FAR = (HERE[0] - 0.013, HERE[1] - 0.009)  # lon, lat: two kilometres from the one police post of the small city
WALKING_KMH = 6  # nobody crosses the city within the target of the police

IMPORTED = """
    INSERT INTO city (name, sha256, report, geom) SELECT name, reverse(sha256), report, geom FROM city
"""  # the roads are loaded again


@pytest.fixture
def short(machines: Machines, running: Running) -> dict[str, Any]:
    """One police car far from the post in a city that it crosses too slowly; returns the move that is proposed."""
    tell(running, "UPDATE road SET speed_kmh = %s", WALKING_KMH)
    tell(running, IMPORTED)
    tell(running, "UPDATE unit SET duty = 'off' WHERE service = 'police' AND device <> %s", DEVICE)
    tell(running, "UPDATE unit SET duty = 'on' WHERE device = %s", DEVICE)

    def proposed() -> Any:
        machines.drive(DEVICE, lon=FAR[0], lat=FAR[1])
        asked = f"{machines.running.url}/api/cover?service=police"
        answer = machines.http.get(asked, auth=("dispatcher", "demo")).json()
        return next(iter(answer.get("moves", [])), None)

    move: dict[str, Any] = until(proposed, "cover has fallen and a move is proposed")
    return move


def test_a_crew_is_asked_to_stand_by_and_not_proposed_again_while_it_is_on_its_way(
    page: Page, short: dict[str, Any], machines: Machines
) -> None:
    desk, sign = desk_of(page), short["call_sign"]
    desk.get_by_role("button", name="Cover").click()
    sheet = desk.get_by_role("group", name="Cover")
    sheet.get_by_role("button", name=re.compile("Police")).click()
    moves = sheet.get_by_role("region", name="Proposed stand-by moves")
    expect(moves.get_by_role("listitem")).to_contain_text(sign)
    assert violations(desk) == []
    machines.drive(DEVICE, lon=FAR[0], lat=FAR[1])
    moves.get_by_role("button", name="Ask it").click()
    expect(desk.get_by_role("status").filter(has_text=f"Asked: {sign}")).to_be_visible()
    expect(sheet.get_by_role("region", name="On their way to stand by")).to_contain_text(f"{sign} →")
    expect(moves).to_have_count(0)
    messages = machines.ask(f"/api/units/{short['unit_id']}")["messages"]
    assert messages[0]["text"] == f"Please stand by at: {short['post']['name']['en']}"

"""The regime in force: seen by everybody who is signed in, set by a commander who says why."""

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.running import Running
from tests.web.conftest import desk_of, sign_in
from tests.web.test_accessibility import violations

COMMANDER = ("commander-city", "demo")


@pytest.fixture
def everyday(running: Running) -> Iterator[None]:
    """Put the regime back afterwards: the server is that of other tests too."""
    yield
    with httpx.Client(base_url=running.url, auth=COMMANDER, timeout=20) as client:
        now = client.get("/api/regime").json()
        put = client.put("/api/regime", json={"area_id": now["area_id"], "name": "everyday", "reason": "Over."})
    assert put.status_code == 200, put.text


@pytest.mark.usefixtures("everyday")
def test_a_commander_sets_the_regime_and_a_dispatcher_sees_which_and_why(page: Page, other: Page) -> None:
    commander = desk_of(page, "commander-city")
    commander.get_by_role("button", name="Regime in force: everyday").click()
    sheet = commander.get_by_role("dialog", name="Regime in force")
    expect(sheet).to_contain_text("The services work as usual.")
    assert violations(commander) == []
    sheet.get_by_role("button", name="Set the regime…").click()
    dialog = commander.get_by_role("dialog", name="Set the regime…")
    dialog.get_by_role("radio", name="Raised readiness").check()
    dialog.get_by_label("Reason").fill("A mudflow threatens.")
    assert violations(commander) == []
    dialog.get_by_role("button", name="Set it").click()
    raised = "Regime in force: raised readiness"
    expect(commander.get_by_role("button", name=raised)).to_be_visible()

    sign_in(other)
    other.get_by_role("button", name=raised).click()
    told = other.get_by_role("dialog", name="Regime in force")
    expect(told).to_contain_text("A mudflow threatens.")
    expect(told).to_contain_text("commander-city")
    expect(told.get_by_role("button", name="Set the regime…")).to_have_count(0)
    assert violations(other) == []

"""The past played again: plainly not the present, with its time in hand, by mouse and by keyboard."""

import time
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.running import Running
from tests.web.conftest import HERE, PATIENCE_MS, Machines, open_page, sign_in, until
from tests.web.test_accessibility import violations


@pytest.fixture(scope="module")
def incident(running: Running) -> dict[str, Any]:
    """An incident of this minute with a unit that was sent to it, beside a telephone that rings."""
    machines = Machines(running=running)
    machines.drive_some()
    machines.ring("+77015550177", radius_m=40)
    with httpx.Client(base_url=running.url, auth=("dispatcher", "demo"), timeout=30) as server:
        place = {"lon": HERE[0], "lat": HERE[1]}
        told = server.post("/api/incidents", json={"category": "public_order", "place": place})
        assert told.status_code == 201, told.text
        opened: dict[str, Any] = told.json()
        sent = server.get("/api/units").json()["units"]
        unit = next(one for one in sent if one["service"] == "police" and one["status"] == "free" and not one["stale"])
        order = server.post(f"/api/incidents/{opened['id']}/dispatches", json={"units": [unit["id"]]})
        assert order.status_code == 201, order.text
    time.sleep(1.1)  # an interval that ends now is to hold it: its second must be over
    return {**opened, "unit": unit}


@pytest.fixture
def past(page: Page, incident: dict[str, Any]) -> Locator:
    """The window, with the last hour open."""
    sign_in(page)
    expect(page.get_by_role("tab", name="Events")).to_be_visible()
    opened = open_page(page, "#/replay", "Replay")
    expect(opened.get_by_role("button", name="Play")).to_be_enabled(timeout=3 * PATIENCE_MS)
    return opened


def moment(past: Locator) -> int:
    """Which moment is shown, ms since 1970 UTC."""
    return int(past.get_by_role("slider", name="Moment").input_value())


def test_it_says_that_this_is_the_past_and_shows_what_stood_then(past: Locator, incident: dict[str, Any]) -> None:
    expect(past.get_by_text("The past, not now:")).to_be_visible()
    standing = past.get_by_role("region", name="Incidents open at that moment")
    expect(standing).not_to_contain_text(incident["number"])
    past.get_by_role("slider", name="Moment").press("End")
    expect(standing).to_contain_text(incident["number"])
    expect(standing).to_contain_text(f"{incident['unit']['call_sign']}: dispatched")


def test_a_call_stands_where_its_caller_was_held_to_be_and_how_surely(past: Locator) -> None:
    calls = past.get_by_role("list", name="112 calls at that moment")
    expect(calls).to_have_count(0)
    past.get_by_role("slider", name="Moment").press("End")
    expect(calls).to_contain_text("112 · ringing")
    expect(calls).to_contain_text("position of the phone (AML) ± 40 m")
    expect(past).not_to_contain_text("5550177")


def test_it_plays_and_pauses_by_the_space_bar_and_steps_by_arrows(page: Page, past: Locator) -> None:
    past.get_by_role("combobox", name="Speed").select_option("60")
    past.focus()
    before = moment(past)
    page.keyboard.press("Space")
    expect(past.get_by_role("button", name="Pause")).to_be_visible()
    until(lambda: moment(past) > before, "time passes")
    page.keyboard.press("Space")
    expect(past.get_by_role("button", name="Play")).to_be_visible()
    stands = moment(past)
    page.keyboard.press("Shift+ArrowRight")
    assert moment(past) - stands == pytest.approx(60_000, abs=1_000)  # the slider knows whole seconds
    page.keyboard.press("ArrowLeft")
    assert moment(past) - stands == pytest.approx(50_000, abs=1_000)
    page.keyboard.press("-")
    expect(past.get_by_role("combobox", name="Speed")).to_have_value("30")


def test_an_interval_that_is_no_past_is_refused_in_words(past: Locator) -> None:
    form = past.get_by_role("form", name="Interval")
    form.get_by_label("From").fill("2026-01-02T10:00")
    form.get_by_label("To", exact=True).fill("2026-01-02T09:00")
    form.get_by_role("button", name="Open").click()
    expect(past.get_by_role("alert").filter(has_text="must lie in the past")).to_be_visible()
    expect(past.get_by_role("button", name="Play")).to_be_disabled()


def test_an_incident_is_replayed_from_its_card(page: Page, incident: dict[str, Any]) -> None:
    sign_in(page)
    page.get_by_role("tab", name="Incidents").click()
    page.get_by_role("tabpanel").get_by_role("button", name=incident["number"]).click()
    page.get_by_role("button", name="Record").click()
    page.get_by_role("button", name="Replay", exact=True).click()
    past = page.get_by_role("main", name="Replay")
    expect(past.get_by_role("button", name="Play")).to_be_enabled()
    until(lambda: page.evaluate("Boolean(globalThis.qyranPast?.isStyleLoaded())"), "the map of the past is drawn")
    centre: Any = page.evaluate("qyranPast.getCenter().toArray()")
    assert centre == pytest.approx([incident["place"]["lon"], incident["place"]["lat"]], abs=1e-4)


def test_it_is_read_aloud_in_each_language(page: Page, past: Locator) -> None:
    for language, title in (("kk", "Қайта ойнату"), ("ru", "Воспроизведение"), ("en", "Replay")):
        page.get_by_role("button", name=language, exact=False).filter(has_text=language).first.click()
        expect(page.get_by_role("main", name=title)).to_be_visible()
        assert violations(page) == []


def test_who_looks_at_no_past_has_no_such_page(page: Page, running: Running) -> None:
    sign_in(page, "admin")
    expect(page.get_by_role("link", name="Administration")).to_be_visible()
    expect(page.get_by_role("link", name="Replay")).to_have_count(0)

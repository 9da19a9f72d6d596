"""A frame of the real clip becomes a marker in a real browser, and an event becomes a dispatched unit on scene."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import psycopg
import pytest
from playwright.sync_api import Browser, expect

from geo_server.door.cluster import Store
from tests.running import Running, World, house
from tests.web.conftest import Machines, at, centre_on, sign_in, until, watched_page

PATIENCE_S = 150


@pytest.fixture(scope="module")
def living(store: Store, world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The house with its demo traffic and crews, and one camera that is read over a real RTSP connection."""
    with psycopg.connect(store.url(world.template)) as link:
        code = link.execute("SELECT code FROM camera WHERE reader = 'rtsp' ORDER BY code LIMIT 1").fetchone()
    assert code is not None
    with house(store, world, tmp_path_factory.mktemp("living"), cameras=(code[0],), demo=True) as running:
        yield running


@pytest.fixture(scope="module")
def dispatcher(living: Running) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=living.url, timeout=20) as client:
        signed_in = client.post("/api/session", json={"user": "dispatcher", "password": "demo"})
        assert signed_in.status_code == 200, signed_in.text
        yield client


def _until(ask: Callable[[], Any], what: str, living: Running) -> Any:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if found := ask():
            return found
        time.sleep(0.5)
    logs = "\n".join(f"── {name}\n{living.log(name)[-1500:]}" for name in living.logs)
    pytest.fail(f"{what} did not come about within {PATIENCE_S} s\n{logs}")


def _seen_by_camera(dispatcher: httpx.Client) -> dict[str, Any] | None:
    events = dispatcher.get("/api/events", params={"state": "new"}).json()["events"]
    return next((event for event in events if event["camera"]), None)


def test_a_pedestrian_of_the_clip_becomes_an_event_with_a_place_and_a_picture(
    living: Running, dispatcher: httpx.Client
) -> None:
    event = _until(lambda: _seen_by_camera(dispatcher), "an event of the RTSP camera", living)
    assert event["kind"] in {"line_crossing", "zone_motion"}
    assert event["placed_by"] in {"camera", "control_points"}
    assert 0 < event["ellipse"]["minor_m"] <= event["ellipse"]["major_m"]
    picture = dispatcher.get(event["picture"]["url"])
    assert picture.headers["content-type"] == "image/jpeg"
    assert picture.content.startswith(b"\xff\xd8")


def test_the_event_stands_as_a_marker_on_the_map_of_a_real_browser(
    living: Running, dispatcher: httpx.Client, browser: Browser
) -> None:
    event = _until(lambda: _seen_by_camera(dispatcher), "an event of the RTSP camera", living)
    lon, lat = event["place"]["lon"], event["place"]["lat"]
    with watched_page(browser, living) as page:
        sign_in(page)
        row = page.get_by_role("tabpanel").get_by_role("button", name=event["camera"]["name"]["en"])
        expect(row).to_be_visible()
        until(lambda: page.evaluate("Boolean(globalThis.qyranMap?.isStyleLoaded())"), "the map is drawn")
        centre_on(page, lon, lat, zoom=18)

        def clicked() -> bool:
            x, y = at(page, lon, lat)
            page.mouse.click(x, y - 18)  # the pin stands on its place
            return row.get_attribute("aria-current") == "true"

        until(clicked, "the marker of the event answers a click")


def test_the_event_is_confirmed_and_the_quickest_unit_by_road_arrives_on_scene(
    living: Running, dispatcher: httpx.Client
) -> None:
    event = _until(lambda: _seen_by_camera(dispatcher), "an event of the RTSP camera", living)
    incident = dispatcher.post(f"/api/events/{event['id']}/confirm", json={}).json()["incident"]

    def proposed() -> Any:
        found = dispatcher.get(f"/api/incidents/{incident['id']}/proposals").json()
        return found if found["proposals"] else None

    found = _until(proposed, "a proposal", living)
    best = found["proposals"][0]
    assert not best["straight"]
    ranks = [(p["need"], p["eta_s"] + (p["cover"] or {"penalty_s": 0.0})["penalty_s"]) for p in found["proposals"]]
    assert ranks == sorted(ranks), "by the time they need, and by the cover that their leaving takes away"
    sent = dispatcher.post(f"/api/incidents/{incident['id']}/dispatches", json={"units": [best["unit"]["id"]]})
    assert sent.status_code == 201, sent.text

    def on_scene() -> Any:
        now = dispatcher.get(f"/api/incidents/{incident['id']}").json()
        return now if now["dispatches"][0]["status"] in {"onscene", "clear"} else None

    arrived = _until(on_scene, "the unit on scene", living)
    steps = [entry["status"] for entry in arrived["dispatches"][0]["entries"]]
    assert steps[:4] == ["dispatched", "acknowledged", "enroute", "onscene"]


def test_rejecting_an_event_archives_it_with_its_reason(living: Running, dispatcher: httpx.Client) -> None:
    said = Machines(running=living).call("Smoke over the roofs.", kind="smoke")

    def told() -> dict[str, Any] | None:
        events = dispatcher.get("/api/events", params={"state": "new"}).json()["events"]
        return next((event for event in events if event["details"].get("description") == said), None)

    event = _until(told, "the event of an outside detector", living)
    assert dispatcher.post(f"/api/events/{event['id']}/reject", json={"reason": ""}).status_code == 400
    archived = dispatcher.post(f"/api/events/{event['id']}/reject", json={"reason": "жалған іске қосылу: көлеңке"})
    rejected = archived.json()["event"]
    assert (rejected["state"], rejected["reason"]) == ("rejected", "жалған іске қосылу: көлеңке")
    archive = dispatcher.get("/api/events", params={"state": "rejected"}).json()["events"]
    assert event["id"] in {old["id"] for old in archive}


def test_a_call_rings_is_taken_written_down_and_becomes_an_incident(living: Running, dispatcher: httpx.Client) -> None:
    def ringing() -> Any:
        calls = dispatcher.get("/api/calls", params={"state": "open"}).json()["calls"]
        return next((call for call in calls if call["answered_by"] is None and call["state"] != "ended"), None)

    call = _until(ringing, "a call to 112", living)
    assert "*" in call["phone"] and call["rang_at"]
    taken = dispatcher.post(f"/api/calls/{call['id']}/answer")
    assert (taken.status_code, taken.json()["answered_by"]) == (200, "dispatcher")
    lon, lat = dispatcher.get("/api/events").json()["events"][0]["place"].values()
    place = call["place"] or {"lon": lon, "lat": lat}
    opened = dispatcher.post(f"/api/calls/{call['id']}/incident", json={"category": "theft", "place": place})
    assert opened.status_code == 201, opened.text
    card = dispatcher.get(f"/api/calls/{call['id']}").json()
    assert (card["outcome"], card["incident_id"]) == ("new_incident", opened.json()["id"])
    assert {"rang", "answered", "opened"} <= {entry["kind"] for entry in card["entries"]}


def test_units_drive_through_the_osmand_door(living: Running, dispatcher: httpx.Client) -> None:
    def moved() -> Any:
        units = dispatcher.get("/api/units").json()["units"]
        return [unit for unit in units if unit["position_age_s"] is not None and unit["position_age_s"] < 20] or None

    assert len(_until(moved, "fresh positions", living)) > 20

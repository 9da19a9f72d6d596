"""The crews' terminal against an answering machine; against the real server they drive in tests/story."""

import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from ingest.demo.crew import Crews
from ingest.demo.fleet import Fleet, Tracked
from ingest.demo.streets import Streets
from layers.values import LonLat

pytestmark = pytest.mark.anyio
DEVICE = "demo-police-001"


class Office:
    """Notes what is pressed and answers it with one status."""

    def __init__(self, status_code: int = 200) -> None:
        self.status_code = status_code
        self.pressed: list[tuple[str, dict[str, Any]]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.pressed.append((request.url.path, json.loads(request.content)))
        return httpx.Response(self.status_code, json={})

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url="http://office", transport=httpx.MockTransport(self))


@pytest.fixture
def fleet(streets: Streets) -> Fleet:
    place = LonLat(lon=76.905, lat=43.226)
    return Fleet(
        streets,
        [Tracked(unit_id=7, device=DEVICE, place=place, station=None, on_duty=True)],
        seed=1,
        at_s=time.monotonic(),  # as the crews tell the time
    )


def _dispatch(status: str, *, unit_id: int = 7, line: tuple[tuple[float, float], ...] | None = None) -> dict[str, Any]:
    return {
        "id": 3,
        "unit": {"id": unit_id},
        "status": status,
        "status_at": (datetime.now(UTC) - timedelta(minutes=5)).isoformat().replace("+00:00", "Z"),
        "route_s": 60.0,
        "route_m": 800.0,
        "route": {"type": "LineString", "coordinates": line or ((76.904, 43.224), (76.914, 43.224))},
    }


async def test_a_waiting_dispatch_is_acknowledged_by_its_button(fleet: Fleet) -> None:
    office = Office()
    await Crews(fleet, office.client()).serve([_dispatch("dispatched")])
    path, pressed = office.pressed[0]
    assert path == "/api/dispatches/3/status"
    assert (pressed["status"], pressed["means"]) == ("acknowledged", "button")
    assert pressed["client_event_id"] == "demo-3-acknowledged"


async def test_a_car_leaves_when_its_crew_is_en_route_and_not_before(fleet: Fleet) -> None:
    crews = Crews(fleet, Office().client())
    await crews.serve([_dispatch("acknowledged")])
    assert fleet.pause_s(DEVICE) == 1.0
    assert fleet.speed_kmh(DEVICE) == 0
    await crews.serve([_dispatch("enroute")])
    assert fleet.speed_kmh(DEVICE) == pytest.approx(48.0)


async def test_a_route_without_length_is_driven_at_once(fleet: Fleet) -> None:
    office = Office()
    await Crews(fleet, office.client()).serve([_dispatch("enroute", line=((76.904, 43.224), (76.904, 43.224)))])
    assert [pressed["status"] for _, pressed in office.pressed] == ["onscene"]


async def test_a_cancelled_crew_goes_back_on_patrol(fleet: Fleet) -> None:
    crews = Crews(fleet, Office().client())
    await crews.serve([_dispatch("enroute")])
    assert fleet.riding == {DEVICE}
    await crews.serve([])
    assert not fleet.riding


async def test_a_button_that_the_server_refuses_is_not_pressed_again(fleet: Fleet) -> None:
    office = Office(409)
    crews = Crews(fleet, office.client())
    for _ in range(3):
        await crews.serve([_dispatch("dispatched")])
    assert len(office.pressed) == 1


async def test_units_that_are_not_of_the_demo_are_left_alone(fleet: Fleet) -> None:
    office = Office()
    await Crews(fleet, office.client()).serve([_dispatch("dispatched", unit_id=99)])
    assert not office.pressed
    assert not fleet.riding

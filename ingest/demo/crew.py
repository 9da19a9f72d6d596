"""The demo's crews: they answer every dispatch of a demo unit over the server's own API, as a terminal in a car would.

Time is compressed for a visitor's sake: a car drives a dispatch's route at up to two and a half times the speed of its
road time. Its positions are honest all the same: it is where its tracker says, at the speed that it says.
"""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, cast
from zlib import crc32

import httpx
import structlog

from ingest.demo.fleet import Fleet
from ingest.demo.streets import Measured, measure
from ingest.demo.units import MANNED
from layers.hosts import trusting

Status = Literal["acknowledged", "enroute", "onscene", "clear"]
log = structlog.get_logger()

WANTED_S = 75.0  # a visitor waits about that long for a car
FASTEST = 2.5  # times the speed of the road time
_WAITS_S: Mapping[str, tuple[float, float]] = {  # status → how long a crew stays in it before its next button
    "dispatched": (3.0, 8.0),
    "acknowledged": (2.0, 5.0),
    "onscene": (60.0, 120.0),
    "handover": (10.0, 20.0),
}
_NEXT: Mapping[str, Status] = {
    "dispatched": "acknowledged",
    "acknowledged": "enroute",
    "enroute": "onscene",
    "onscene": "clear",
    "handover": "clear",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An open dispatch as its crew sees it; `arrived` says whether the car stands at the end of the route."""

    dispatch_id: int
    status: str
    status_at: datetime
    arrived: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """The server that a crew's terminal talks to, and the account it signs in with."""

    url: str
    user: str = "commander-republic"  # whichever city was imported
    trusted: Path | None = None  # the certificate it shows, where it is asked by https
    password: str = "demo"  # accounts of the demo exist in demo mode alone


def next_step(order: Order, now: datetime) -> Status | None:
    """Return the button that a crew presses now; None while it waits, drives, or a person has taken the order over.

    Statuses that only a person chooses (staging, patient, transport …) are left to that person.
    """
    wanted = _NEXT.get(order.status)
    if order.status == "enroute":
        return wanted if order.arrived else None
    if wanted is None or (now - order.status_at).total_seconds() < wait_s(order):
        return None
    return wanted


def wait_s(order: Order) -> float:
    """Return how many seconds a crew stays in a status: the same for the same order, through restarts."""
    least, most = _WAITS_S.get(order.status, (0.0, 0.0))
    return least + (most - least) * (crc32(f"{order.dispatch_id} {order.status}".encode()) % 1000) / 999


def speed_ms(*, route_m: float, route_s: float) -> float:
    """Return the speed of a ride in metres a second: the road time's own, compressed towards WANTED_S."""
    own_ms = route_m / route_s if route_s > 0 else 50 / 3.6
    return max(own_ms, 15 / 3.6) * min(max(route_s / WANTED_S, 1.0), FASTEST)


async def run(fleet: Fleet, office: Office) -> None:
    """Serve the dispatches until cancelled; raises httpx.HTTPError when the server is gone or refuses the account."""
    verify = True if office.trusted is None else trusting(office.trusted)
    async with httpx.AsyncClient(base_url=office.url, timeout=10.0, trust_env=False, verify=verify) as client:
        crews = Crews(fleet, client)
        await _sign_in(client, office)
        while True:
            answer = await client.get("/api/dispatches", params={"state": "open"})
            if answer.status_code == httpx.codes.UNAUTHORIZED:
                await _sign_in(client, office)
                continue
            await crews.serve(answer.raise_for_status().json()["dispatches"])
            await asyncio.sleep(1.0)


async def _sign_in(client: httpx.AsyncClient, office: Office) -> None:
    asked = {"user": office.user, "password": office.password}
    (await client.post("/api/session", json=asked)).raise_for_status()


class Crews:
    """The crews of all demo units, each with the route it was given."""

    def __init__(self, fleet: Fleet, client: httpx.AsyncClient) -> None:
        """Take the cars, and a client that is signed in."""
        self._fleet, self._client = fleet, client
        self._routes: dict[int, Measured] = {}
        self._refused: set[tuple[int, str]] = set()

    async def serve(self, dispatches: Sequence[Mapping[str, Any]]) -> None:
        """Move every car by its order, press the buttons that are due, and let those without an order patrol."""
        device_of = self._fleet.device_of
        mine = {device_of[d["unit"]["id"]]: d for d in dispatches if d["unit"]["id"] in device_of}
        for device in self._fleet.riding - set(mine):
            self._fleet.release(device, time.monotonic())
        self._routes = {d["id"]: self._route(d) for d in mine.values()}
        for device, dispatch in mine.items():
            await self._serve(device, dispatch)

    async def _serve(self, device: str, dispatch: Mapping[str, Any]) -> None:
        self._move(device, dispatch)
        order = Order(
            dispatch_id=dispatch["id"],
            status=dispatch["status"],
            status_at=datetime.fromisoformat(dispatch["status_at"]),
            arrived=self._fleet.arrived(device, time.monotonic()),
        )
        status = next_step(order, datetime.now(UTC))
        if status is not None and device != MANNED and (order.dispatch_id, status) not in self._refused:
            await self._press(order.dispatch_id, status)

    def _move(self, device: str, dispatch: Mapping[str, Any]) -> None:
        drives = dispatch["status"] == "enroute"
        speed = speed_ms(route_m=dispatch["route_m"] or 0.0, route_s=dispatch["route_s"] or 0.0) if drives else 0.0
        self._fleet.send(device, self._routes[dispatch["id"]], speed_ms=speed, at_s=time.monotonic())

    async def _press(self, dispatch_id: int, status: Status) -> None:
        pressed = {
            "status": status,
            "at": datetime.now(UTC).isoformat(),
            "means": "button",
            "client_event_id": f"demo-{dispatch_id}-{status}",
        }
        answer = await self._client.post(f"/api/dispatches/{dispatch_id}/status", json=pressed)
        if answer.is_client_error and answer.status_code != httpx.codes.UNAUTHORIZED:
            self._refused.add((dispatch_id, status))  # a person was quicker, or decided otherwise
            log.warning("demo_button_refused", dispatch=dispatch_id, status=status, answer=answer.status_code)
        elif answer.is_success:
            log.info("demo_button", dispatch=dispatch_id, status=status)

    def _route(self, dispatch: Mapping[str, Any]) -> Measured:
        known = self._routes.get(dispatch["id"])
        line = cast(list[list[float]], dispatch["route"]["coordinates"])
        return known or measure([(lon, lat) for lon, lat, *_ in line])

"""The trackers of the demo's cars: each sends its fix through the OsmAnd door every few seconds."""

import asyncio
import heapq
import time
from dataclasses import dataclass
from urllib.parse import urlencode

import structlog

from ingest.demo import queries
from ingest.demo.fleet import Fix, Fleet
from ingest.demo.streets import Streets, weave
from ingest.demo.units import SILENT
from ingest.demo.wire import Wire
from layers.database import Session

KNOTS_PER_KMH = 1 / 1.852  # OsmAnd's protocol speaks in knots
SENDERS = 4  # connections kept open: a door that answers in 100 ms still takes forty fixes a second
log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Where machines send, and the key that opens it for one source."""

    url: str
    key: str


async def load_streets(session: Session) -> Streets:
    """Return the streets that can be driven; ValueError where no city is imported."""
    return weave(await queries.streets(session))


async def load_fleet(session: Session, streets: Streets, *, seed: int) -> Fleet:
    """Return the fleet where the store says it is; LookupError where there are no units."""
    tracked = await queries.tracked(session)
    if not tracked:
        raise LookupError("there are no units: run `python -m ingest demo seed` first")
    return Fleet(streets, tracked, seed=seed, at_s=time.monotonic())


async def run(fleet: Fleet, door: Door) -> None:
    """Send until cancelled; raises an ExceptionGroup of OSError or EOFError when the door is gone."""
    due: asyncio.Queue[str] = asyncio.Queue(maxsize=SENDERS)
    async with asyncio.TaskGroup() as group:
        for _ in range(SENDERS):
            group.create_task(_sender(fleet, door, due))
        await _clock(fleet, due)


def query(device: str, fix: Fix, *, at_unix_s: float, key: str) -> str:
    """Return a fix as the query of an OsmAnd request."""
    return urlencode(
        {
            "id": device,
            "lat": f"{fix.spot.place.lat:.7f}",
            "lon": f"{fix.spot.place.lon:.7f}",
            "timestamp": f"{at_unix_s:.3f}",
            "speed": f"{fix.speed_kmh * KNOTS_PER_KMH:.2f}",
            "bearing": f"{fix.spot.heading_deg:.1f}",
            "key": key,
        }
    )


async def _clock(fleet: Fleet, due: asyncio.Queue[str]) -> None:
    """Hand out every device when its time has come; the first round is spread over five seconds."""
    start = time.monotonic()
    sending = [device for device in fleet.devices if device not in SILENT]
    plan = [(start + 5.0 * i / len(sending), device) for i, device in enumerate(sending)]
    heapq.heapify(plan)
    while True:
        at_s, device = plan[0]
        await asyncio.sleep(max(at_s - time.monotonic(), 0.0))
        await due.put(device)
        heapq.heapreplace(plan, (max(at_s, time.monotonic() - 1.0) + fleet.pause_s(device), device))


async def _sender(fleet: Fleet, door: Door, due: asyncio.Queue[str]) -> None:
    async with Wire(door.url) as wire:
        while True:
            device = await due.get()
            fix = fleet.fix(device, time.monotonic())
            status = await wire.get(f"/?{query(device, fix, at_unix_s=time.time(), key=door.key)}")
            if status >= 400:
                log.warning("demo_fix_refused", device=device, status=status)

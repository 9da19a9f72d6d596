"""A fleet that drives about Almaty and reports once a second through ingest's door, in batches of a gateway."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import numpy as np
import orjson
from numpy.typing import NDArray

WEST, SOUTH, EAST, NORTH = 76.74, 43.03, 77.17, 43.41  # Almaty
PATROLS = (("police", "patrol"),)
PARTS = 20  # a part is the units whose second ends at the same twentieth


def rows(units: int, home_area_id: int, kinds: Sequence[tuple[str, str]] = PATROLS) -> list[dict[str, Any]]:
    """Return the rows of `units` crews on duty for the store; each of `kinds`, (service, kind), as many times."""
    common = {"duty": "on", "home_area_id": home_area_id}
    named = ((i, *kinds[i % len(kinds)]) for i in range(units))
    return [{"call_sign": f"B{i}", "device": f"b{i}", "service": of, "kind": kind, **common} for i, of, kind in named]


@dataclass(slots=True)
class Fleet:
    """Units that drive about; each part reports at its own twentieth of a second."""

    places: NDArray[np.float64]  # lon, lat in degrees
    chance: np.random.Generator = field(default_factory=lambda: np.random.default_rng(1))
    refused: list[str] = field(default_factory=list)

    @classmethod
    def spread(cls, units: int) -> "Fleet":
        """Return so many units all over the city."""
        chance = np.random.default_rng(1)
        lon = chance.normal((WEST + EAST) / 2, 0.08, units).clip(WEST, EAST)
        lat = chance.normal((SOUTH + NORTH) / 2, 0.07, units).clip(SOUTH, NORTH)
        return cls(places=np.column_stack((lon, lat)), chance=chance)

    def report(self, part: int) -> bytes:
        """Return the part's batch; the speed of each fix says at which millisecond of its second it was made."""
        part_of = self.places[part::PARTS]
        part_of += self.chance.normal(0, 1e-4, part_of.shape)
        ms = int(time.time() * 1000)
        told = {"at": ms / 1000, "speed_kmh": ms % 1000 / 10}
        devices = range(part, len(self.places), PARTS)
        fixes = [
            {"device": f"b{i}", "lon": lon, "lat": lat, "heading_deg": i % 360, **told}
            for i, (lon, lat) in zip(devices, part_of.tolist(), strict=True)
        ]
        return orjson.dumps({"positions": fixes})


@asynccontextmanager
async def gateway(port: int, key: str, fleet: Fleet) -> AsyncIterator[Fleet]:
    """Report for the whole fleet while the block runs; what the door did not take stands in `fleet.refused`."""
    async with httpx.AsyncClient(headers={"X-Qyran-Key": key, "Content-Type": "application/json"}) as client:
        reporting = asyncio.create_task(_report(client, f"http://127.0.0.1:{port}/positions", fleet))
        try:
            yield fleet
        finally:
            reporting.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await reporting


async def _report(client: httpx.AsyncClient, url: str, fleet: Fleet) -> None:
    async def send(part: int) -> None:
        answer = await client.post(url, content=fleet.report(part), timeout=30)
        if answer.status_code != 200 or answer.json()["refused"]:
            fleet.refused.append(answer.text[:200])

    began, n = time.monotonic(), 0
    async with asyncio.TaskGroup() as sending:
        while True:
            sending.create_task(send(n % PARTS))
            n += 1
            await asyncio.sleep(max(0.0, began + n / PARTS - time.monotonic()))

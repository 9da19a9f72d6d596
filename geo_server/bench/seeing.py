"""Which of 6,000 cameras see a place, with their presets and the houses between; asked in a visit under the policies.

The floor is a bare count of the cameras in a box around the same place, in turn with it.
"""

import random
import time
from collections.abc import Sequence

import numpy as np
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.bench import Figure, Ground, queries
from geo_server.bench import seeing_queries as made
from layers.areas.scope import visit_as
from layers.cameras.sight import Sight
from layers.cameras.sight_queries import seeing
from layers.database import SERVER, as_role, engine_for, visit
from layers.values import LonLat, Role
from layers.viewer import Viewer

CAMERAS, PLACES, WARM, ASKED_MS = 6_000, 200, 10, 10.0
_AROUND_DEG = (0.009, 0.0065)  # places stand within the quarter, with cameras on every side


async def run(ground: Ground) -> Sequence[Figure]:
    """Write the quarter, then ask; ms by the clock of the asker."""
    engine = engine_for(ground.database_url, size=1)
    server = engine_for(as_role(ground.database_url, SERVER), size=1)
    try:
        async with visit(engine) as session:
            area_id = await queries.one_area(session)
            await made.quarter(session, cameras=CAMERAS)
        viewer = Viewer(account_id=1, name="bench", role=Role.DISPATCHER, area_id=area_id, own_area_id=area_id)
        return await _asked(server, viewer)
    finally:
        await engine.dispose()
        await server.dispose()


async def _asked(server: AsyncEngine, viewer: Viewer) -> list[Figure]:
    took: list[float] = []
    floor: list[float] = []
    saw: list[int] = []
    for place in _places():
        async with visit_as(server, viewer) as session:
            began = time.perf_counter()
            await made.bare(session, place)
            between = time.perf_counter()
            found = await seeing(session, viewer, place)
            took.append((time.perf_counter() - between) * 1000)
            floor.append((between - began) * 1000)
        saw.append(sum(one.sight in (Sight.SEES, Sight.TURNS) for one in found))
    seen = Figure(name="seeing.see_or_turn", value=round(float(np.mean(saw)), 1), unit="cameras")
    return [*(_figure(percentile, took[WARM:], floor[WARM:]) for percentile in (50, 95)), seen]


def _places() -> list[LonLat]:
    chance = random.Random(3)
    spots = [[chance.uniform(-side, side) for side in _AROUND_DEG] for _ in range(PLACES + WARM)]
    return [LonLat(lon=made.MIDDLE.lon + lon, lat=made.MIDDLE.lat + lat) for lon, lat in spots]


def _figure(percentile: int, took: Sequence[float], floor: Sequence[float]) -> Figure:
    value, bare = float(np.percentile(took, percentile)), float(np.median(floor))
    return Figure(
        name=f"seeing.p{percentile}",
        value=round(value, 2),
        unit="ms",
        floor=round(bare, 2),
        ratio=round(value / bare, 1),
        asked=f"<= {ASKED_MS:g} ms" if percentile == 95 else None,
        holds=value <= ASKED_MS if percentile == 95 else None,
    )

"""What happened nearby among a million past incidents, against the same question asked of memory."""

import time
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geo_server.bench import Figure, Ground, queries
from layers.areas.scope import visit_as
from layers.database import SERVER, Session, as_role, engine_for, visit
from layers.incidents import queries as incidents
from layers.values import BBox, LonLat, Role
from layers.viewer import Viewer

INCIDENTS, QUESTIONS = 1_000_000, 400
RADIUS_M, DAYS, NEAREST = 500.0, 365.0, 100
ASKED_MS = 10.0
BOX = BBox(west=76.80, south=43.15, east=77.05, north=43.33)  # 20 km by 20 km
_M_PER_DEG = 111_195.08


async def run(ground: Ground) -> Sequence[Figure]:
    """Write the past, then ask at random places, 500 m around and a year back; ms by the clock of the asker."""
    engine = engine_for(ground.database_url, size=1)
    server = engine_for(as_role(ground.database_url, SERVER), size=1)  # as people ask: under the store's policies
    try:
        async with visit(engine) as session:
            area_id = await queries.one_area(session)
            await queries.past_incidents(session, INCIDENTS, BOX, [area_id])
        await queries.settle(ground.database_url)
        viewer = Viewer(account_id=1, name="bench", role=Role.DISPATCHER, area_id=area_id, own_area_id=area_id)
        places = _places()
        async with visit_as(server, viewer) as session:
            value_ms = await _ask_store(session, viewer, places)
        async with visit(engine) as session:
            floor_ms = _ask_memory(await queries.places_and_times(session), places)
    finally:
        await engine.dispose()
        await server.dispose()
    return [
        _figure("history_p50", 50, value_ms, floor_ms, None),
        _figure("history_p99", 99, value_ms, floor_ms, ASKED_MS),
    ]


def _places() -> list[LonLat]:
    rng = np.random.default_rng(7)
    lon, lat = rng.uniform(BOX.west, BOX.east, QUESTIONS), rng.uniform(BOX.south, BOX.north, QUESTIONS)
    return [LonLat(lon=float(x), lat=float(y)) for x, y in zip(lon, lat, strict=True)]


async def _ask_store(session: Session, viewer: Viewer, places: Sequence[LonLat]) -> NDArray[np.float64]:
    took = []
    for place in [*places[:20], *places]:  # the first ones warm the connection's plans and the store's cache
        began = time.perf_counter()
        await incidents.past(session, viewer, place, radius_m=RADIUS_M, days=DAYS, but=0, limit=NEAREST)
        took.append((time.perf_counter() - began) * 1000)
    return np.array(took[20:])


def _ask_memory(rows: Sequence[tuple[float, float, float, str]], places: Sequence[LonLat]) -> NDArray[np.float64]:
    lon, lat, at, category = (np.array(column) for column in zip(*rows, strict=True))
    scale = np.array([_M_PER_DEG * np.cos(np.radians((BOX.south + BOX.north) / 2)), _M_PER_DEG])
    points = np.stack([lon, lat], axis=1) * scale
    tree = cKDTree(points)
    since, took = time.time() - DAYS * 86_400, []
    for place in places:
        began = time.perf_counter()
        here = np.array([place.lon, place.lat]) * scale
        near = np.array(tree.query_ball_point(here, RADIUS_M), dtype=np.int64)
        near = near[at[near] >= since]
        away = np.hypot(*(points[near] - here).T)
        nearest = near[np.argsort(away)[:NEAREST]]
        assert Counter(category[near].tolist()).total() >= len(nearest)
        took.append((time.perf_counter() - began) * 1000)
    return np.array(took)


def _figure(
    name: str, percentile: float, value_ms: NDArray[np.float64], floor_ms: NDArray[np.float64], asked_ms: float | None
) -> Figure:
    value, floor = float(np.percentile(value_ms, percentile)), float(np.percentile(floor_ms, percentile))
    asked = None if asked_ms is None else f"<= {asked_ms:g} ms"
    holds = None if asked_ms is None else value <= asked_ms
    ratio = round(value / floor, 2)
    return Figure(
        name=name, value=round(value, 3), unit="ms", floor=round(floor, 3), ratio=ratio, asked=asked, holds=holds
    )

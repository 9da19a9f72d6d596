"""What happened before among five million incidents: near a place, at an address, by a phone, on a street, visits.

What happened near a place stands beside the same question asked of the last year in memory; the others are asked in
turn with it.
"""

import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geo_server.bench import Figure, Ground, queries
from geo_server.operations.looking_back import reach
from layers.areas.scope import visit_as
from layers.database import SERVER, Session, as_role, engine_for, visit
from layers.incidents import past_queries as past
from layers.incidents import queries as incidents
from layers.values import BBox, LonLat, Role
from layers.viewer import Viewer

INCIDENTS, QUESTIONS, WARM = 5_000_000, 400, 20
RADIUS_M, DAYS, NEAREST = 500.0, 365.0, 100
ASKED_MS = 20.0
BOX = BBox(west=76.80, south=43.15, east=77.05, north=43.33)  # 20 km by 20 km
_M_PER_DEG = 111_195.08
Ask = Callable[[int, LonLat], Awaitable[object]]


async def run(ground: Ground) -> Sequence[Figure]:
    """Write the past, then ask of random incidents, a year back; ms by the clock of the asker."""
    engine = engine_for(ground.database_url, size=1)
    server = engine_for(as_role(ground.database_url, SERVER), size=1)  # as people ask: under the store's policies
    try:
        async with visit(engine) as session:
            area_id = await queries.one_area(session)
            await queries.past_incidents(session, INCIDENTS, BOX, [area_id])
            await queries.visits(session, area_id)
            await queries.streets(session, BOX, area_id)
        await queries.settle(ground.database_url)
        viewer = Viewer(account_id=1, name="bench", role=Role.DISPATCHER, area_id=area_id, own_area_id=area_id)
        async with visit(engine) as session:
            asked = await queries.some_incidents(session, QUESTIONS)
            rows = await queries.places_and_times(session, DAYS)
        async with visit_as(server, viewer) as session:
            took = await _ask_store(_kinds(session, viewer), asked)
        floor_ms = _ask_memory(rows, [place for _, place in asked])
    finally:
        await engine.dispose()
        await server.dispose()
    among = Figure(name="history.incidents", value=INCIDENTS, unit="rows")
    return [among, *(_figure(name, p, took[name], floor_ms) for name in took for p in (50, 99))]


def _kinds(session: Session, viewer: Viewer) -> Mapping[str, Ask]:
    of = reach()
    far = of.radius_m
    return {
        "nearest": lambda id, at: incidents.past(
            session, viewer, at, radius_m=RADIUS_M, days=DAYS, but=id, limit=NEAREST
        ),
        "place": lambda id, at: past.near(session, viewer, id, at, radius_m=far["place"], days=DAYS),
        "address": lambda id, at: past.at_address(session, viewer, id, at, days=DAYS),
        "phone": lambda id, at: past.by_phone(session, viewer, id, at, days=10 * DAYS),
        "road": lambda id, at: past.along_road(
            session, viewer, id, at, radius_m=far["road"], beside_m=of.beside_m, categories=of.accidents, days=DAYS
        ),
        "visits": lambda id, at: past.visits(
            session, viewer, id, at, radius_m=far["visits"], services=of.visits, days=DAYS
        ),
    }


async def _ask_store(kinds: Mapping[str, Ask], asked: Sequence[tuple[int, LonLat]]) -> dict[str, NDArray[np.float64]]:
    took: dict[str, list[float]] = {name: [] for name in kinds}
    for incident_id, place in [*asked[:WARM], *asked]:  # the first ones warm the connection's plans and the cache
        for name, ask in kinds.items():
            began = time.perf_counter()
            await ask(incident_id, place)
            took[name].append((time.perf_counter() - began) * 1000)
    return {name: np.array(ms[WARM:]) for name, ms in took.items()}


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


def _figure(name: str, percentile: int, value_ms: NDArray[np.float64], floor_ms: NDArray[np.float64]) -> Figure:
    value, same = float(np.percentile(value_ms, percentile)), name in ("nearest", "place")
    floor = float(np.percentile(floor_ms, percentile)) if same else None
    asked = percentile == 99
    return Figure(
        name=f"history.{name}_p{percentile}",
        value=round(value, 3),
        unit="ms",
        floor=None if floor is None else round(floor, 3),
        ratio=None if floor is None else round(value / floor, 2),
        asked=f"<= {ASKED_MS:g} ms" if asked else None,
        holds=value <= ASKED_MS if asked else None,
    )

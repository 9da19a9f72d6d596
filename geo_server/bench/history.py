"""What happened before among five million incidents: near a place, at an address, by a phone, on a street, visits.

Each question is what its endpoint asks of the store, the incident's own row first; each incident is asked of once.

What happened near a place stands beside the same question asked of the last year in memory; the others are asked in
turn with it.
"""

import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import get_args

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geo_server.bench import Figure, Ground, queries
from geo_server.operations.looking_back import What, days_of, look_back, look_back_by_phone
from layers.areas.scope import visit_as
from layers.database import SERVER, Session, as_role, engine_for, visit
from layers.events import queries as events
from layers.incidents import queries as incidents
from layers.incidents.schema import Incident
from layers.values import BBox, LonLat, Role
from layers.viewer import Viewer

INCIDENTS, EVENTS, CALLS, QUESTIONS, WARM = 5_000_000, 200_000, 1_000_000, 400, 20
RADIUS_M, DAYS, NEAREST = 500.0, 365.0, 100
ASKED_MS = 20.0
BOX = BBox(west=76.80, south=43.15, east=77.05, north=43.33)  # 20 km by 20 km
_M_PER_DEG = 111_195.08
Ask = Callable[[Incident], Awaitable[object]]


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
            await queries.past_events(session, EVENTS, BOX, area_id)
            await queries.past_calls(session, CALLS, area_id)
        await queries.settle(ground.database_url)
        viewer = Viewer(account_id=1, name="bench", role=Role.DISPATCHER, area_id=area_id, own_area_id=area_id)
        async with visit(engine) as session:
            asked = await queries.some_incidents(session, WARM + QUESTIONS)
            rows = await queries.places_and_times(session, DAYS)
        async with visit_as(server, viewer) as session:
            took = await _ask_store(session, viewer, _kinds(session, viewer), [id for id, _ in asked])
        floor_ms = _ask_memory(rows, [place for _, place in asked[WARM:]])
    finally:
        await engine.dispose()
        await server.dispose()
    sizes = {"incidents": INCIDENTS, "events": EVENTS, "calls": CALLS}
    among = [Figure(name=f"history.{name}", value=size, unit="rows") for name, size in sizes.items()]
    return [*among, *(_figure(name, p, took[name], floor_ms) for name in took for p in (50, 99))]


def _kinds(session: Session, viewer: Viewer) -> Mapping[str, Ask]:
    async def near(incident: Incident) -> None:
        at = incident.place
        await incidents.past(session, viewer, at, radius_m=RADIUS_M, days=DAYS, but=incident.id, limit=NEAREST)
        await events.past(session, viewer, at, radius_m=RADIUS_M, days=DAYS)

    async def by_phone(incident: Incident) -> None:
        await look_back_by_phone(session, viewer, incident, days=days_of("phone", None))

    async def by_kind(what: What, incident: Incident) -> None:
        await look_back(session, viewer, incident, what, radius_m=None, days=days_of(what, None))

    kinds: dict[str, Ask] = {what: partial(by_kind, what) for what in get_args(What)}
    return {"nearest": near, "phone": by_phone, **kinds}


async def _ask_store(
    session: Session, viewer: Viewer, kinds: Mapping[str, Ask], asked: Sequence[int]
) -> dict[str, NDArray[np.float64]]:
    took: dict[str, list[float]] = {name: [] for name in kinds}
    for incident_id in asked:  # the first ones warm the connection's plans and the cache, and are not counted
        for name, ask in kinds.items():
            began = time.perf_counter()
            incident = await incidents.find(session, viewer, incident_id)
            assert incident is not None
            await ask(incident)
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

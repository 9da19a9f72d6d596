"""The five quickest of 2,000 units by road on the demo city, against scipy's Dijkstra with a growing limit."""

import time
from collections.abc import Sequence

import numpy as np
from anyio import to_thread
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geo_server.bench import Figure, Ground
from geo_server.bench.wings import ingest
from geo_server.routing import road_graph
from geo_server.routing.road_graph import RoadGraph
from geo_server.routing.road_router import RoadRouter
from geo_server.routing.router import Stands
from layers.database import engine_for, visit
from layers.roads import queries as roads
from layers.values import LonLat

UNITS, INCIDENTS, OFFERED = 2_000, 500, 5
ASKED_MS = 2.0
FIRST_LIMIT_S = 120.0


async def run(ground: Ground) -> Sequence[Figure]:
    """Import the demo city, then rank units for random incidents: snapping, search and the five lines, in ms."""
    for words in (("areas",), ("city", "generate")):
        await to_thread.run_sync(ingest, ground, words)
    engine = engine_for(ground.database_url, size=1)
    try:
        async with visit(engine) as session:
            rows, turns = await roads.graph(session), await roads.restrictions(session)
    finally:
        await engine.dispose()
    router = RoadRouter.over(road_graph.build(rows, turns))
    units, places = _scene(router.graph)
    value_ms, floor_ms = _ask_router(router, units, places), _ask_scipy(router, units, places)
    return [
        _figure("nearest_p50", 50, value_ms, floor_ms, ASKED_MS),
        _figure("nearest_p99", 99, value_ms, floor_ms, None),
    ]


def _scene(graph: RoadGraph) -> tuple[Stands, list[LonLat]]:
    """Units and incidents some 20 m beside points of the roads, the same each time."""
    rng = np.random.default_rng(11)
    at = rng.integers(0, len(graph.lon), UNITS + INCIDENTS)
    lon, lat = (axis[at] + rng.normal(0, 0.0002, len(at)) for axis in (graph.lon, graph.lat))
    units = Stands(ids=np.arange(UNITS, dtype=np.int64), lon=lon[:UNITS], lat=lat[:UNITS])
    beside = zip(lon[UNITS:].tolist(), lat[UNITS:].tolist(), strict=True)
    return units, [LonLat(lon=x, lat=y) for x, y in beside]


def _ask_router(router: RoadRouter, units: Stands, places: Sequence[LonLat]) -> NDArray[np.float64]:
    took = []
    for place in places:
        began = time.perf_counter()
        router.reach(place, units, OFFERED)
        took.append((time.perf_counter() - began) * 1000)
    return np.array(took)


def _ask_scipy(router: RoadRouter, units: Stands, places: Sequence[LonLat]) -> NDArray[np.float64]:
    """The search alone, junction to junction: no snapping, no turn at the ends, no lines."""
    graph = router.graph
    reversed_arcs = (graph.drive_s[graph.arc_drive], graph.arc_tail, graph.indptr)
    matrix = csr_array(reversed_arcs, shape=(graph.states, graph.states))
    near = router.index.snap(units.lon, units.lat)
    stand = graph.head_state[2 * near.road[near.road >= 0]]
    took = []
    for place in places:
        goal = router.index.snap(np.array([place.lon]), np.array([place.lat]))
        start = np.array([graph.head_state[2 * goal.road[0]]])
        began = time.perf_counter()
        limit = FIRST_LIMIT_S
        while np.isfinite(dijkstra(matrix, indices=start, limit=limit)[0][stand]).sum() < OFFERED and limit < 1e5:
            limit *= 2
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

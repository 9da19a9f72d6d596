"""The search finds what scipy's Dijkstra finds, on random cities with one-ways and closures."""

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from geo_server.routing import road_graph
from geo_server.routing.road_graph import RoadGraph
from geo_server.routing.road_router import trace
from geo_server.routing.search import Search
from geo_server.routing.snap import Snapped
from layers.roads.queries import Restrictions, RoadRows

NOWHERE = np.empty(0, dtype=np.int64)
NO_TURNS = Restrictions(from_road_id=NOWHERE, via_node=NOWHERE, to_road_id=NOWHERE, only=np.empty(0, dtype=np.bool_))


@st.composite
def cities(draw: st.DrawFn) -> tuple[RoadRows, NDArray[np.float64]]:
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    nodes, roads = draw(st.integers(2, 25)), draw(st.integers(1, 60))
    forward = rng.random(roads) < 0.8
    rows = RoadRows(
        id=np.arange(roads) + 100,
        from_node=rng.integers(0, nodes, roads),
        to_node=rng.integers(0, nodes, roads),
        forward=forward,
        backward=~forward | (rng.random(roads) < 0.7),
        speed_kmh=rng.uniform(5, 90, roads),
        length_m=rng.uniform(1, 900, roads),
        road_class=np.zeros(roads, dtype=np.int8),
        area_id=np.zeros(roads, dtype=np.int64),
        offsets=2 * np.arange(roads + 1),
        lon=rng.uniform(76, 77, 2 * roads),
        lat=rng.uniform(43, 44, 2 * roads),
    )
    return rows, rng.random(400)


def expected(rows: RoadRows, closed: set[int], goal: tuple[int, float], units: list[tuple[int, float]]) -> list[float]:
    """Split every road at the goal and at the units, then let scipy run on the whole matrix.

    A closed road is only left by who stands on it, and entered to a goal on it.
    """
    stops: dict[int, list[float]] = {}
    for road, fraction in [goal, *units]:
        stops.setdefault(road, []).append(fraction)
    number: dict[object, int] = {}
    cost: dict[tuple[int, int], float] = {}

    def node(key: object) -> int:
        return number.setdefault(key, len(number))

    for road in range(len(rows.id)):
        cuts = sorted({0.0, 1.0, *stops.get(road, [])})
        seconds = rows.length_m[road] / rows.speed_kmh[road] * 3.6
        for low, high in itertools.pairwise(cuts):
            a = node(("n", rows.from_node[road])) if low == 0 else node((road, low))
            b = node(("n", rows.to_node[road])) if high == 1 else node((road, high))
            for ok, pair in ((rows.forward[road], (a, b)), (rows.backward[road], (b, a))):
                if ok and road not in closed:
                    cost[pair] = min(cost.get(pair, np.inf), (high - low) * seconds)
    for leaves, (road, fraction) in enumerate([goal, *units]):
        if road in closed:
            a, b, here = node(("n", rows.from_node[road])), node(("n", rows.to_node[road])), node((road, fraction))
            seconds = rows.length_m[road] / rows.speed_kmh[road] * 3.6
            out, back = ((here, b), (here, a)) if leaves else ((a, here), (b, here))
            shares = (1 - fraction, fraction) if leaves else (fraction, 1 - fraction)
            for ok, pair, share in ((rows.forward[road], out, shares[0]), (rows.backward[road], back, shares[1])):
                if ok:
                    cost[pair] = min(cost.get(pair, np.inf), share * seconds)
            ahead = goal[1] - fraction
            if leaves and road == goal[0] and (rows.forward[road] if ahead >= 0 else rows.backward[road]):
                cost[node((road, fraction)), node(goal)] = abs(ahead) * seconds
    ends = [node((road, fraction)) for road, fraction in [goal, *units]]
    rows_at, columns_at = zip(*cost, strict=True) if cost else ((), ())
    matrix = csr_matrix((list(cost.values()), (columns_at, rows_at)), shape=(len(number), len(number)))
    away = dijkstra(matrix, indices=np.array([ends[0]]))[0]
    return [float(away[end]) for end in ends[1:]]


def snapped(places: list[tuple[int, float]]) -> Snapped:
    return Snapped(
        road=np.array([road for road, _ in places], dtype=np.int64),
        fraction=np.array([fraction for _, fraction in places]),
        offset_m=np.zeros(len(places)),
    )


def places(graph: RoadGraph, chance: NDArray[np.float64], count: int) -> list[tuple[int, float]]:
    on_road = (chance[:count] * len(graph.road_ids)).astype(int)
    return [(int(road), float(0.01 + 0.98 * f)) for road, f in zip(on_road, chance[100 : 100 + count], strict=True)]


@settings(max_examples=150, deadline=None)
@given(cities(), st.integers(1, 40), st.sets(st.integers(0, 59), max_size=5))
def test_every_unit_is_settled_at_the_time_scipy_finds_and_in_its_order(
    city: tuple[RoadRows, NDArray[np.float64]], count: int, closed: set[int]
) -> None:
    rows, chance = city
    free = road_graph.build(rows, NO_TURNS)
    graph = free.closing({road + 100 for road in closed})
    goal, *units = places(graph, chance, count + 1)
    wanted = expected(rows, closed, goal, units)
    search = Search(free, units=4)
    found = search.run(graph, snapped([goal]), snapped(units), np.zeros(count), count)
    by_unit = dict(zip(found.unit.tolist(), found.seconds.tolist(), strict=True))
    reachable = {i: s for i, s in enumerate(wanted) if np.isfinite(s)}
    assert by_unit.keys() == reachable.keys()
    np.testing.assert_allclose([by_unit[i] for i in sorted(by_unit)], [reachable[i] for i in sorted(by_unit)])
    assert list(found.seconds) == sorted(found.seconds)
    first = search.run(graph, snapped([goal]), snapped(units), np.zeros(count), 3)
    np.testing.assert_allclose(first.seconds, found.seconds[:3], err_msg="stopping early changes nothing before it")


@settings(max_examples=60, deadline=None)
@given(cities(), st.integers(1, 10))
def test_the_drives_of_a_way_join_up_and_take_the_time_that_was_found(
    city: tuple[RoadRows, NDArray[np.float64]], count: int
) -> None:
    rows, chance = city
    graph = road_graph.build(rows, NO_TURNS)
    goal, *units = places(graph, chance, count + 1)
    search = Search(graph)
    found = search.run(graph, snapped([goal]), snapped(units), np.zeros(count), count)
    for unit, seconds, way in zip(found.unit, found.seconds, found.way, strict=True):
        start = units[int(unit)]
        drives = search.drives(graph, start[0], int(way))
        for one, other in itertools.pairwise(drives):
            end = rows.from_node[one >> 1] if one & 1 else rows.to_node[one >> 1]
            begin = rows.to_node[other >> 1] if other & 1 else rows.from_node[other >> 1]
            assert end == begin
        driven = sum(_seconds(rows, drive) for drive in drives[1:-1])
        driven += _partial(rows, drives, start[1], goal[1])
        assert np.isclose(driven, seconds)
        assert trace(graph, drives, start[1], goal[1])[0] >= 0


def _seconds(rows: RoadRows, drive: int) -> float:
    return float(rows.length_m[drive >> 1] / rows.speed_kmh[drive >> 1] * 3.6)


def _partial(rows: RoadRows, drives: tuple[int, ...], start: float, end: float) -> float:
    if len(drives) == 1:
        return abs(end - start) * _seconds(rows, drives[0])
    first = start if drives[0] & 1 else 1 - start
    last = 1 - end if drives[-1] & 1 else end
    return first * _seconds(rows, drives[0]) + last * _seconds(rows, drives[-1])

"""Who reaches a road first, and who second: what running the search for each unit by itself finds."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_server.routing import reaching, road_graph
from geo_server.routing.road_graph import RoadGraph
from geo_server.routing.snap import Snapped
from layers.roads.queries import Restrictions, RoadRows

NOWHERE = np.empty(0, dtype=np.int64)
NO_TURNS = Restrictions(from_road_id=NOWHERE, via_node=NOWHERE, to_road_id=NOWHERE, only=np.empty(0, dtype=np.bool_))


def some_city(seed: int, nodes: int, roads: int) -> RoadGraph:
    rng = np.random.default_rng(seed)
    forward = rng.random(roads) < 0.8
    rows = RoadRows(
        id=np.arange(roads),
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
    return road_graph.build(rows, NO_TURNS)


def standing(rng: np.random.Generator, graph: RoadGraph, units: int) -> Snapped:
    return Snapped(
        road=rng.integers(0, len(graph.road_ids), units), fraction=rng.random(units), offset_m=np.zeros(units)
    )


def only(stands: Snapped, unit: int) -> Snapped:
    at = slice(unit, unit + 1)
    return Snapped(road=stands.road[at], fraction=stands.fraction[at], offset_m=stands.offset_m[at])


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 20), st.integers(1, 50), st.integers(1, 12))
def test_the_first_and_the_second_are_those_that_each_alone_would_show(
    seed: int, nodes: int, roads: int, units: int
) -> None:
    graph = some_city(seed, nodes, roads)
    rng = np.random.default_rng(seed + 1)
    stands, late = standing(rng, graph, units), rng.uniform(0, 30, units)
    limit_s = float(rng.uniform(20, 300))
    found = reaching.reach(graph, stands, late, limit_s)
    alone = np.array([reaching.reach(graph, only(stands, u), late[u : u + 1], limit_s).first_s for u in range(units)])
    alone.sort(axis=0)
    np.testing.assert_allclose(found.first_s, alone[0])
    assert (found.second_s >= found.first_s).all()
    np.testing.assert_allclose(found.second_s, alone[1] if units > 1 else np.full(roads, np.inf))
    assert (found.first_s[np.isfinite(found.first_s)] <= limit_s).all()
    assert ((found.first >= 0) == np.isfinite(found.first_s)).all()


def test_a_closed_road_lets_nobody_through() -> None:
    rows = RoadRows(
        id=np.array([1, 2, 3]),
        from_node=np.array([1, 2, 3]),
        to_node=np.array([2, 3, 4]),
        forward=np.ones(3, dtype=np.bool_),
        backward=np.ones(3, dtype=np.bool_),
        speed_kmh=np.full(3, 36.0),
        length_m=np.full(3, 100.0),
        road_class=np.zeros(3, dtype=np.int8),
        area_id=np.zeros(3, dtype=np.int64),
        offsets=2 * np.arange(4),
        lon=np.array([76.9, 76.901, 76.901, 76.902, 76.902, 76.903]),
        lat=np.full(6, 43.2),
    )
    graph = road_graph.build(rows, NO_TURNS)
    stands = Snapped(road=np.array([0]), fraction=np.array([0.5]), offset_m=np.zeros(1))
    assert reaching.reach(graph, stands, np.zeros(1), 600.0).first_s == pytest.approx([5.0, 5.0, 15.0])
    closed = reaching.reach(graph.closing({2}), stands, np.zeros(1), 600.0).first_s
    assert np.isinf(closed[2]) and closed[1] == pytest.approx(5.0), "it comes up to the barrier and no farther"


def test_nobody_reaches_nothing() -> None:
    graph = some_city(1, 5, 9)
    nobody = Snapped(road=NOWHERE, fraction=np.empty(0), offset_m=np.empty(0))
    found = reaching.reach(graph, nobody, np.empty(0), 600.0)
    assert np.isinf(found.first_s).all() and (found.first == -1).all()

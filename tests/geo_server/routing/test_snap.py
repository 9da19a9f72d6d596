"""A place meets the nearest road, as an exact search over every line finds it."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_server.routing import road_graph, snap
from layers.roads.queries import Restrictions, RoadRows

NOWHERE = np.empty(0, dtype=np.int64)
NO_TURNS = Restrictions(from_road_id=NOWHERE, via_node=NOWHERE, to_road_id=NOWHERE, only=np.empty(0, dtype=np.bool_))
M_PER_DEG = 111_195.08


def some_roads(seed: int, roads: int) -> RoadRows:
    rng = np.random.default_rng(seed)
    points = rng.integers(2, 6, roads)
    offsets = np.concatenate([[0], np.cumsum(points)])
    first = np.repeat(rng.uniform(0, 3000, (roads, 2)), points, axis=0)
    xy = first + rng.normal(0, 200, (offsets[-1], 2))
    return RoadRows(
        id=np.arange(roads),
        from_node=2 * np.arange(roads),
        to_node=2 * np.arange(roads) + 1,
        forward=np.ones(roads, dtype=np.bool_),
        backward=np.ones(roads, dtype=np.bool_),
        speed_kmh=np.full(roads, 40.0),
        length_m=np.full(roads, 100.0),
        road_class=np.zeros(roads, dtype=np.int8),
        area_id=np.zeros(roads, dtype=np.int64),
        offsets=offsets,
        lon=76.9 + xy[:, 0] / (M_PER_DEG * np.cos(np.radians(43.2))),
        lat=43.2 + xy[:, 1] / M_PER_DEG,
    )


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 40))
def test_the_nearest_road_within_reach_is_found(seed: int, roads: int) -> None:
    graph = road_graph.build(some_roads(seed, roads), NO_TURNS)
    rng = np.random.default_rng(seed + 1)
    index = snap.index(graph)
    lon, lat = rng.uniform(76.88, 76.96, 50), rng.uniform(43.18, 43.25, 50)
    found = index.snap(lon, lat)
    scale = np.array([index.m_per_lon, M_PER_DEG])
    corners = (np.stack([graph.lon, graph.lat], axis=1) - [index.west, index.south]) * scale
    lines = [shapely.LineString(corners[a:b]) for a, b in zip(graph.offsets[:-1], graph.offsets[1:], strict=True)]
    for i in range(50):
        point = shapely.Point((np.array([lon[i], lat[i]]) - [index.west, index.south]) * scale)
        away = [point.distance(line) for line in lines]
        if min(away) >= snap.REACH_M:
            assert found.road[i] == -1
            continue
        assert found.offset_m[i] == pytest.approx(min(away), abs=1e-3)
        on_line = lines[found.road[i]].interpolate(found.fraction[i], normalized=True)
        assert point.distance(on_line) == pytest.approx(min(away), abs=1e-3)


def test_no_road_at_all_is_no_error() -> None:
    graph = road_graph.build(some_roads(0, 0), NO_TURNS)
    found = snap.index(graph).snap(np.array([76.9]), np.array([43.2]))
    assert found.road[0] == -1

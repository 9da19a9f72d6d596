"""The map of minutes holds each road in the band of its time, and no band overlaps another."""

import numpy as np
import pytest
import shapely

from geo_server.routing import road_graph
from geo_server.routing.contours import bands
from geo_server.routing.road_graph import RoadGraph
from tests.geo_server.routing.conftest import roads_of, turns_of


@pytest.fixture(scope="module")
def grid() -> RoadGraph:
    nodes = {10 * r + c: (300.0 * c, 300.0 * r) for r in range(8) for c in range(8)}
    pairs = [(n, n + 1) for n in nodes if n % 10 < 7] + [(n, n + 10) for n in nodes if n < 70]
    return road_graph.build(roads_of(nodes, [(i, a, b, True, True) for i, (a, b) in enumerate(pairs)]), turns_of())


def test_each_road_lies_in_its_band(grid: RoadGraph) -> None:
    east = (grid.lon[::2] - 76.9) * 81_000  # by road, as each has two points
    seconds = 60 + east / 3
    found = bands(grid, seconds, [300.0, 600.0, 900.0])
    assert [(band.from_s, band.to_s) for band in found] == [(0.0, 300.0), (300.0, 600.0), (600.0, 900.0)]
    for band in found:
        mine = (seconds > band.from_s) & (seconds <= band.to_s)
        middle = (grid.lon.reshape(-1, 2).mean(axis=1)[mine], grid.lat.reshape(-1, 2).mean(axis=1)[mine])
        assert shapely.contains_xy(band.shape, *middle).all(), "at its ends a cell has the time of the quicker road"
    areas = [band.shape.area for band in found]
    assert shapely.union_all([band.shape for band in found]).area == pytest.approx(sum(areas))
    assert all(band.shape.is_valid for band in found)


def test_what_nobody_reaches_is_no_band(grid: RoadGraph) -> None:
    assert bands(grid, np.full(len(grid.road_ids), np.inf), [300.0]) == []

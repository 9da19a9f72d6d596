"""The line of a way runs along its roads, from the fraction where it begins to the one where it ends."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.ops import substring

from geo_server.routing.tracing import traced

EQUATOR = 0.0  # where a degree is as long either way, so that shapely's fractions are ours


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 5), st.floats(0, 1), st.floats(0, 1), st.booleans())
def test_a_part_of_one_road_is_what_shapely_cuts_out(
    seed: int, steps: int, one: float, other: float, against: bool
) -> None:
    points = np.random.default_rng(seed).uniform(-1e-3, 1e-3, (steps + 1, 2))
    line = shapely.LineString(points)
    lines = (np.array([0, steps + 1]), points[:, 0].copy(), points[:, 1].copy(), np.array([500.0]))
    low, high = min(one, other), max(one, other)
    start, end = (high, low) if against else (low, high)
    metres, lon, lat = traced(lines, np.array([int(against)]), start, end)
    assert metres == pytest.approx(500 * (high - low))
    found = shapely.LineString(np.stack([lon, lat], axis=1)) if len(lon) > 1 else shapely.Point(lon[0], lat[0])
    wanted = substring(line, low, high, normalized=True)
    assert found.hausdorff_distance(wanted) < 1e-7
    assert found.length == pytest.approx(wanted.length, abs=1e-8)
    begins = line.interpolate(start, normalized=True)
    assert shapely.Point(lon[0], lat[0]).distance(begins) < 1e-7


def test_roads_in_a_row_join_without_a_doubled_point() -> None:
    lon = np.array([0.0, 0.001, 0.001, 0.002, 0.003, 0.002])  # the third is drawn towards the second
    lines = (np.array([0, 2, 4, 6]), lon, np.full(6, EQUATOR), np.array([100.0, 100.0, 100.0]))
    metres, east, _ = traced(lines, np.array([0, 2, 5]), 0.5, 0.5)
    assert metres == pytest.approx(200)
    assert east == pytest.approx([0.0005, 0.001, 0.002, 0.0025])


def test_a_road_without_length_is_no_error() -> None:
    lines = (np.array([0, 3]), np.zeros(3), np.full(3, EQUATOR), np.array([0.5]))
    _, east, _ = traced(lines, np.array([0]), 0.2, 0.7)
    assert east.tolist() == [0.0]

"""A viewport's cells hold every position in it."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geo_server.live.grid import CELLS, Grid, mask_of
from layers.values import BBox

lons, lats = st.floats(-180, 180), st.floats(-90, 90)


@given(lon=lons, lat=lats, west=lons, east=lons, ends=st.tuples(lats, lats))
def test_whatever_lies_in_the_viewport_lies_in_its_cells(
    lon: float, lat: float, west: float, east: float, ends: tuple[float, float]
) -> None:
    grid = Grid.over(np.array([76.8, 77.1]), np.array([43.1, 43.3]))
    south, north = sorted(ends)
    across = lon >= west or lon <= east
    inside = (west <= lon <= east if west <= east else across) and south <= lat <= north
    (cell,) = grid.cells(np.array([lon]), np.array([lat]))
    if inside:
        assert mask_of(grid.runs(BBox(west=west, south=south, east=east, north=north)))[cell]


def test_a_small_viewport_has_few_cells() -> None:
    chance = np.random.default_rng(1)
    grid = Grid.over(chance.uniform(76, 78, 1000), chance.uniform(43, 44, 1000))
    small = BBox(west=76.9, south=43.4, east=77.1, north=43.5)
    assert 0 < mask_of(grid.runs(small)).sum() < CELLS / 50


def test_a_grid_over_one_spot_or_none_still_has_cells() -> None:
    one = Grid.over(np.array([76.9]), np.array([43.2]))
    assert one.wide > 0 and one.high > 0
    assert Grid.over(np.empty(0), np.empty(0)).wide > 0

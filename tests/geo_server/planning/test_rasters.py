"""Cells count the views that see their middle, tell the best density, and become patches."""

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box

from geo_server.planning.owners import NOBODY, SHARED
from geo_server.planning.rasters import Raster
from geo_server.planning.viewsheds.outlines import outlined
from geo_server.planning.viewsheds.seen import Seen, seen_by
from geo_server.planning.viewsheds.views import Views
from tests.geo_server.planning.viewsheds.scenes import lenses, views, walls

WEST, SOUTH, EAST, NORTH = -110, -110, 110, 110


def raster() -> Raster:
    return Raster.bare(WEST, SOUTH, EAST, NORTH)


def cell(found: Raster, x: float, y: float) -> tuple[int, int]:
    return int((y - found.origin[1]) // found.cell_m), int((x - found.origin[0]) // found.cell_m)


def test_two_views_of_one_place_count_twice_there() -> None:
    found = raster()
    found.add(seen_by(views(), walls()))
    found.add(seen_by(views(heading_deg=30.0), walls()))
    assert found.count[cell(found, 10, 50)] == 2
    assert found.count[cell(found, -20, 50)] == 1 and found.count[cell(found, 0, -50)] == 0


def test_what_was_added_can_be_taken_away() -> None:
    found = raster()
    found.add(seen_by(views(hfov_deg=360.0), walls()))
    found.take_away(seen_by(views(hfov_deg=360.0), walls()))
    assert not found.count.any()


def both() -> Seen:
    places, eyes, ranges = np.array([[0.0, 0], [20.0, 0]]), np.array([6.0, 6]), np.array([80.0, 80])
    return seen_by(Views.of(places, eyes, ranges, lenses(hfov_deg=[60.0, 60.0]), 0), walls())


def test_a_cell_knows_which_group_alone_sees_it() -> None:
    found, seen = Raster.bare(WEST, SOUTH, EAST, NORTH, groupings=3), both()
    found.add(seen, np.array([[1, 5, 5], [2, 5, 0]], np.uint16))  # apart, together, and the second in no group
    each, together, one = found.owner
    assert np.array_equal(each == SHARED, found.count == 2)
    assert set(np.unique(together)) == {NOBODY, 5} and np.array_equal(together == 5, found.count > 0)
    assert set(np.unique(one)) == {NOBODY, 5, SHARED} and np.array_equal(one == 5, each == 1)


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(-60, 60), st.floats(-60, 60), st.integers(0, 3)), min_size=1, max_size=6))
def test_what_a_group_alone_sees_is_what_nobody_sees_without_it(hung: list[tuple[float, float, int]]) -> None:
    places, group = np.array([place[:2] for place in hung]), np.array([place[2] for place in hung], np.uint16)
    lens = lenses(heading_deg=[0.0] * len(hung), hfov_deg=120.0)
    seen = seen_by(Views.of(places, np.full(len(hung), 6.0), np.full(len(hung), 70.0), lens, 0), walls())
    found = Raster.bare(WEST, SOUTH, EAST, NORTH, groupings=1)
    found.add(seen, group[:, None])
    for one in range(1, 4):
        rest = raster()
        rest.add(seen.only(np.flatnonzero(group != one)))
        assert np.array_equal(found.owner[0] == one, (found.count > 0) & (rest.count == 0))


def test_the_best_density_is_told_by_the_depth() -> None:
    found = raster()
    found.add(seen_by(views(), walls()))
    found.add(seen_by(views(width_px=960.0), walls()))
    row, column = cell(found, 1, 51)
    assert found.density[row, column] == pytest.approx(1920 / 2 / math.tan(math.radians(30)) / 51, rel=1e-5)


def test_a_view_whose_picture_is_unknown_counts_and_tells_no_density() -> None:
    found = raster()
    found.add(seen_by(views(width_px=math.nan), walls()))
    assert found.count.any() and not found.density.any()


@settings(deadline=None)
@given(st.floats(0, 360), st.floats(0, 60), st.sampled_from([40.0, 90.0, 360.0]))
def test_the_area_of_the_cells_is_the_area_that_is_seen(heading: float, tilt: float, hfov: float) -> None:
    seen = seen_by(views(heading_deg=heading, tilt_deg=tilt, hfov_deg=hfov), walls((box(-20, 20, 15, 30), 3.0)))
    found = raster()
    found.add(seen)
    (outline,) = outlined(seen)
    assert found.count.sum() * found.cell_m**2 == pytest.approx(
        outline.area, rel=0.02, abs=6 * math.sqrt(outline.length)
    )


def test_patches_are_what_the_mask_holds() -> None:
    found = raster()
    mask = np.zeros(found.count.shape, np.bool_)
    mask[10:20, 10:30], mask[12:15, 12:16], mask[40, 40] = True, False, True
    patches = found.where(mask)
    assert len(patches) == 2
    assert shapely.area(patches).sum() == pytest.approx(mask.sum() * found.cell_m**2)

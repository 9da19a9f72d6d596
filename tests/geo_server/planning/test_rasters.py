"""Cells count the views that see their middle, tell the best density, and become patches."""

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box

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


def test_what_is_lost_without_a_camera_is_what_nobody_else_sees() -> None:
    found, seen = raster(), both()
    found.add(seen)
    (alone, whole), (all_alone, _) = found.lost_without(seen.only(np.array([1]))), found.lost_without(seen)
    first, second = (float(seen.only(np.array([one])).areas_m2()[0]) for one in (0, 1))
    shared = first + second - (found.count > 0).sum() * found.cell_m**2
    assert whole == pytest.approx(second, rel=0.02) and alone == pytest.approx(second - shared, rel=0.03)
    assert all_alone == (found.count > 0).sum() * found.cell_m**2


def test_a_camera_at_the_edge_of_the_raster_loses_what_is_in_it() -> None:
    found = Raster.bare(-10, 40, 10, 200)
    found.add(seen_by(views(), walls()))
    assert found.lost_without(seen_by(views(), walls()))[0] == found.count.sum() * found.cell_m**2


def test_without_views_nothing_is_lost() -> None:
    assert raster().lost_without(both().only(np.array([], np.int64))) == (0, 0)


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

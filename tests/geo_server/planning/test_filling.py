"""Polygons fill the cells whose middle they hold, holes and all, and what becomes patches again is the same."""

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray
from shapely import Polygon, box

from geo_server.planning.filling import filled
from geo_server.planning.patches import patches
from geo_server.planning.rings import Rings

CORNER = st.tuples(st.floats(-3, 15), st.floats(-3, 15))


def cells(*shapes: shapely.Geometry) -> NDArray[np.bool_]:
    return filled(Rings.of(np.array(shapes, dtype=object)), (0.0, 0.0), (10, 12), 1.0)


def test_a_box_fills_the_cells_whose_middles_it_holds() -> None:
    found = cells(box(1.4, 2.6, 4.6, 5.4))
    assert found.sum() == 4 * 2 and found[3:5, 1:5].all()


def test_a_hole_is_left_open_and_what_lies_outside_does_no_harm() -> None:
    found = cells(box(0, 0, 10, 10).difference(box(3, 3, 6, 6)), box(-50, -50, -20, -20), box(11, -5, 40, 1))
    assert not found[3:6, 3:6].any() and found[0, 11] and found[:10, :10].sum() == 91


def test_without_polygons_nothing_is_filled() -> None:
    assert not cells().any() and not cells(Polygon()).any()


@settings(deadline=None)
@given(st.lists(st.lists(CORNER, min_size=3, max_size=8), max_size=4))
def test_what_is_filled_is_what_holds_the_middles(rings: list[list[tuple[float, float]]]) -> None:
    sound = [shapely.convex_hull(Polygon(ring)) for ring in rings]
    shapes = [one for one in sound if one.geom_type == "Polygon" and one.area > 1e-6]
    y, x = np.mgrid[:10, :12] + 0.5
    expected, edge = np.zeros((10, 12), np.bool_), np.zeros((10, 12), np.bool_)
    for one in shapes:
        expected |= shapely.contains_xy(one, x, y)
        edge |= shapely.distance(shapely.boundary(one), shapely.points(x, y)) < 1e-6
    assert ((cells(*shapes) == expected) | edge).all()


@settings(deadline=None)
@given(arrays.arrays(np.bool_, (10, 12)))
def test_patches_fill_the_cells_they_came_from(mask: NDArray[np.bool_]) -> None:
    assert (cells(*patches(mask, (0.0, 0.0), 1.0)) == mask).all()

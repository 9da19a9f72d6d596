"""Patches are the cells of a mask: one polygon for those that touch by their sides, with holes, valid, and no more."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray
from scipy import ndimage

from geo_server.planning.patches import patches

MASKS = arrays.arrays(np.bool_, arrays.array_shapes(min_dims=2, max_dims=2, max_side=9))


def test_a_cell_is_a_square_where_it_lies() -> None:
    mask = np.zeros((4, 5), np.bool_)
    mask[1, 2] = True
    (found,) = patches(mask, (100.0, 200.0), 2.0)
    assert found.equals(shapely.box(104, 202, 106, 204))


def test_an_empty_mask_has_no_patches() -> None:
    assert len(patches(np.zeros((3, 3), np.bool_), (0, 0), 1.0)) == 0


@settings(deadline=None)
@given(MASKS)
def test_patches_are_what_the_mask_holds(mask: NDArray[np.bool_]) -> None:
    found = patches(mask, (0.0, 0.0), 1.0)
    rows, columns = np.nonzero(mask)
    assert len(found) == ndimage.label(mask)[1]
    assert shapely.is_valid(found).all()
    whole = shapely.union_all(found)
    assert whole.area == pytest.approx(mask.sum())
    assert whole.symmetric_difference(shapely.union_all(shapely.box(columns, rows, columns + 1, rows + 1))).area == 0


@settings(deadline=None)
@given(MASKS)
def test_no_corner_is_told_where_a_side_goes_straight_on(mask: NDArray[np.bool_]) -> None:
    for patch in patches(mask, (0.0, 0.0), 1.0):
        for ring in shapely.get_rings(patch):
            x, y = np.diff(shapely.get_coordinates(ring), axis=0).T
            assert (x * np.roll(y, -1) != y * np.roll(x, -1)).all()

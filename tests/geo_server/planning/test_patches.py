"""Patches are the cells of a mask: one polygon for those that touch by their sides, with holes, valid, and no more."""

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray
from scipy import ndimage

from geo_server.planning.patches import OFF, outlined, patches
from geo_server.planning.runs import Runs

MASKS = arrays.arrays(np.bool_, arrays.array_shapes(min_dims=2, max_dims=2, max_side=9))
KINDS = arrays.arrays(np.int16, arrays.array_shapes(min_dims=2, max_dims=2, max_side=9), elements=st.integers(0, 3))


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
    cells = shapely.union_all(shapely.box(columns, rows, columns + 1, rows + 1))
    assert shapely.hausdorff_distance(whole, cells) <= 2 * OFF if mask.any() else whole.is_empty
    assert whole.symmetric_difference(cells).area <= 2 * OFF * shapely.get_num_coordinates(whole)


@settings(deadline=None)
@given(MASKS)
def test_patches_touch_neither_themselves_nor_each_other(mask: NDArray[np.bool_]) -> None:
    found = patches(mask, (0.0, 0.0), 1.0)
    borders = shapely.get_rings(found)
    assert all(shapely.is_simple(borders))
    one, other = shapely.STRtree(borders).query(borders, predicate="intersects")
    assert (one == other).all()


@settings(deadline=None)
@given(MASKS, st.data())
def test_of_patches_some_are_outlined_alone(mask: NDArray[np.bool_], data: st.DataObject) -> None:
    runs = Runs.of(mask)
    some = st.sets(st.integers(0, runs.patches - 1)) if runs.patches else st.just(set())
    which = np.array(sorted(data.draw(some)), np.int64)
    found, whole = outlined(mask, runs, which, (0.0, 0.0), 1.0), patches(mask, (0.0, 0.0), 1.0)
    assert shapely.equals_exact(found, whole[which]).all()


@settings(deadline=None)
@given(MASKS)
def test_no_corner_is_told_where_a_side_goes_straight_on(mask: NDArray[np.bool_]) -> None:
    for patch in patches(mask, (0.0, 0.0), 1.0):
        for ring in shapely.get_rings(patch):
            x, y = np.diff(shapely.get_coordinates(ring), axis=0).T
            assert (x * np.roll(y, -1) != y * np.roll(x, -1)).all()


@settings(deadline=None)
@given(KINDS)
def test_patches_of_each_kind_are_what_that_kind_alone_would_be(kinds: NDArray[np.int16]) -> None:
    alone = [patches(kinds == kind, (0.0, 0.0), 1.0) for kind in np.unique(kinds[kinds > 0])]
    theirs = np.concatenate([*alone, np.empty(0, object)])
    found = patches(kinds, (0.0, 0.0), 1.0)
    assert sorted(shapely.to_wkb(shapely.normalize(found))) == sorted(shapely.to_wkb(shapely.normalize(theirs)))

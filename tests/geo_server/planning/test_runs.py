"""Runs hold the cells of a mask, and tell which of them touch."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray
from scipy import ndimage

from geo_server.planning.runs import Runs

MASKS = arrays.arrays(np.bool_, arrays.array_shapes(min_dims=2, max_dims=2, max_side=12))
KINDS = arrays.arrays(np.int16, arrays.array_shapes(min_dims=2, max_dims=2, max_side=12), elements=st.integers(0, 3))


@settings(deadline=None)
@given(MASKS, st.booleans())
def test_cells_that_touch_have_one_number(mask: NDArray[np.bool_], corners: bool) -> None:
    theirs, count = ndimage.label(mask, np.ones((3, 3)) if corners else None)
    runs = Runs.of(mask, corners=corners)
    assert runs.patches == count and np.array_equal(runs.labels(mask.shape[1]), theirs)
    assert np.array_equal(runs.cells(), np.bincount(theirs.ravel(), minlength=count + 1)[1:])


@settings(deadline=None)
@given(MASKS)
def test_a_run_ends_with_its_row(mask: NDArray[np.bool_]) -> None:
    runs = Runs.of(mask)
    assert (runs.first < runs.last).all() and (runs.last <= mask.shape[1]).all()
    assert len(runs.begins) == len(mask) + 1 and runs.begins[-1] == len(runs.first)


@settings(deadline=None)
@given(KINDS)
def test_cells_of_two_kinds_are_not_of_one_patch(kinds: NDArray[np.int16]) -> None:
    runs = Runs.of(kinds)
    labels = runs.labels(kinds.shape[1])
    assert np.array_equal(labels > 0, kinds > 0)
    theirs = [ndimage.label(kinds == kind) for kind in np.unique(kinds[kinds > 0])]
    assert runs.patches == sum(count for _, count in theirs)
    for found, count in theirs:
        for one in range(1, count + 1):
            (own,) = np.unique(labels[found == one])
            assert np.array_equal(labels == own, found == one)

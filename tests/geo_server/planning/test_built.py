"""A block within a mask is one that touches nothing else."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray
from scipy import ndimage

from geo_server.planning.built import Built

KINDS = arrays.arrays(np.int8, arrays.array_shapes(min_dims=2, max_dims=2, max_side=9), elements=st.integers(0, 2))


@settings(deadline=None)
@given(KINDS)
def test_a_block_is_within_a_mask_that_alone_surrounds_it(kinds: NDArray[np.int8]) -> None:
    built, mask = kinds == 0, kinds == 1
    found = np.zeros_like(built)
    found.ravel()[Built.of(built).within(mask)] = True
    blocks, count = ndimage.label(built, np.ones((3, 3)))
    for block in range(1, count + 1):
        own = blocks == block
        around = ndimage.binary_dilation(own, np.ones((3, 3), np.bool_)) & ~own
        assert found[own].all() if around.any() and mask[around].all() else not found[own].any()


def test_a_tile_full_of_houses_has_none_that_stands_in_a_gap() -> None:
    assert not len(Built.of(np.ones((4, 4), np.bool_)).within(np.zeros((4, 4), np.bool_)))

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ingest.models.layout import moves, plain, stored_axis, transposed

ORDERS = st.permutations(range(4)).map(tuple)


@given(have=ORDERS, want=ORDERS)
def test_moving_a_stored_tensor_leaves_its_logical_axes_where_they_were(
    have: tuple[int, ...], want: tuple[int, ...]
) -> None:
    logical = np.arange(2 * 3 * 4 * 5).reshape(2, 3, 4, 5)
    stored = logical.transpose(np.argsort(have))
    moved = stored.transpose(moves(have, want))
    assert (moved == logical.transpose(np.argsort(want))).all()


@given(have=ORDERS, permutation=ORDERS)
def test_a_transpose_that_only_renames_axes_says_what_a_real_one_says(
    have: tuple[int, ...], permutation: tuple[int, ...]
) -> None:
    logical = np.arange(2 * 3 * 4 * 5).reshape(2, 3, 4, 5)
    stored = logical.transpose(np.argsort(have))
    lazily = stored.transpose(moves(transposed(have, permutation), plain(4)))
    assert (lazily == logical.transpose(permutation)).all()


def test_negative_axes_count_from_the_end() -> None:
    assert stored_axis((0, 2, 3, 1), -1) == 1

"""Large patches are cut into squares, the smaller the more lies there; small ones stay as they are."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from geo_server.planning.cells import Cells
from geo_server.planning.cutting import LEAST_SIDE_M, MOST_WEIGHT, Squares
from geo_server.planning.runs import Runs

CELLS = Cells(origin=(1000.0, 2000.0), shape=(100, 100), cell_m=LEAST_SIDE_M / 16)  # six squares wide and high
HEAVY = np.array([[1000.0 + 2.5 * LEAST_SIDE_M, 2000.0 + 0.5 * LEAST_SIDE_M]])  # in the third of the lowest row
PLACES = st.integers(0, 40).flatmap(lambda n: arrays.arrays(np.float64, (n, 2), elements=st.floats(-200, 1800)))


def squares(places_m: NDArray[np.float64], weight: float) -> Squares:
    return Squares.of(CELLS, places_m, np.full(len(places_m), weight))


def areas(kinds: NDArray[np.bool_] | NDArray[np.int16]) -> list[int]:
    return sorted(Runs.of(kinds).cells().tolist())


def test_where_little_lies_a_field_stays_whole() -> None:
    field = np.ones(CELLS.shape, np.bool_)
    assert areas(squares(HEAVY, MOST_WEIGHT).cut(field)) == [100 * 100]


def test_where_much_lies_the_square_around_it_is_the_smallest_and_those_further_off_are_larger() -> None:
    field = np.ones(CELLS.shape, np.bool_)
    kinds = squares(HEAVY, MOST_WEIGHT + 1).cut(field)
    there = kinds == kinds[8, 40]
    assert there[:16, 32:48].all() and there.sum() == 16 * 16
    assert areas(kinds)[-1] > areas(kinds)[0] == 16 * 16


def test_a_patch_no_larger_than_the_smallest_square_is_not_cut() -> None:
    yard = np.zeros(CELLS.shape, np.bool_)
    yard[8:24, 24:40] = True  # over four squares
    assert areas(squares(HEAVY, 1000.0).cut(yard)) == [16 * 16]


@settings(deadline=None)
@given(PLACES, st.floats(0, 30), st.floats(0.5, 1))
def test_cut_or_not_a_mask_holds_what_it_held(places: NDArray[np.float64], weight: float, share: float) -> None:
    mask = np.random.default_rng(len(places)).random(CELLS.shape) < share
    found = squares(places + np.array(CELLS.origin), weight)
    kinds = found.cut(mask)
    assert np.array_equal(kinds != 0, mask)
    assert np.array_equal(np.unique(found.number), np.arange(2, found.number.max() + 1))


@settings(deadline=None)
@given(PLACES, st.floats(0, 30))
def test_a_square_that_weighs_too_much_is_one_of_the_smallest(places: NDArray[np.float64], weight: float) -> None:
    found = squares(places + np.array(CELLS.origin), weight)
    at = CELLS.at(places + np.array(CELLS.origin))
    row, column = np.divmod(at[at >= 0], CELLS.shape[1])
    kind, count = np.unique(found.number[row // found.side, column // found.side], return_counts=True)
    for one in kind[count * weight > MOST_WEIGHT * (1 + 1e-9)]:
        assert (found.number == one).sum() == 1


def test_cells_of_a_metre_are_cut_at_the_same_places() -> None:
    fine = Cells(origin=CELLS.origin, shape=(1600, 1600), cell_m=1.0)
    coarse, close = squares(HEAVY, 100.0), Squares.of(fine, HEAVY, np.array([100.0]))
    assert close.side == pytest.approx(LEAST_SIDE_M) and np.array_equal(coarse.number, close.number)

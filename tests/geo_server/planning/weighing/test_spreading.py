"""What happened counts along the streets from there, divides at crossings, and never reaches across a block."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from geo_server.planning.weighing.lixels import PIECE_M, Lixels
from geo_server.planning.weighing.spreading import spread

Line = list[tuple[float, float]]


def lixels(*streets: Line) -> Lixels:
    return Lixels.of(np.array([shapely.LineString(street) for street in streets], dtype=object))


def at(pieces: Lixels, x: float, y: float) -> int:
    return int(pieces.nearest(np.array([[x, y]]), 50.0)[0])


def counted(pieces: Lixels, *places: tuple[float, float]) -> NDArray[np.float64]:
    happened = np.zeros(len(pieces))
    for place in places:
        happened[at(pieces, *place)] += 1
    return spread(pieces, happened)


def test_no_piece_is_longer_than_asked_and_together_they_are_the_street() -> None:
    pieces = lixels([(0, 0), (105, 0), (105, 7)])
    assert pieces.length_m.max() <= PIECE_M and pieces.length_m.sum() == pytest.approx(112)


def test_on_a_long_street_all_of_it_is_somewhere_and_the_nearer_counts_more() -> None:
    pieces = lixels([(0, 0), (1000, 0)])
    found = counted(pieces, (500, 0))
    assert (found * pieces.length_m).sum() == pytest.approx(1.0)
    assert found[at(pieces, 500, 0)] > found[at(pieces, 600, 0)] > found[at(pieces, 680, 0)] > 0
    assert found[at(pieces, 750, 0)] == 0


def test_at_a_crossing_it_divides_among_the_streets_that_go_on() -> None:
    pieces = lixels([(0, 0), (500, 0)], [(500, 0), (1000, 0)], [(500, 0), (500, 500)], [(500, 0), (500, -500)])
    found = counted(pieces, (450, 0))
    assert (found * pieces.length_m).sum() == pytest.approx(1.0)
    assert found[at(pieces, 550, 0)] == pytest.approx(found[at(pieces, 500, 50)])
    assert found[at(pieces, 350, 0)] == pytest.approx(3 * found[at(pieces, 550, 0)], rel=0.05)


def test_the_next_street_over_does_not_hear_of_it() -> None:
    pieces = lixels([(0, 0), (1000, 0)], [(0, 40), (1000, 40)])
    assert counted(pieces, (500, 0))[at(pieces, 500, 40)] == 0


def test_streets_that_meet_in_the_middle_of_a_line_are_joined() -> None:
    pieces = lixels([(0, 0), (500, 0), (1000, 0)], [(500, 0), (500, 500)])
    assert counted(pieces, (480, 0))[at(pieces, 500, 30)] > 0


def test_what_is_far_from_any_street_is_at_none() -> None:
    pieces = lixels([(0, 0), (100, 0)])
    assert at(pieces, 50, 30) >= 0
    assert pieces.nearest(np.array([[50.0, 500.0]]), 50.0)[0] == -1


def test_without_streets_nothing_counts() -> None:
    assert len(spread(lixels(), np.zeros(0))) == 0


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.booleans()), min_size=1, max_size=30, unique=True))
def test_nothing_is_made_up_whatever_the_streets(sides: list[tuple[int, int, bool]]) -> None:
    """Dead ends lose what would run on past them; no more than happened is ever counted."""
    streets = [[(90.0 * x, 90.0 * y), (90.0 * (x + across), 90.0 * (y + (not across)))] for x, y, across in sides]
    pieces = lixels(*streets)
    found = spread(pieces, np.ones(len(pieces)))
    assert (found >= 0).all() and (found * pieces.length_m).sum() <= len(pieces) * (1 + 1e-9)

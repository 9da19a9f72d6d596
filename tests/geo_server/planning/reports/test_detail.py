"""However much there is of an area, what is drawn of it fits on a page, and columns stand where cameras hang."""

import math

import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo_server.planning.reports import look, words
from geo_server.planning.reports.columns import ACROSS, SIZES_M, grid_over
from geo_server.planning.reports.detail import M_PER_DEG, Room, coarser, fitting
from geo_server.planning.reports.picture import WIDTH, paper_over
from geo_server.planning.reports.schema import Shape
from layers.values import BBox

ROOM = Room(shapes=10, points=100)
BOXES = st.tuples(st.floats(47, 86), st.floats(41, 55), st.floats(1e-4, 30), st.floats(1e-4, 15))


def box_of(west: float, south: float, wide: float, high: float) -> BBox:
    return BBox(west=west, south=south, east=west + wide, north=south + high)


@given(st.lists(st.integers(2, 60), max_size=40))
def test_the_heaviest_are_drawn_and_no_more_than_there_is_room_for(points: list[int]) -> None:
    lines = [Shape(wkb=shapely.to_wkb(shapely.LineString([(n, 0) for n in range(most)]))) for most in points]
    drawn = fitting(lines, len(lines), ROOM, 0.0)
    assert list(drawn.shapes) == lines[: len(drawn.shapes)] and drawn.whole == len(lines)
    assert len(drawn.shapes) <= ROOM.shapes and sum(points[: len(drawn.shapes)]) <= ROOM.points


@given(st.integers(0, 10**9))
def test_what_does_not_fit_is_drawn_coarser_and_coarser(points: int) -> None:
    steps = coarser(points, ROOM)
    assert list(steps) == sorted(steps)
    assert (list(steps) == [0.0]) is (points <= ROOM.points)


@given(BOXES)
def test_squares_are_as_wide_as_high_and_not_too_many(told: tuple[float, float, float, float]) -> None:
    box = box_of(*told)
    grid = grid_over(box)
    col, row = grid.cell(box.east, box.north)
    assert max(col, row) <= ACROSS + 1 or grid.size_m == SIZES_M[-1]
    lat = math.radians((box.south + box.north) / 2)
    assert math.isclose(grid.per_lon * math.cos(lat) * M_PER_DEG, grid.size_m, rel_tol=1e-9)
    assert grid.cell(*grid.middle((3, 4))) == (3, 4)


@given(BOXES)
def test_a_picture_shows_the_whole_box(told: tuple[float, float, float, float]) -> None:
    box = box_of(*told)
    paper = paper_over(box)
    corners = paper.lay(shapely.get_coordinates(shapely.box(box.west, box.south, box.east, box.north)))
    assert corners.min() >= -1e-6
    assert corners[:, 0].max() <= WIDTH + 1e-6 and corners[:, 1].max() <= paper.height + 1e-6


def test_shares_are_never_rounded_up_and_little_is_not_nothing() -> None:
    assert [words.percent(part, 1000) for part in (0, 1, 10, 999, 1000)] == ["0 %", "< 1 %", "1 %", "99 %", "100 %"]
    assert words.percent(0, 0) == "0 %"


def test_numbers_are_written_as_the_language_does() -> None:
    assert words.number(1234.56, "en", 1) == "1,234.6"
    assert words.number(1234.56, "ru", 1) == words.number(1234.56, "kk", 1) == "1\N{NO-BREAK SPACE}234,6"


def test_a_gap_is_the_redder_the_more_it_weighs() -> None:
    assert [look.of_weight(weight) for weight in (0.0, 1.0, 5.0, 10.0)] == list(look.GAPS)
    assert look.between(0.0) == look.LITTLE and look.between(2.0) == look.MUCH

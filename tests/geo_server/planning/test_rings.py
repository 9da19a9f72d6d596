"""Outlines in columns are what shapely reads, mends, orients and finds: thousands of houses without an object each."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from shapely import MultiPolygon, Polygon, box

from geo_server.planning.rings import Rings
from geo_server.planning.viewsheds.walls import Walls

WHOLE = st.integers(-6, 6)
RING = st.lists(st.tuples(WHOLE, WHOLE), min_size=3, max_size=7)
COURTYARD = box(0, 0, 30, 30).difference(box(10, 10, 20, 20))
TWO = shapely.union_all([box(40, 0, 50, 10), box(60, 0, 70, 10).difference(box(62, 2, 64, 4))])


def shapes_of(*shapes: shapely.Geometry) -> NDArray[np.object_]:
    return np.array(shapes, dtype=object)


def collected(*shapes: shapely.Geometry) -> bytes:
    return bytes(shapely.to_wkb(shapely.GeometryCollection(list(shapes)), byte_order=1))


def test_a_collection_is_read_as_shapely_reads_it() -> None:
    read = Rings.read(collected(COURTYARD, TWO, MultiPolygon([box(1, 2, 3, 4)])))
    known = Rings.of(shapes_of(COURTYARD, TWO, MultiPolygon([box(1, 2, 3, 4)])))
    for name in ("corners", "begins", "hole", "whose"):
        np.testing.assert_array_equal(getattr(read, name), getattr(known, name))
    assert read.shapes == known.shapes == 3
    assert shapely.equals_exact(read.built(), shapes_of(COURTYARD, TWO, box(1, 2, 3, 4)), normalize=True).all()
    assert shapely.equals_exact(read.only(1).built()[0], TWO, normalize=True)


def test_nothing_is_read_of_nothing() -> None:
    assert (Rings.read(None).shapes, Rings.read(collected()).shapes) == (0, 0)
    assert len(Rings.read(None).built()) == len(Rings.of(shapes_of(Polygon())).holding(np.zeros((1, 2)))) == 0


@pytest.mark.parametrize(
    "wkb",
    [
        b"",
        b"\x01\x07\x00",
        collected(COURTYARD)[:-4],
        collected(shapely.Point(1, 2)),
        bytes(shapely.to_wkb(shapely.GeometryCollection([COURTYARD]), byte_order=0)),
    ],
)
def test_what_is_no_collection_of_polygons_or_is_cut_off_is_refused(wkb: bytes) -> None:
    with pytest.raises(ValueError, match="no collection of polygons"):
        Rings.read(wkb)


@settings(deadline=None)
@given(st.lists(RING, min_size=1, max_size=4))
def test_an_outline_that_is_called_plain_is_valid(corners: list[list[tuple[int, int]]]) -> None:
    shapes = shapes_of(*(Polygon(one) for one in corners))
    plain = Rings.of(shapes).plain()
    assert shapely.is_valid(shapes[plain]).all()


def test_houses_as_they_are_drawn_are_plain_and_others_are_looked_at() -> None:
    bow = Polygon([(0, 0), (4, 4), (4, 0), (0, 4)])
    spike = Polygon([(0, 0), (4, 0), (4, 4), (4, 8), (4, 4), (0, 4)])
    house = Polygon([(0, 0), (9, 0), (9, 5), (6, 5.1), (6, 9), (0, 9)])
    assert Rings.of(shapes_of(house, bow, spike, COURTYARD, TWO, Polygon())).plain().tolist() == [True, *[False] * 5]


@settings(deadline=None)
@given(st.lists(RING, min_size=1, max_size=4), st.lists(st.tuples(WHOLE, WHOLE), max_size=8))
def test_places_lie_in_the_shapes_that_shapely_finds(
    corners: list[list[tuple[int, int]]], at: list[tuple[int, int]]
) -> None:
    drawn = shapes_of(*(Polygon(one) for one in corners))
    shapes = drawn[shapely.is_valid(drawn)]
    places = np.array(at, np.float64).reshape(-1, 2)
    found = {(int(place), int(shape)) for place, shape in Rings.of(shapes).holding(places)}
    known = {(i, j) for i, one in enumerate(at) for j, shape in enumerate(shapes) if shapely.Point(one).within(shape)}
    assert found == known


def test_walls_run_around_what_is_built_to_their_left_however_it_is_drawn() -> None:
    turned = shapely.reverse(COURTYARD)
    sides = [Walls.of(shapes_of(one), np.array([9.0])).ends for one in (COURTYARD, turned)]
    assert {tuple(one) for one in sides[0].tolist()} == {tuple(one) for one in sides[1].tolist()}
    for x0, y0, x1, y1 in sides[0].tolist():
        middle, left = np.array([(x0 + x1) / 2, (y0 + y1) / 2]), np.array([y0 - y1, x1 - x0])
        assert shapely.Point(middle + left / np.hypot(*left)).within(COURTYARD)

"""Outlines hold what was seen, are valid, and are one ring where what is seen is of one piece."""

import math

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box

from geo_server.bench.exactly import exactly
from geo_server.planning.viewsheds.outlines import outlined
from geo_server.planning.viewsheds.seen import seen_by
from tests.geo_server.planning.viewsheds.scenes import views, walls
from tests.geo_server.planning.viewsheds.test_seen import Built, houses


def test_an_open_field_is_one_ring() -> None:
    (found,) = outlined(seen_by(views(), walls()))
    assert shapely.get_num_geometries(found) == 1 and found.area == pytest.approx(math.pi * 100**2 / 6, rel=1e-3)


def test_what_is_hidden_by_a_low_house_is_a_hole_between_two_pieces() -> None:
    (found,) = outlined(seen_by(views(), walls((box(-80, 20, 80, 30), 3.0))))
    assert shapely.get_num_geometries(found) == 2
    assert not found.contains(shapely.Point(0, 40)) and found.contains(shapely.Point(0, 80))


def test_around_a_house_it_is_of_one_piece() -> None:
    (found,) = outlined(seen_by(views(), walls((box(-5, 20, 5, 30), 9.0))))
    assert shapely.get_num_geometries(found) == 1


def test_who_sees_nothing_has_an_empty_outline() -> None:
    (found,) = outlined(seen_by(views(tilt_deg=-60.0), walls()))
    assert found.is_empty


def test_all_around_there_is_no_seam() -> None:
    (found,) = outlined(seen_by(views(hfov_deg=360.0), walls()))
    assert found.contains(shapely.Point(50, 0)) and found.contains(shapely.Point(-50, 1e-9))


@settings(deadline=None)
@given(houses(), st.floats(3, 12), st.floats(0, 360), st.sampled_from([60.0, 100.0, 360.0]))
def test_an_outline_is_valid_and_differs_little_from_exact_geometry(
    built: Built, eye_m: float, heading: float, hfov: float
) -> None:
    one = views(eye_m=eye_m, heading_deg=heading, hfov_deg=hfov)
    seen = seen_by(one, walls(*built))
    (found,) = outlined(seen)
    assert found.is_valid
    beside_m2 = seen.half[0] * one.range_m[0] ** 2 / 2  # where a house begins or ends, half a ray leans over
    assert found.area == pytest.approx(seen.areas_m2()[0], rel=0.03, abs=2 + 2 * len(built) * beside_m2)
    if hfov < 180:
        assert found.symmetric_difference(exactly(one, built)).area <= 0.04 * one.range_m[0] ** 2

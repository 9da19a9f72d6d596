"""What a view sees agrees with exact geometry, over low houses, from roofs, in yards, around corners and from above."""

import math

import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shapely import Polygon, box
from shapely.geometry.base import BaseGeometry

from geo_server.bench.exactly import exactly, pictured
from geo_server.planning.viewsheds.seen import seen_by
from geo_server.planning.viewsheds.views import Views
from layers.sight.sight import Sight, looking
from tests.geo_server.planning.viewsheds.scenes import lenses, views, walls

Built = list[tuple[Polygon, float]]


def area(one: Views, *buildings: tuple[BaseGeometry, float]) -> float:
    return float(seen_by(one, walls(*buildings)).areas_m2()[0])


def test_an_open_field_is_seen_as_a_sector() -> None:
    assert area(views()) == pytest.approx(math.pi * 100**2 / 6, rel=1e-5)


def test_a_wall_as_high_as_the_eye_hides_all_behind_it() -> None:
    across = 2 * 20 * math.tan(math.radians(30))
    assert area(views(), (box(-50, 20, 50, 30), 6.0)) == pytest.approx(across * 20 / 2, rel=1e-3)


def test_a_mast_looks_over_a_low_house() -> None:
    over = area(views(), (box(-50, 20, 50, 30), 3.0))  # what is behind 30 m is seen again from 60 m on
    assert over == pytest.approx(area(views()) - math.tan(math.radians(30)) * (60**2 - 20**2), rel=1e-2)


def test_a_mast_looks_over_more_sheds_in_a_row_than_there_was_room_for() -> None:
    sheds = [box(-90, 10 + 0.1 * k, 90, 10.02 + 0.1 * k) for k in range(800)]
    seen = area(views(eye_m=12.0), *((shed, 0.01) for shed in sheds))
    assert seen == pytest.approx(exactly(views(eye_m=12.0), [(shed, 0.01) for shed in sheds]).area, rel=2e-2)


def test_from_a_roof_the_ground_is_seen_past_its_edge() -> None:
    roof = box(-10, -10, 10, 10)
    one = views(eye_m=12.0)
    assert area(one, (roof, 9.0)) == pytest.approx(exactly(one, [(roof, 9.0)]).area, rel=5e-3)


def test_in_a_courtyard_only_the_yard_is_seen() -> None:
    yard = box(-60, -60, 60, 60).difference(box(-15, -15, 15, 15))
    around = views(hfov_deg=360.0)
    assert area(around, (yard, 12.0)) == pytest.approx(30**2, rel=5e-3)


def test_a_lens_that_looks_around_sees_the_whole_circle() -> None:
    assert area(views(hfov_deg=360.0)) == pytest.approx(math.pi * 100**2, rel=1e-6)


def test_a_camera_at_the_corner_of_a_house_sees_along_both_walls() -> None:
    house, one = box(-30, -30, -0.01, -0.01), views(hfov_deg=360.0)
    assert area(one, (house, 9.0)) == pytest.approx(math.pi * 100**2 * 3 / 4, rel=5e-3)


def test_behind_a_wall_nothing_is_seen() -> None:
    assert area(views(), (box(-1, 0.05, 1, 0.1), 9.0)) < 0.01 * area(views())


def test_below_the_mast_is_a_blind_zone() -> None:
    tilted = views(tilt_deg=20.0)
    foot = 6 / math.tan(math.radians(20) + math.atan(math.tan(math.radians(30)) * 9 / 16))
    seen = seen_by(tilted, walls())
    assert seen.parts[:, 0].min() == pytest.approx(foot, rel=1e-3)


def test_a_tilt_above_the_horizon_sees_no_ground() -> None:
    assert area(views(tilt_deg=-30.0)) == 0.0


def test_a_tilt_at_the_horizon_sees_to_its_range() -> None:
    assert area(views(tilt_deg=0.0)) == pytest.approx(pictured(views(tilt_deg=0.0)).area, rel=2e-3)


def test_straight_down_the_picture_is_a_rectangle() -> None:
    wide, tall = (2 * 6 * math.tan(math.radians(30)) * side for side in (1, 9 / 16))
    assert area(views(tilt_deg=90.0)) == pytest.approx(wide * tall, rel=2e-3)


def test_what_is_higher_than_the_eye_is_seen_from_below() -> None:
    looking_up = views(eye_m=1.0, above_m=1.5, tilt_deg=-20.0)
    assert area(looking_up) == pytest.approx(pictured(looking_up).area, rel=5e-3)


def test_a_picture_narrower_than_the_scan_is_found() -> None:
    assert area(views(hfov_deg=0.8)) == pytest.approx(math.radians(0.8) / 2 * 100**2, rel=1e-3)


def test_a_camera_lower_than_an_object_sees_nothing_behind_it() -> None:
    low = views(eye_m=1.2, above_m=0.0)
    behind = math.tan(math.radians(30)) * 20**2  # the triangle before the wall
    assert area(low, (box(-90, 20, 90, 21), 1.3)) == pytest.approx(behind, rel=1e-3)


def test_what_is_looked_for_is_seen_over_a_wall_that_is_lower_than_it() -> None:
    over = views(eye_m=6.0, above_m=1.5)
    built = (box(-90, 20, 90, 21), 1.0)
    assert area(over, built) == pytest.approx(area(over) - math.tan(math.radians(30)) * (21**2 - 20**2), rel=1e-3)


@pytest.mark.parametrize(
    ("width_px", "hfov_deg", "density_px_m", "depth_m"),
    [(1920, 90, 125, 7.68), (3840, 90, 250, 7.68), (1920, 30, 250, 14.33), (1280, 53.13, 62.5, 20.48)],
)
def test_worked_examples_of_density(width_px: float, hfov_deg: float, density_px_m: float, depth_m: float) -> None:
    """As EN 62676-4 works it: the scene is 2 d tan(hfov / 2) wide at d metres, and holds the picture's pixels."""
    one = views(width_px=width_px, hfov_deg=hfov_deg, range_m=90)
    assert width_px / (2 * depth_m * math.tan(math.radians(hfov_deg) / 2)) == pytest.approx(density_px_m, rel=1e-3)
    cut = seen_by(one, walls()).finer_than(density_px_m)
    along = cut.parts[:, 1] * np.cos(cut.azimuth[cut.ray] - math.pi / 2)
    assert along == pytest.approx(depth_m, rel=2e-3)


def test_around_a_360_lens_pixels_lie_evenly_over_the_circle() -> None:
    """3,840 px around: at 30.56 m they are 20 to the metre of the circle."""
    cut = seen_by(views(width_px=3840.0, hfov_deg=360.0), walls()).finer_than(20)
    assert cut.parts[:, 1] == pytest.approx(3840 / (2 * math.pi * 20), rel=1e-6)


def test_density_is_pixels_across_the_picture_to_a_metre_at_its_depth() -> None:
    """EN IEC 62676-4: 1920 px, 60 degrees: 2 x 0.577 m across a metre of depth, so 62.5 px/m at 26.6 m."""
    depth = 1920 / (2 * math.tan(math.radians(30)) * 62.5)
    cut = seen_by(views(), walls()).finer_than(62.5).areas_m2()[0]
    assert depth == pytest.approx(26.6, abs=0.01)
    assert cut == pytest.approx(math.tan(math.radians(30)) * depth**2, rel=1e-3)


def test_under_a_high_mast_the_ground_behind_its_foot_is_the_finer_the_further_back_it_lies() -> None:
    back = seen_by(views(eye_m=30.0, tilt_deg=100.0, hfov_deg=90.0), walls()).finer_than(1920 / 2 / 29)
    assert 0 < back.areas_m2()[0] < area(views(eye_m=30.0, tilt_deg=100.0, hfov_deg=90.0))


def test_of_a_picture_whose_size_is_unknown_no_density_is_told() -> None:
    assert seen_by(views(width_px=math.nan), walls()).finer_than(20).areas_m2()[0] == 0


def test_views_are_swept_apart_from_each_other() -> None:
    both = Views.of(
        np.array([[0.0, 0], [500, 0]]), np.array([6.0, 6]), np.array([100.0, 50]), lenses(hfov_deg=[60, 90]), 0
    )
    swept = seen_by(both, walls((box(-50, 20, 50, 30), 6.0))).areas_m2()
    assert swept[0] == pytest.approx(area(views(), (box(-50, 20, 50, 30), 6.0)), rel=1e-6)
    assert swept[1] == pytest.approx(math.pi * 50**2 / 4, rel=1e-5)


@st.composite
def houses(draw: st.DrawFn) -> Built:
    """Up to six turned rectangles, some over one another, none over the eye."""
    found: Built = []
    for _ in range(draw(st.integers(0, 6))):
        x, y = draw(st.floats(-80, 80)), draw(st.floats(-80, 80))
        house = box(x, y, x + draw(st.floats(4, 30)), y + draw(st.floats(4, 30)))
        turned = shapely.affinity.rotate(house, draw(st.floats(0, 90)))
        if turned.distance(shapely.Point(0, 0)) > 2:
            found.append((turned, draw(st.sampled_from([2.0, 3.0, 5.0, 9.0]))))
    return found


@settings(deadline=None)
@given(
    houses(), st.floats(3, 12), st.floats(0, 360), st.floats(-5, 60), st.floats(-10, 10), st.floats(20, 110),
    st.sampled_from([0.0, 1.5]),
)  # fmt: skip
def test_what_is_seen_is_what_exact_geometry_leaves(
    built: list[tuple[Polygon, float]],
    eye_m: float,
    heading: float,
    tilt: float,
    roll: float,
    hfov: float,
    above: float,
) -> None:
    one = views(eye_m=eye_m, above_m=above, heading_deg=heading, tilt_deg=tilt, roll_deg=roll, hfov_deg=hfov)
    assume(all(abs(top - eye_m) > 0.05 for _, top in built))
    picture, exact = pictured(one).area, exactly(one, built).area
    assert abs(area(one, *built) - exact) <= 0.02 * picture + 0.5


@settings(deadline=None)
@given(
    st.floats(2, 12), st.floats(0, 360), st.floats(-5, 80), st.floats(-15, 15), st.floats(15, 110),
    st.floats(1, 99), st.floats(-math.pi, math.pi),
)  # fmt: skip
def test_a_place_is_in_the_picture_where_the_camera_s_own_projection_puts_it_there(
    eye_m: float, heading: float, tilt: float, roll: float, hfov: float, away_m: float, azimuth: float
) -> None:
    one = views(eye_m=eye_m, heading_deg=heading, tilt_deg=tilt, roll_deg=roll, hfov_deg=hfov)
    focal_px = 1920 / 2 / math.tan(math.radians(hfov) / 2)
    turn = looking(math.radians(heading), math.radians(tilt), math.radians(roll))
    camera = Sight(eye=np.array([0, 0, eye_m]), turn=turn, focal_px=focal_px, size_px=(1920, 1080))
    spot = np.array([away_m * math.cos(azimuth), away_m * math.sin(azimuth)])
    u, v = camera.seen_at(np.array([[*spot, 0.0]]))[0]
    slack = np.array([one.bounds[0] @ (*spot, 1.0)])
    assume(np.abs(slack).min() > 1e-6)
    assert bool((slack > 0).all()) == bool(0 < u < 1920 and 0 < v < 1080)


def test_a_corner_of_ground_in_a_picture_of_the_sky_is_seen() -> None:
    one = views(eye_m=4.5, above_m=0.0, heading_deg=0.0, tilt_deg=-3.5, roll_deg=3.0, hfov_deg=20.0)
    assert area(one) == pytest.approx(pictured(one).area, rel=0.01) and area(one) > 3

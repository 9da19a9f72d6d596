"""Over ground that is not flat: hand-computed cases, a plain slow look beside it, and level ground as before."""

import math

import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shapely import Polygon, box

from geo_server.planning.viewsheds.relief import Relief, counted
from geo_server.planning.viewsheds.seen import Seen, seen_by
from tests.geo_server.planning.viewsheds.hills import Floats, clearance_m, holds, pixel, relief
from tests.geo_server.planning.viewsheds.scenes import views, walls
from tests.geo_server.planning.viewsheds.test_seen import Built, houses


def along(seen: Seen, towards_deg: float = 90.0) -> list[tuple[float, float]]:
    """Return the parts of the ray nearest to an azimuth, degrees counter-clockwise from east."""
    ray = int(np.argmin(np.abs((seen.azimuth - math.radians(towards_deg) + math.pi) % (2 * math.pi) - math.pi)))
    return [(float(near), float(far)) for near, far in seen.parts[seen.ray == ray]]


def north(*heights: tuple[float, float]) -> Relief:
    """Return ground that is as high as told at so many metres north, straight between."""
    at, up = zip(*heights, strict=True)
    return relief(lambda _, y: np.interp(y, at, up))


def test_a_ridge_hides_the_ground_behind_it_up_to_where_the_sight_over_it_falls_to_the_ground() -> None:
    """The eye at 6 m, a crest of 3 m at 40 m: the sight falls 3 m in 40, and 6 m in 80."""
    ridge = north((-200, 0), (30, 0), (40, 3), (50, 0), (200, 0))
    ((near, crest), (again, far)) = along(seen_by(views(), walls(), ridge))
    assert (near, crest) == pytest.approx((0, 40), abs=0.05) and (again, far) == pytest.approx((80, 100), abs=0.2)


def test_a_ridge_as_high_as_the_eye_hides_all_flat_ground_behind_it() -> None:
    ridge = north((-200, 0), (30, 0), (40, 6), (50, 0), (200, 0))
    assert along(seen_by(views(), walls(), ridge)) == [pytest.approx((0, 40), abs=0.05)]


def test_a_hill_behind_a_ridge_is_seen_above_it() -> None:
    """The sight over a crest of 6 m at 40 m stays level at 6 m; the slope beyond, 12 m in 50 m, passes that at 75 m."""
    hill = north((-200, 0), (30, 0), (40, 6), (50, 0), (100, 12), (200, 12))
    (_, (again, _)) = along(seen_by(views(), walls(), hill))
    assert again == pytest.approx(75, abs=0.2)


def test_from_a_hill_a_camera_looks_over_a_low_house_that_would_hide_the_street_below() -> None:
    """On the flat an eye at 4 m is hidden all behind a house of 5 m; 10 m higher up it is 14 over it, and sees on."""
    house = box(-60, 40, 60, 50), 5.0
    assert along(seen_by(views(eye_m=4.0), walls(house))) == [pytest.approx((0, 40), abs=0.01)]
    hill = north((-200, 10), (0, 10), (10, 0), (200, 0))
    seen = along(seen_by(views(eye_m=4.0), walls(house), hill))
    assert seen[-1] == pytest.approx((50 * 14 / 9, 100), rel=1e-3)


def test_a_house_on_a_hill_stands_on_the_hill() -> None:
    """A shed of 2 m at 40 m hides to 60 m from an eye at 6 m; on a rise of 4 m it is as high as the eye."""
    rise = north((-200, 0), (10, 0), (30, 4), (50, 4), (70, 0), (200, 0))
    shed = box(-60, 40, 60, 41), 2.0
    assert along(seen_by(views(), walls(shed)))[-1] == pytest.approx((41 * 6 / 4, 100), rel=1e-3)
    assert max(far for _, far in along(seen_by(views(), walls(shed), rise))) == pytest.approx(40, abs=0.05)


def test_a_slope_that_faces_the_camera_fills_the_lower_part_of_the_picture() -> None:
    """Level at 6 m with 60 by 36 degrees: flat ground begins at 18.5 m; one that rises 1 in 2 begins at 7.3 m.

    The lower side of the picture falls as tan(half) of the depth, and the slope meets it at 6 / (tan(half) + 1/2).
    """
    fall = math.tan(math.radians(30)) * 9 / 16
    rising = relief(lambda _, y: np.maximum(0, y / 2))
    ((flat, _),) = along(seen_by(views(tilt_deg=0.0), walls()))
    ((near, far),) = along(seen_by(views(tilt_deg=0.0), walls(), rising))
    assert flat == pytest.approx(6 / fall, rel=1e-3) and near == pytest.approx(6 / (fall + 0.5), rel=1e-3)
    assert far == pytest.approx(6 / (0.5 - fall), rel=1e-3)  # where it leaves the picture at the top


def test_a_camera_that_looks_up_at_a_slope_sees_it_though_it_would_see_no_flat_ground() -> None:
    up = views(tilt_deg=-30.0)
    assert seen_by(up, walls()).areas_m2()[0] == 0
    assert seen_by(up, walls(), relief(lambda _, y: np.maximum(0, y))).areas_m2()[0] > 1000


def test_ground_that_rises_towards_the_picture_is_seen_finer() -> None:
    """Looking down at 45 degrees a metre up is 0.71 m nearer to the picture."""
    down = views(eye_m=20.0, tilt_deg=45.0, hfov_deg=90.0)
    ((_, flat),) = along(seen_by(down, walls()).finer_than(1920 / 2 / 30))
    up = seen_by(down, walls(), relief(lambda _, y: np.where(y > 0, 5.0, 0.0)))
    (*_, (_, raised)) = along(up.finer_than(1920 / 2 / 30))
    assert (flat + 20) / math.sqrt(2) == pytest.approx(30, rel=1e-3)
    assert (raised + 20 - 5) / math.sqrt(2) == pytest.approx(30, rel=1e-3)


def test_where_nobody_knows_the_ground_it_goes_on_level_and_that_is_told() -> None:
    known = relief(lambda _, y: np.where(y > 20, np.nan, 0.0))
    assert seen_by(views(), walls(), known).areas_m2()[0] == pytest.approx(seen_by(views(), walls()).areas_m2()[0])
    assert counted(known, -50, -50, 50, 0) == "whole"
    assert counted(known, -50, -50, 50, 50) == "part"
    assert counted(known, -50, 50, 50, 90) == "none" and counted(None, 0, 0, 1, 1) == "none"


def test_over_a_void_a_camera_sees_as_on_the_flat() -> None:
    hole = relief(lambda x, y: np.where(np.hypot(x, y) < 15, np.nan, 100 - y))
    flat = seen_by(views(tilt_deg=10.0), walls())
    assert seen_by(views(tilt_deg=10.0), walls(), hole).areas_m2() == pytest.approx(flat.areas_m2())


@settings(deadline=None, max_examples=60)
@given(
    houses(), st.floats(3, 12), st.floats(0, 360), st.floats(-5, 90), st.floats(-10, 10), st.floats(20, 360),
    st.sampled_from([0.0, 1.5]), st.sampled_from([-200.0, 0.0, 1234.5]), st.sampled_from([1.0, 20.0, 125.0]),
)  # fmt: skip
def test_on_level_ground_however_high_all_is_seen_that_the_flat_kernel_sees(
    built: Built,
    eye_m: float,
    heading: float,
    tilt: float,
    roll: float,
    hfov: float,
    above: float,
    height: float,
    density: float,
) -> None:
    one = views(eye_m=eye_m, above_m=above, heading_deg=heading, tilt_deg=tilt, roll_deg=roll, hfov_deg=hfov)
    level = relief(np.full((31, 31), height), march_m=5.0)
    flat, found = (seen_by(one, walls(*built), ground).finer_than(density) for ground in (None, level))
    assert np.array_equal(flat.azimuth, found.azimuth)
    assert found.areas_m2() == pytest.approx(flat.areas_m2(), rel=1e-4, abs=0.05)


@st.composite
def hills(draw: st.DrawFn) -> Floats:
    """Heights at crossings 10 m apart, on a slope, and a few metres up and down from one to the next."""
    chance = np.random.default_rng(draw(st.integers(0, 2**32)))
    size = draw(st.sampled_from([1.0, 4.0]))
    tilt = chance.uniform(-0.3, 0.3, 2)
    sides = (np.arange(31) - 15) * 10.0
    east, up = np.meshgrid(sides, sides)
    return np.asarray(chance.uniform(-size, size, (31, 31)) + tilt[0] * east + tilt[1] * up + 700, np.float64)


@settings(deadline=None)
@given(
    hills(), houses(), st.floats(3, 12), st.floats(0, 360), st.floats(-20, 80), st.floats(-10, 10),
    st.floats(20, 110), st.floats(3, 99), st.floats(-0.45, 0.45),
)  # fmt: skip
def test_what_is_seen_over_hills_is_what_a_plain_slow_look_finds(
    heights: Floats,
    built: list[tuple[Polygon, float]],
    eye_m: float,
    heading: float,
    tilt: float,
    roll: float,
    hfov: float,
    away_m: float,
    aside: float,
) -> None:
    ground = relief(heights, march_m=0.5)
    azimuth = math.radians(90 - heading) + aside * math.radians(hfov)
    spot = away_m * math.cos(azimuth), away_m * math.sin(azimuth)
    one = views(eye_m=eye_m, above_m=1.5, heading_deg=heading, tilt_deg=tilt, roll_deg=roll, hfov_deg=hfov)
    seen = seen_by(one, walls(*built), ground)
    here, there = ground.at(np.array([(0.0, 0.0), spot])).tolist()
    u, v = pixel(spot, there + 1.5 - here - eye_m, heading=heading, tilt=tilt, roll=roll, hfov=hfov)
    over = clearance_m(ground, eye_m, 1.5, spot, built)
    point = shapely.Point(spot)
    assume(all(outline.exterior.distance(point) > 0.5 for outline, _ in built))
    assume(abs(over) > 0.3 and min(abs(u), abs(1920 - u), abs(v), abs(1080 - v)) > 40)
    inside = any(outline.contains(point) for outline, _ in built)
    told = 0 < u < 1920 and 0 < v < 1080 and over > 0 and not inside
    near_by = ((0, 0), (0.4, 0), (-0.4, 0), (0, 0.4), (0, -0.4))  # a ray is as wide there
    assert told in {holds(seen, spot[0] + dx, spot[1] + dy) for dx, dy in near_by}

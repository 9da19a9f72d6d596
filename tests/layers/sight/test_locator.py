import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.sight.ground import from_metres, to_metres
from layers.sight.locator import FOOT_NOISE_PX, POSE_NOISE, GeolocateError, Pose, from_pose, nowhere, pose_of
from layers.sight.placed import Placed
from layers.values import LonLat

ORIGIN = LonLat(lon=76.94, lat=43.24)
SIZE = (1920, 1080)
POSE = Pose(height_m=8, heading_deg=30, tilt_deg=15, hfov_deg=69)


def covers(placed: Placed, east: float, north: float) -> bool:
    off = to_metres(ORIGIN, placed.place) - np.array([east, north])
    bearing = math.radians(placed.ellipse.bearing_deg)
    along = off @ np.array([math.sin(bearing), math.cos(bearing)])
    across = off @ np.array([math.cos(bearing), -math.sin(bearing)])
    return bool((along / placed.ellipse.major_m) ** 2 + (across / placed.ellipse.minor_m) ** 2 <= 1)


def test_the_middle_of_the_picture_lies_straight_ahead() -> None:
    placed = from_pose(ORIGIN, POSE, SIZE).place((960, 540))
    east, north = to_metres(ORIGIN, placed.place)
    assert math.hypot(east, north) == pytest.approx(8 / math.tan(math.radians(15)), rel=1e-6)
    assert math.degrees(math.atan2(east, north)) == pytest.approx(30)
    assert placed.placed_by == "camera"


def test_the_ellipse_lies_along_the_line_of_sight_and_grows_with_distance() -> None:
    locator = from_pose(ORIGIN, POSE, SIZE)
    near, far = locator.place((960, 900)), locator.place((960, 400))
    assert near.ellipse.major_m < far.ellipse.major_m
    assert far.ellipse.bearing_deg == pytest.approx(30, abs=1)
    assert far.ellipse.minor_m < far.ellipse.major_m


def test_above_the_horizon_only_a_bearing_is_known() -> None:
    placed = from_pose(ORIGIN, POSE, SIZE).place((960, 50))
    assert placed.place == ORIGIN
    assert placed.placed_by == "camera_position"
    assert placed.bearing_deg == pytest.approx(30, abs=1)
    assert placed.ellipse.major_m >= 300


@given(x=st.floats(0, 1920), y=st.floats(0, 1080))
def test_every_pixel_gets_a_finite_place_near_the_camera(x: float, y: float) -> None:
    placed = from_pose(ORIGIN, POSE, SIZE).place((x, y))
    assert np.hypot(*to_metres(ORIGIN, placed.place)) <= 300
    assert 0 < placed.ellipse.minor_m <= placed.ellipse.major_m <= 300
    assert 0 <= placed.ellipse.bearing_deg < 180


def test_simulated_poses_are_covered_by_the_ellipse_as_often_as_it_says() -> None:
    rng = np.random.default_rng(5)
    true = from_pose(ORIGIN, POSE, SIZE)
    hits = []
    for _ in range(1500):
        off = rng.normal(0, POSE_NOISE)
        believed = from_pose(
            from_metres(ORIGIN, off[:2]),
            Pose(
                height_m=8 + off[2],
                heading_deg=30 + off[3],
                tilt_deg=15 + off[4],
                roll_deg=off[5],
                hfov_deg=69 + off[6],
            ),
            SIZE,
        )
        pixel = rng.uniform([300, 450], [1600, 1000])
        ground = true.sight.ground_of(pixel[None])[0]
        foot = pixel + rng.normal(0, FOOT_NOISE_PX)
        hits.append(covers(believed.place((foot[0], foot[1])), *ground))
    assert 0.92 <= np.mean(hits) <= 0.975


@pytest.mark.parametrize(
    ("pose", "words"),
    [
        (Pose(height_m=8, heading_deg=0, tilt_deg=-5, hfov_deg=60), "does not look below the horizon"),
        (Pose(height_m=8, heading_deg=0, tilt_deg=0, hfov_deg=60), "does not look below the horizon"),
        (Pose(height_m=0, heading_deg=0, tilt_deg=10, hfov_deg=60), "not above the ground"),
        (Pose(height_m=8, heading_deg=math.nan, tilt_deg=10, hfov_deg=60), "not finite"),
        (Pose(height_m=8, heading_deg=0, tilt_deg=10, hfov_deg=180), "field of view"),
    ],
)
def test_a_pose_that_cannot_be_says_why(pose: Pose, words: str) -> None:
    with pytest.raises(GeolocateError, match=words):
        from_pose(ORIGIN, pose, SIZE)


def test_a_camera_without_a_pose_says_honestly_that_it_is_somewhere_near() -> None:
    placed = nowhere(ORIGIN)
    assert (placed.place, placed.placed_by) == (ORIGIN, "camera_position")
    assert placed.ellipse.minor_m == placed.ellipse.major_m >= 300


@given(heading=st.floats(0, 359.9), tilt=st.floats(1, 90), roll=st.floats(-60, 60), hfov=st.floats(5, 120))
def test_a_pose_comes_back_from_how_it_sees(heading: float, tilt: float, roll: float, hfov: float) -> None:
    pose = Pose(height_m=8, heading_deg=heading, tilt_deg=tilt, roll_deg=roll, hfov_deg=hfov)
    sight = from_pose(ORIGIN, pose, SIZE).sight
    again = from_pose(ORIGIN, pose_of(sight), SIZE).sight
    assert np.allclose(sight.turn, again.turn, atol=1e-6)
    assert again.focal_px == pytest.approx(sight.focal_px)


def test_on_a_slope_the_ground_is_met_where_it_is() -> None:
    steep = from_pose(ORIGIN, POSE, SIZE, grade=(0.02 * math.sin(math.radians(30)), 0.02 * math.cos(math.radians(30))))
    flat = from_pose(ORIGIN, POSE, SIZE)
    along = np.array([math.sin(math.radians(30)), math.cos(math.radians(30))]) * 60
    foot = steep.sight.seen_at(np.array([[*along, 0.02 * 60]]))[0]
    assert np.allclose(to_metres(ORIGIN, steep.place((foot[0], foot[1])).place), along, atol=0.01)
    off = math.hypot(*(to_metres(ORIGIN, flat.place((foot[0], foot[1])).place) - along))
    assert 9.5 < off < 11.5  # a grade of 2 % taken as flat: 10.6 m at 60 m


def test_beyond_its_range_a_camera_gives_a_bearing_only() -> None:
    foot = (960.0, 430.0)
    assert from_pose(ORIGIN, POSE, SIZE).place(foot).placed_by == "camera"
    near = from_pose(ORIGIN, POSE, SIZE, range_m=10).place(foot)
    assert (near.placed_by, near.place) == ("camera_position", ORIGIN)
    assert near.bearing_deg == pytest.approx(30, abs=1)


@pytest.mark.parametrize("lens", [(math.nan, 0, 0, 0, 0), (1e300, 0, 0, 0, 0), (0, 0, math.inf, 0, 0)])
def test_a_lens_that_cannot_be_says_why(lens: tuple[float, float, float, float, float]) -> None:
    with pytest.raises(GeolocateError, match="five finite numbers"):
        from_pose(ORIGIN, POSE, SIZE, lens=lens)


def test_ground_that_stands_upright_is_refused() -> None:
    with pytest.raises(GeolocateError, match="grades"):
        from_pose(ORIGIN, POSE, SIZE, grade=(3.0, 0.0))


@given(
    x=st.floats(0, 1920), y=st.floats(0, 300), heading=st.floats(0, 359), tilt=st.floats(2, 25), roll=st.floats(-30, 30)
)
def test_the_bearing_of_what_is_above_the_horizon_is_that_of_a_mast_that_reaches_up_to_it(
    x: float, y: float, heading: float, tilt: float, roll: float
) -> None:
    locator = from_pose(ORIGIN, Pose(height_m=8, heading_deg=heading, tilt_deg=tilt, roll_deg=roll, hfov_deg=69), SIZE)
    placed = locator.place((x, y))
    if placed.bearing_deg is None or placed.placed_by != "camera_position":
        return
    bearing = math.radians(placed.bearing_deg)
    foot = np.array([math.sin(bearing), math.cos(bearing)]) * 400
    tops = locator.sight.seen_at(np.column_stack([np.tile(foot, (4000, 1)), np.linspace(-60, 600, 4000)]))
    seen = tops[np.isfinite(tops).all(axis=1)]
    assert np.hypot(*(seen - np.array([x, y])).T).min() < 4


def test_a_rolled_camera_knows_the_bearing_of_what_is_above_the_horizon() -> None:
    pose = Pose(height_m=8, heading_deg=0, tilt_deg=5, roll_deg=20, hfov_deg=69)
    locator = from_pose(ORIGIN, pose, SIZE)
    top = locator.sight.seen_at(np.array([[20.0, 60.0, 30.0]]))[0]
    placed = locator.place((float(top[0]), float(top[1])))
    assert placed.placed_by == "camera_position"
    assert placed.bearing_deg == pytest.approx(math.degrees(math.atan2(20, 60)), abs=0.01)

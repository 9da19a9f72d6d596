from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.sight.ground import Floats
from layers.sight.sight import BY, Sight, looking

SIGHT = Sight(
    eye=np.array([1.0, -2.0, 8.0]),
    turn=looking(0.5, 0.3, 0.05),
    focal_px=1400.0,
    size_px=(1920, 1080),
    lens=(-0.1, 0.02, 0.001, -0.002, 0.0),
    grade=(0.01, -0.02),
)


def slopes(function: Callable[[Floats], Floats], count: int, step: float) -> Floats:
    return np.stack([(function(by) - function(-by)) / (2 * step) for by in step * np.eye(count)], axis=-1)


@given(x=st.floats(100, 1800), y=st.floats(500, 1000))
@settings(max_examples=30)
def test_a_pixel_meets_the_ground_where_it_is_seen(x: float, y: float) -> None:
    ground = SIGHT.ground_of(np.array([[x, y]]))
    back = SIGHT.seen_at(np.column_stack([ground, ground @ np.array(SIGHT.grade)]))
    assert np.allclose(back, [[x, y]], atol=1e-4)


@given(x=st.floats(100, 1800), y=st.floats(500, 1000))
@settings(max_examples=30)
def test_the_derivatives_of_a_place_are_those_of_small_steps(x: float, y: float) -> None:
    pixel = np.array([x, y])
    _, by_pixel, by_pose = SIGHT.by_pixel_and_by_pose(pixel)
    stepped = slopes(lambda by: SIGHT.moved(by).ground_of(pixel[None])[0], len(BY), 1e-6)
    assert np.allclose(by_pose, stepped, rtol=1e-3, atol=1e-3)
    moved = slopes(lambda by: SIGHT.ground_of((pixel + by)[None])[0], 2, 1e-3)
    assert np.allclose(by_pixel, moved, rtol=1e-3, atol=1e-5)


@given(east=st.floats(-10, 30), north=st.floats(15, 60), up=st.floats(-1, 3))
@settings(max_examples=30)
def test_the_derivatives_of_a_pixel_are_those_of_small_steps(east: float, north: float, up: float) -> None:
    spot = np.array([[east, north, up]])
    _, by_spot, by_pose = SIGHT.by_spot_and_by_pose(spot)
    stepped = slopes(lambda by: SIGHT.moved(np.append(by, [0, 0])).seen_at(spot)[0], len(BY) - 2, 1e-6)
    assert np.allclose(by_pose[0], stepped, rtol=1e-3, atol=1e-2)
    assert np.allclose(by_spot[0], slopes(lambda by: SIGHT.seen_at(spot + by)[0], 3, 1e-5), rtol=1e-3, atol=1e-3)


def test_behind_the_camera_nothing_is_seen_and_above_the_horizon_no_ground_is_met() -> None:
    assert np.isnan(SIGHT.seen_at(np.array([[-40.0, -60.0, 0.0]]))).all()
    assert np.isnan(SIGHT.ground_of(np.array([[960.0, 0.0]]))).all()


def test_what_stands_above_the_ground_is_met_nearer() -> None:
    pixel = np.array([[960.0, 700.0]])
    assert np.linalg.norm(SIGHT.ground_of(pixel, 1.5)) < np.linalg.norm(SIGHT.ground_of(pixel))


@pytest.mark.parametrize("tilt", [0.3, np.pi / 2])
def test_a_turn_is_a_rotation(tilt: float) -> None:
    turn = looking(1.0, tilt, 0.2)
    assert np.allclose(turn @ turn.T, np.eye(3))
    assert np.linalg.det(turn) == pytest.approx(1)

"""The pose that the ground floor finds without OpenCV is the one that OpenCV's SQPNP finds."""

import math

import cv2
import numpy as np
import pytest

from layers.sight.control_points import ControlPoint, Known, from_points
from layers.sight.fitting import Noise
from layers.sight.ground import Floats, from_metres
from layers.sight.lens import STRAIGHT
from layers.sight.sight import Sight, looking
from layers.values import LonLat

SIZE, FOCAL = (1920, 1080), 1400.0
ORIGIN = LonLat(lon=76.94, lat=43.24)
HFOV = math.degrees(2 * math.atan(SIZE[0] / 2 / FOCAL))
KNOWN = Known(size_px=SIZE, hfov_deg=HFOV, lens=STRAIGHT, grade=(0.0, 0.0))
ALIKE = Noise(click_px=1.0, ground_m=1e-9, up_m=1e-9)  # every click weighs the same, as it does there
MATRIX = np.array([[FOCAL, 0, 960], [0, FOCAL, 540], [0, 0, 1]])


def scene(rng: np.random.Generator, count: int, up_m: float) -> tuple[Sight, Floats, Floats]:
    """A camera hung somehow, and what it sees of ground and of things up to `up_m` above it."""
    turn = looking(rng.uniform(0, 6.28), rng.uniform(0.1, 1.4), rng.uniform(-0.2, 0.2))
    eye = np.array([*rng.uniform(-20, 20, 2), rng.uniform(4, 40)])
    sight = Sight(eye=eye, turn=turn, focal_px=FOCAL, size_px=SIZE)
    pixels = rng.uniform([0, 100], [1920, 1080], (400, 2))
    up = rng.uniform(0, up_m, 400)
    spots = np.column_stack([sight.ground_of(pixels, up), up])
    held = np.isfinite(spots).all(axis=1) & (np.hypot(*(spots[:, :2] - eye[:2]).T) < 150)
    return sight, pixels[held][:count], spots[held][:count]


def points_of(pixels: Floats, spots: Floats) -> list[ControlPoint]:
    places = [from_metres(ORIGIN, spot) for spot in spots]
    rows = zip(pixels.tolist(), spots[:, 2].tolist(), places, strict=True)
    return [ControlPoint(x=x, y=y, lon=p.lon, lat=p.lat, elevation_m=up) for (x, y), up, p in rows]


@pytest.mark.parametrize("up_m", [0.0, 3.0])
def test_the_pose_is_that_of_sqpnp(up_m: float) -> None:
    rng = np.random.default_rng(7)
    for _ in range(30):
        _, pixels, spots = scene(rng, 8, up_m)
        if len(pixels) < 8:
            continue
        seen = pixels + rng.normal(0, 0.5, pixels.shape)
        solved, turn, shift = cv2.solvePnP(spots, seen, MATRIX, None, flags=cv2.SOLVEPNP_SQPNP)
        turn, shift = cv2.solvePnPRefineLM(spots, seen, MATRIX, None, turn, shift)
        assert solved
        eye = (-cv2.Rodrigues(turn)[0].T @ shift).ravel()
        found = from_points(ORIGIN, points_of(seen, spots), KNOWN, ALIKE)
        far = math.dist(eye, spots.mean(axis=0))
        assert math.dist(found.sight.eye, eye) < 1e-3 * far

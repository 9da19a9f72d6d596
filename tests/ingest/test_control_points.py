import math

import numpy as np
import pytest

from ingest.control_points import ControlPoint, from_points, residuals_m
from ingest.geolocate import FOOT_NOISE_PX, GeolocateError, looking
from ingest.ground import Floats, from_metres, to_metres
from ingest.values import Placed
from layers.values import LonLat

ORIGIN = LonLat(lon=76.94, lat=43.24)
SIZE = (1920, 1080)
FOCAL, EYE = 1400.0, np.array([0.0, 0.0, 8.0])
HFOV = math.degrees(2 * math.atan(960 / FOCAL))
TURN = looking(math.radians(30), math.radians(15), 0.0)


def seen_at(ground: Floats) -> Floats:
    rays = (ground - EYE) @ TURN.T
    return np.asarray(rays[:, :2] / rays[:, 2:] * FOCAL + np.array(SIZE) / 2)


def spots(rng: np.random.Generator, count: int) -> Floats:
    """Places on the ground that the camera sees, 8 to 130 m away."""
    found: list[Floats] = []
    while len(found) < count:
        away, bearing = rng.uniform(8, 130), math.radians(30) + rng.uniform(-0.6, 0.6)
        ground = np.array([away * math.sin(bearing), away * math.cos(bearing), 0.0])
        x, y = seen_at(ground[None])[0]
        if 0 < x < SIZE[0] and 0 < y < SIZE[1]:
            found.append(ground)
    return np.array(found)


def points(rng: np.random.Generator, count: int, noisy: bool = True) -> list[ControlPoint]:
    ground = spots(rng, count)
    pixels = seen_at(ground) + noisy * rng.normal(0, 2, (count, 2))
    noted = ground + noisy * rng.normal(0, [0.3, 0.3, 0.15], (count, 3))
    places = [from_metres(ORIGIN, place[:2]) for place in noted]
    return [
        ControlPoint(x=x, y=y, lon=p.lon, lat=p.lat, elevation_m=up)
        for (x, y), p, up in zip(pixels, places, noted[:, 2], strict=True)
    ]


def covers(placed: Placed, ground: Floats) -> bool:
    off = to_metres(ORIGIN, placed.place) - ground[:2]
    bearing = math.radians(placed.ellipse.bearing_deg)
    along = off @ np.array([math.sin(bearing), math.cos(bearing)])
    across = off @ np.array([math.cos(bearing), -math.sin(bearing)])
    return bool((along / placed.ellipse.major_m) ** 2 + (across / placed.ellipse.minor_m) ** 2 <= 1)


@pytest.mark.parametrize("count", [4, 10])
def test_simulated_ellipses_cover_as_often_as_they_say(count: int) -> None:
    rng = np.random.default_rng(count)
    hits = []
    for _ in range(300):
        locator = from_points(ORIGIN, points(rng, count), SIZE, HFOV)
        for away in (20.0, 60.0):
            ground = np.array([away * 0.5, away * math.sqrt(0.75), 0.0])
            foot = seen_at(ground[None])[0] + rng.normal(0, FOOT_NOISE_PX)
            placed = locator.place((foot[0], foot[1]))
            if placed.placed_by == "control_points":
                hits.append(covers(placed, ground))
    assert len(hits) > 500
    assert 0.92 <= np.mean(hits) <= 0.975


@pytest.mark.parametrize("hfov_deg", [HFOV, None])
def test_exact_points_give_the_exact_place_with_and_without_a_known_field_of_view(hfov_deg: float | None) -> None:
    rng = np.random.default_rng(1)
    locator = from_points(ORIGIN, points(rng, 8, noisy=False), SIZE, hfov_deg)
    ground = np.array([15.0, 30.0, 0.0])
    x, y = seen_at(ground[None])[0]
    assert np.allclose(to_metres(ORIGIN, locator.place((x, y)).place), ground[:2], atol=0.05)


def test_left_out_one_by_one_a_wrong_point_stands_out() -> None:
    marks = points(np.random.default_rng(2), 8, noisy=False)
    moved = from_metres(ORIGIN, to_metres(ORIGIN, LonLat(lon=marks[3].lon, lat=marks[3].lat)) + np.array([8.0, 0.0]))
    marks[3] = ControlPoint(x=marks[3].x, y=marks[3].y, lon=moved.lon, lat=moved.lat)
    apart = residuals_m(ORIGIN, marks, SIZE, HFOV)
    assert int(np.argmax(apart)) == 3
    assert apart[3] > 5


def test_too_few_points_nan_and_a_single_spot_say_why() -> None:
    marks = points(np.random.default_rng(3), 8)
    with pytest.raises(GeolocateError, match="There are 3 control points"):
        from_points(ORIGIN, marks[:3], SIZE, HFOV)
    with pytest.raises(GeolocateError, match="no known field of view needs 6"):
        from_points(ORIGIN, marks[:5], SIZE, None)
    odd = ControlPoint(x=math.nan, y=0, lon=76.94, lat=43.24)
    with pytest.raises(GeolocateError, match="cannot be"):
        from_points(ORIGIN, [*marks[:4], odd], SIZE, HFOV)
    with pytest.raises(GeolocateError, match="fix no pose"):
        from_points(ORIGIN, [marks[0]] * 5, SIZE, HFOV)

"""A camera 8 m up a mast, 1080p, and marks on its ground that somebody surveyed and clicked."""

import math

import numpy as np

from layers.sight.control_points import ControlPoint
from layers.sight.ground import Floats, from_metres, to_metres
from layers.sight.placed import Placed
from layers.sight.sight import Sight, looking
from layers.values import LonLat

ORIGIN = LonLat(lon=76.94, lat=43.24)
SIZE = (1920, 1080)
FOCAL, HEADING = 1400.0, math.radians(30)
HFOV = math.degrees(2 * math.atan(960 / FOCAL))
AHEAD = np.array([math.sin(HEADING), math.cos(HEADING)])
CLICK_PX, POINT_M, ROUGH_M = 2.0, 0.3, 0.15


def camera(k1: float = 0.0, slope: float = 0.0, *, tilt_deg: float = 15.0, height_m: float = 8.0) -> Sight:
    """A camera that looks along a street which climbs by `slope`."""
    return Sight(
        eye=np.array([0.0, 0.0, height_m]),
        turn=looking(HEADING, math.radians(tilt_deg), 0.0),
        focal_px=FOCAL,
        size_px=SIZE,
        lens=(k1, 0.0, 0.0, 0.0, 0.0),
        grade=(slope * AHEAD[0], slope * AHEAD[1]),
    )


def on_ground(sight: Sight, flat: Floats) -> Floats:
    return np.column_stack([flat, flat @ np.array(sight.grade)])


def spots(sight: Sight, rng: np.random.Generator, count: int) -> Floats:
    """Places on the ground that the camera sees, 8 to 130 m away."""
    away, bearing = rng.uniform(8, 130, 60 * count), HEADING + rng.uniform(-0.6, 0.6, 60 * count)
    ground = on_ground(sight, np.column_stack([away * np.sin(bearing), away * np.cos(bearing)]))
    pixels = sight.seen_at(ground)
    return ground[((pixels > 0) & (pixels < np.array(SIZE))).all(axis=1)][:count]


def points(
    sight: Sight, rng: np.random.Generator, count: int, *, noisy: bool = True, elevations: bool = False
) -> list[ControlPoint]:
    """Marks as surveyed and clicked: 0.3 m, 2 px; without elevations the ground itself is 0.15 m rough."""
    ground = spots(sight, rng, count)
    rough = noisy * rng.normal(0, ROUGH_M, count)
    stood = ground + np.column_stack([np.zeros((count, 2)), np.zeros(count) if elevations else rough])
    pixels = sight.seen_at(stood) + noisy * rng.normal(0, CLICK_PX, (count, 2))
    noted = ground[:, :2] + noisy * rng.normal(0, POINT_M, (count, 2))
    up = ground[:, 2] + rough if elevations else [None] * count
    places = [from_metres(ORIGIN, place) for place in noted]
    return [
        ControlPoint(x=x, y=y, lon=p.lon, lat=p.lat, elevation_m=None if high is None else float(high))
        for (x, y), p, high in zip(pixels.tolist(), places, up, strict=True)
    ]


def covers(placed: Placed, ground: Floats) -> bool:
    """Say whether the 95 % ellipse of a place holds the truth."""
    off = to_metres(ORIGIN, placed.place) - ground[:2]
    bearing = math.radians(placed.ellipse.bearing_deg)
    along = off @ np.array([math.sin(bearing), math.cos(bearing)])
    across = off @ np.array([math.cos(bearing), -math.sin(bearing)])
    return bool((along / placed.ellipse.major_m) ** 2 + (across / placed.ellipse.minor_m) ** 2 <= 1)

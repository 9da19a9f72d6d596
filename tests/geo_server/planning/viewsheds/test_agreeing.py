"""The planner's view and the dispatcher's agree: what a viewshed holds is what `seeing` says of the same place."""

import math

import numpy as np
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from geo_server.planning.viewsheds.seen import Seen, seen_by
from layers.cameras.blocking import Building, blocked
from layers.cameras.sight import AIM_UP_M, Sight, View, Watcher, metres_from, past, sighting
from layers.values import LonLat, Title
from tests.geo_server.planning.viewsheds.scenes import views, walls
from tests.geo_server.planning.viewsheds.test_seen import Built, houses

ALMATY = LonLat(lon=76.94, lat=43.24)
EAST_M, NORTH_M = metres_from(ALMATY, LonLat(lon=ALMATY.lon + 1, lat=ALMATY.lat + 1))


def lonlat(x: float, y: float) -> LonLat:
    return LonLat(lon=ALMATY.lon + x / EAST_M, lat=ALMATY.lat + y / NORTH_M)


def on_earth(outline: BaseGeometry) -> BaseGeometry:
    corner, scale = np.array([ALMATY.lon, ALMATY.lat]), np.array([1 / EAST_M, 1 / NORTH_M])
    return shapely.transform(outline, lambda xy: xy * scale + corner)


def watcher(height_m: float, heading: float, tilt: float, hfov: float, away_m: float) -> Watcher:
    return Watcher(
        id=1, code="C", name=Title(kk="к", ru="к", en="c"), kind="fixed", place=ALMATY, distance_m=away_m, state="live",
        enabled=True, moving=False, height_m=height_m, roll_deg=0.0, range_m=100.0, size_px=(1920, 1080),
        view=View(heading_deg=heading, tilt_deg=tilt, hfov_deg=hfov),
    )  # fmt: skip


def holds(seen: Seen, x: float, y: float) -> bool:
    turned = (math.atan2(y, x) - seen.azimuth + math.pi) % (2 * math.pi) - math.pi
    ray = int(np.argmin(np.abs(turned)))
    parts = seen.parts[seen.ray == ray]
    inside = (parts[:, 0] <= math.hypot(x, y)) & (math.hypot(x, y) <= parts[:, 1])
    return bool(abs(turned[ray]) <= seen.half[ray] and inside.any())


@settings(deadline=None)
@given(
    houses(), st.floats(3, 12), st.floats(0, 360), st.floats(0, 50), st.floats(30, 100), st.floats(5, 99),
    st.floats(-math.pi, math.pi),
)  # fmt: skip
def test_a_place_is_in_the_viewshed_where_seeing_says_that_the_camera_sees_it(
    built: Built, height_m: float, heading: float, tilt: float, hfov: float, away_m: float, azimuth: float
) -> None:
    x, y = away_m * math.cos(azimuth), away_m * math.sin(azimuth)
    spot = shapely.Point(x, y)
    assume(all(outline.exterior.distance(spot) > 0.3 and not outline.contains(spot) for outline, _ in built))
    to = lonlat(x, y)
    buildings = [Building(outline=on_earth(outline), height_m=top, levels=None) for outline, top in built]
    camera = watcher(height_m, heading, tilt, hfov, away_m)
    told = past(sighting(camera, to), blocked(to, [camera], buildings).get(1)).sight is Sight.SEES
    one = views(eye_m=height_m, above_m=AIM_UP_M, heading_deg=heading, tilt_deg=tilt, hfov_deg=hfov)
    seen = seen_by(one, walls(*built))
    near_by = {holds(seen, x + dx, y + dy) for dx, dy in ((0, 0), (0.7, 0), (-0.7, 0), (0, 0.7), (0, -0.7))}
    assert told in near_by

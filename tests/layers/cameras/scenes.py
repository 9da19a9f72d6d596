"""Cameras and boxes of houses around a place, in metres."""

import math
from typing import Any

import shapely

from layers.cameras.blocking import Building
from layers.cameras.sight import View, Watcher, metres_from
from layers.values import LonLat, Title

PLACE = LonLat(lon=76.945, lat=43.238)
_SCALE = metres_from(PLACE, LonLat(lon=PLACE.lon + 1, lat=PLACE.lat + 1))


def at(east_m: float, north_m: float) -> LonLat:
    """The place so many metres from the one asked about."""
    return LonLat(lon=PLACE.lon + east_m / _SCALE[0], lat=PLACE.lat + north_m / _SCALE[1])


def watcher(east_m: float, north_m: float, *, view: View | None = None, **more: Any) -> Watcher:
    """A camera there; without a view it looks straight at the place, 60 degrees wide."""
    towards = math.degrees(math.atan2(-east_m, -north_m)) % 360
    told: dict[str, Any] = {
        "id": 1, "code": "C-1", "name": Title(kk="к", ru="р", en="e"), "kind": "fixed", "place": at(east_m, north_m),
        "distance_m": math.hypot(east_m, north_m), "state": "live", "enabled": True, "moving": False, "height_m": 6.0,
        "roll_deg": 0.0, "range_m": 120.0, "size_px": (1920, 1080),
        "view": view or View(heading_deg=towards, tilt_deg=None, hfov_deg=60.0),
    }  # fmt: skip
    return Watcher(**told | more)


def house(west: float, south: float, east: float, north: float, height_m: float | None = None) -> Building:
    """A box of a house, metres from the place."""
    outline = shapely.box(*astuple(at(west, south)), *astuple(at(east, north)))
    return Building(outline=outline, height_m=height_m, levels=None)


def astuple(place: LonLat) -> tuple[float, float]:
    """Longitude and latitude."""
    return place.lon, place.lat

"""What is near a place: a box for the index, then the exact distance over the ground."""

import math
from typing import Any

from sqlalchemy import ColumnElement, func

from layers.values import BBox, LonLat

EARTH_RADIUS_M = 6_371_008.8  # IUGG mean radius, as ST_DistanceSphere has it
_M_PER_DEG = EARTH_RADIUS_M * math.pi / 180
_SLACK = 1.001


def box_around(place: LonLat, radius_m: float) -> BBox:
    """Return the box that holds every point within `radius_m`, cut at the poles and at the antimeridian."""
    up = radius_m * _SLACK / _M_PER_DEG
    south, north = max(place.lat - up, -90.0), min(place.lat + up, 90.0)
    narrowest = math.cos(math.radians(min(max(abs(south), abs(north)), 89.9)))
    side = min(up / narrowest, 180.0)
    return BBox(west=max(place.lon - side, -180.0), south=south, east=min(place.lon + side, 180.0), north=north)


def point(place: LonLat) -> ColumnElement[Any]:
    """Return the place as a geometry, EPSG:4326."""
    return func.ST_SetSRID(func.ST_MakePoint(place.lon, place.lat), 4326)


def distance_m(geom: ColumnElement[Any], place: LonLat) -> ColumnElement[float]:
    """Return metres over the sphere between a point column and a place."""
    return sphere_m(func.ST_X(geom), func.ST_Y(geom), place.lon, place.lat)


def sphere_m(lon: Any, lat: Any, to_lon: Any, to_lat: Any) -> ColumnElement[float]:
    """Return metres between two points in degrees by the haversine: ST_DistanceSphere takes 20 times as long.

    It is a cast to geography inside; over the thousand rows of a place's history that was most of the time.
    """
    up = func.sin(func.radians(lat - to_lat) / 2)
    side = func.sin(func.radians(lon - to_lon) / 2)
    half = up * up + func.cos(func.radians(lat)) * func.cos(func.radians(to_lat)) * side * side
    return 2 * EARTH_RADIUS_M * func.asin(func.sqrt(func.least(1.0, half)))


def within(geom: ColumnElement[Any], place: LonLat, radius_m: float) -> ColumnElement[bool]:
    """Return the condition that a point column lies within `radius_m` metres of a place; its GiST index serves it."""
    box = box_around(place, radius_m)
    envelope = func.ST_MakeEnvelope(box.west, box.south, box.east, box.north, 4326)
    return geom.op("&&")(envelope) & (distance_m(geom, place) <= radius_m)

"""What is near a place: a box for the index, then the exact distance over the ground."""

import math
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from geoalchemy2 import Geography
from sqlalchemy import ColumnElement, Double, Row, Select, Table, bindparam, cast, func, select
from sqlalchemy.dialects.postgresql import distinct_on

from layers.asking import Reading
from layers.values import BBox, LonLat, Title

EARTH_RADIUS_M = 6_371_008.8  # IUGG mean radius, as ST_DistanceSphere has it
_M_PER_DEG = EARTH_RADIUS_M * math.pi / 180
_SLACK = 1.001
MOST_CELLS = 600  # beyond that, some 3 km around, the index on geometry is asked

# A circle by parameters, for questions that are built once and asked often: `around` gives their values.
_LON, _LAT, _RADIUS_M = (bindparam(name, type_=Double) for name in ("lon", "lat", "radius_m"))
POINT: ColumnElement[Any] = func.ST_SetSRID(func.ST_MakePoint(_LON, _LAT), 4326)  # of the same `lon` and `lat`
_BOX = tuple(bindparam(name, type_=Double) for name in ("west", "south", "east", "north"))


def box_around(place: LonLat, radius_m: float) -> BBox:
    """Return the box that holds every point within `radius_m`, cut at the poles and at the antimeridian."""
    up = radius_m * _SLACK / _M_PER_DEG
    south, north = max(place.lat - up, -90.0), min(place.lat + up, 90.0)
    narrowest = math.cos(math.radians(min(max(abs(south), abs(north)), 89.9)))
    side = min(up / narrowest, 180.0)
    return BBox(west=max(place.lon - side, -180.0), south=south, east=min(place.lon + side, 180.0), north=north)


def cells_around(place: LonLat, radius_m: float) -> list[int] | None:
    """Return the cells of `place_cell` (migration 0013) that hold every point within `radius_m`; None for too many."""
    box = box_around(place, radius_m)
    rows = range(math.floor((box.south + 90) * 400), math.floor((box.north + 90) * 400) + 1)
    columns = range(math.floor((box.west + 180) * 256), math.floor((box.east + 180) * 256) + 1)
    if len(rows) * len(columns) > MOST_CELLS:
        return None
    return [row * 131_072 + column for row in rows for column in columns]


def point(place: LonLat) -> ColumnElement[Any]:
    """Return the place as a geometry, EPSG:4326."""
    return func.ST_SetSRID(func.ST_MakePoint(place.lon, place.lat), 4326)


def apart_m(one: LonLat, other: LonLat) -> float:
    """Return metres between two places so near to each other that the ground is flat."""
    east = math.radians(one.lon - other.lon) * math.cos(math.radians(one.lat))
    return EARTH_RADIUS_M * math.hypot(east, math.radians(one.lat - other.lat))


def sphere_m(lon: Any, lat: Any, to_lon: Any, to_lat: Any) -> ColumnElement[float]:
    """Return metres between two points in degrees by the haversine: ST_DistanceSphere takes 20 times as long.

    It is a cast to geography inside; over the thousand rows of a place's history that was most of the time.
    """
    up = func.sin(func.radians(lat - to_lat) * 0.5)
    side = func.sin(func.radians(lon - to_lon) * 0.5)
    half = up * up + func.cos(func.radians(lat)) * func.cos(func.radians(to_lat)) * side * side
    return 2 * EARTH_RADIUS_M * func.asin(func.sqrt(func.least(1.0, half)))


def around(place: LonLat, radius_m: float) -> dict[str, float]:
    """Return the values of the parameters that `away_m`, `in_box` and `in_reach` leave open; `radius_m` in metres."""
    box = box_around(place, radius_m)
    sides = {"west": box.west, "south": box.south, "east": box.east, "north": box.north}
    return {"lon": place.lon, "lat": place.lat, "radius_m": radius_m, **sides}


def away_m(geom: ColumnElement[Any]) -> ColumnElement[float]:
    """Return metres over the sphere between a point column and the middle of the circle `around`."""
    return sphere_m(func.ST_X(geom), func.ST_Y(geom), _LON, _LAT)


def away_from_m(lon: ColumnElement[float], lat: ColumnElement[float]) -> ColumnElement[float]:
    """Return the same of a place that stands in two columns, degrees."""
    return sphere_m(lon, lat, _LON, _LAT)


def in_box(geom: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the condition that a point column lies in the box of the circle `around`; its GiST index serves it."""
    return geom.bool_op("&&")(func.ST_MakeEnvelope(*_BOX, 4326))


def in_reach(distance_m: ColumnElement[float]) -> ColumnElement[bool]:
    """Return the condition that a distance, of `away_m`, is within the radius of the circle `around`."""
    return distance_m <= _RADIUS_M


@dataclass(frozen=True, slots=True, kw_only=True)
class OfKind:
    """The nearest thing of a kind: metres over the ground to its place or to its outline, 0 within it."""

    kind: str
    distance_m: float
    name: Title | None


@lru_cache
def nearest_of_kinds(table: Table, kinds: frozenset[str]) -> Select[Any]:
    """Return the question for the nearest of each kind in the circle `around`; the GiST index on `geom` serves it."""
    here = func.ST_SetSRID(func.ST_MakePoint(_LON, _LAT), 4326)
    away = func.ST_Distance(cast(table.c.geom, Geography), cast(here, Geography)).label("distance_m")
    names = (table.c[name] for name in ("kind", "name", "name_kk", "name_ru", "name_en"))
    boxed = select(*names, away).where(in_box(table.c.geom), table.c.kind.in_(sorted(kinds)))
    near = boxed.cte("near").prefix_with("MATERIALIZED")  # each distance once
    asked = select(near).where(in_reach(near.c.distance_m))
    return asked.ext(distinct_on(near.c.kind)).order_by(near.c.kind, near.c.distance_m)


def asked_of_kinds(table: Table, kinds: Collection[str], place: LonLat, radius_m: float) -> Reading[list[OfKind]]:
    """Return the reading of the nearest of each of these kinds of a table within `radius_m` metres."""
    asked = nearest_of_kinds(table, frozenset(kinds))
    return Reading(lambda rows: [kind_found(row) for row in rows], ((asked, around(place, radius_m)),))


def kind_found(row: Row[Any]) -> OfKind:
    """Return one answer to it; a name that is known in one language stands for the others."""
    known = str(next((name for name in (row.name, row.name_ru, row.name_kk, row.name_en) if name), ""))
    kk, ru, en = (name or known for name in (row.name_kk, row.name_ru, row.name_en))
    return OfKind(kind=row.kind, distance_m=row.distance_m, name=Title(kk=kk, ru=ru, en=en) if known else None)

"""Every question asked of gaps."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Float, func, select, true

from layers.addresses.table import address
from layers.areas.queries import seen_by
from layers.database import Session
from layers.gaps.table import gap
from layers.values import BBox, LonLat, Title
from layers.viewer import Viewer

_c = gap.c
NEAREST_DEG = 0.005  # of an address, some 400 m
_SIDES = {"west": func.ST_XMin, "south": func.ST_YMin, "east": func.ST_XMax, "north": func.ST_YMax}
_LANGUAGES = ("kk", "ru", "en")
_COUNTS = ("ground_m2", "streets_m", "incidents", "places", "schools", "addresses", "weight")


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedGap:
    """A gap with what lies in it, a place inside it, its extent, and the nearest address, which may be missing."""

    id: int
    area_id: int
    place: LonLat
    bbox: tuple[float, float, float, float]  # west, south, east, north
    ground_m2: float
    streets_m: float
    incidents: int
    places: int
    schools: int
    addresses: int
    weight: float
    nearest: Title | None


async def ranked(
    session: Session, viewer: Viewer, purpose: str, *, inside: BBox | None = None, most: int, past: int = 0
) -> list[RankedGap]:
    """Return the gaps of the viewer's area and below for a purpose, those that weigh most first."""
    at = func.ST_PointOnSurface(_c.geom)
    some = select(gap, at.label("at")).where(_c.purpose == purpose, seen_by(viewer, _c.area_id))
    if inside is not None:
        box = func.ST_MakeEnvelope(inside.west, inside.south, inside.east, inside.north, 4326)
        some = some.where(_c.geom.bool_op("&&")(box))
    first = some.order_by(_c.weight.desc(), _c.ground_m2.desc(), _c.id).limit(most).offset(past).subquery()
    one = first.c
    near = (
        select(*(_in_language(name).label(f"near_{name}") for name in _LANGUAGES))
        .where(address.c.geom.bool_op("&&")(func.ST_Expand(one["at"], NEAREST_DEG)))
        .order_by(address.c.geom.op("<->", return_type=Float)(one["at"]), address.c.id)
        .limit(1)
        .lateral()
    )
    sides = [side(one.geom).label(name) for name, side in _SIDES.items()]
    place = func.ST_X(one["at"]).label("lon"), func.ST_Y(one["at"]).label("lat")
    plain = (one[name] for name in ("id", "area_id", *_COUNTS))
    asked = select(*plain, *near.c, *place, *sides).select_from(first.outerjoin(near, true()))
    ordered = asked.order_by(one.weight.desc(), one.ground_m2.desc(), one.id)
    return [_gap(row) for row in await session.execute(ordered)]


def _in_language(name: str) -> Any:
    return func.coalesce(address.c[f"street_{name}"], address.c.street) + " " + address.c.house


def _gap(row: Any) -> RankedGap:
    plain = {name: getattr(row, name) for name in ("id", "area_id", *_COUNTS)}
    nearest = None if row.near_en is None else Title(kk=row.near_kk, ru=row.near_ru, en=row.near_en)
    place = LonLat(lon=row.lon, lat=row.lat)
    return RankedGap(place=place, bbox=(row.west, row.south, row.east, row.north), nearest=nearest, **plain)

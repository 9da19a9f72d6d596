"""Every question asked of gaps."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import REAL, Float, SmallInteger, Text, column, func, literal, select, true

from layers.addresses.table import address
from layers.areas.queries import seen_by
from layers.areas.table import area
from layers.database import Session
from layers.gaps.table import gap
from layers.values import BBox, LonLat, Title
from layers.viewer import Viewer

_c = gap.c
NEAREST_DEG = 0.005  # of an address, some 400 m
_SIDES = {"west": func.ST_XMin, "south": func.ST_YMin, "east": func.ST_XMax, "north": func.ST_YMax}
_LANGUAGES = ("kk", "ru", "en")
_COUNTS = ("ground_m2", "streets_m", "incidents", "accidents", "places", "schools", "addresses")
_EXPECTED = ("categories", "hours", "expected")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Which incidents count: of some categories, and opened at some hours of the day (0-23, local); none: all."""

    categories: frozenset[str] = frozenset()
    hours: frozenset[int] = frozenset()

    def __contains__(self, one: tuple[str, int]) -> bool:
        """Say whether a category at an hour counts."""
        return (not self.categories or one[0] in self.categories) and (not self.hours or one[1] in self.hours)


ALL = Chosen()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lying:
    """What lies in a gap, and what that weighs.

    `expected` are incidents by category, of those that were chosen; `weight` is their sum and what its things are
    worth. `crowds` are kinds of crowded places.
    """

    ground_m2: float
    streets_m: float
    incidents: int
    accidents: int
    places: int
    schools: int
    addresses: int
    crowds: tuple[str, ...]
    expected: Mapping[str, float]
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedGap(Lying):
    """A gap with a place inside it, its extent, and the nearest address, which may be missing."""

    id: int
    area_id: int
    place: LonLat
    bbox: tuple[float, float, float, float]  # west, south, east, north
    nearest: Title | None


async def ranked(
    session: Session,
    viewer: Viewer,
    purpose: str,
    *,
    chosen: Chosen = ALL,
    inside: BBox | None = None,
    within: int | None = None,
    most: int,
    past: int = 0,
) -> list[RankedGap]:
    """Return the gaps of the viewer's area and below for a purpose, those that weigh most first.

    What they weigh counts the incidents that are chosen; all of them are summed up already.
    `inside` is a box that they reach into, `within` an area that they are of, or of one below it.
    """
    at = func.ST_PointOnSurface(_c.geom)
    weight = _c.weight if chosen == ALL else (_c.worth + _expected(chosen))
    plain_columns = (one for one in gap.c if one.name != "weight")
    some = select(*plain_columns, weight.label("weight"), at.label("at"))
    some = some.where(_c.purpose == purpose, seen_by(viewer, _c.area_id))
    if inside is not None:
        box = func.ST_MakeEnvelope(inside.west, inside.south, inside.east, inside.north, 4326)
        some = some.where(_c.geom.bool_op("&&")(box))
    if within is not None:
        theirs = select(area.c.id).where(literal(within) == func.any(area.c.path))
        some = some.where(_c.area_id.in_(theirs))
    first = some.order_by(weight.desc(), _c.ground_m2.desc(), _c.id).limit(most).offset(past).subquery()
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
    plain = (one[name] for name in ("id", "area_id", *_COUNTS, "crowds", *_EXPECTED, "weight"))
    asked = select(*plain, *near.c, *place, *sides).select_from(first.outerjoin(near, true()))
    ordered = asked.order_by(one.weight.desc(), one.ground_m2.desc(), one.id)
    return [_gap(row, chosen) for row in await session.execute(ordered)]


def _in_language(name: str) -> Any:
    return func.coalesce(address.c[f"street_{name}"], address.c.street) + " " + address.c.house


def _expected(chosen: Chosen) -> Any:
    """Return how many of the chosen incidents a gap has to expect."""
    columns: list[Any] = [column("category", Text), column("hour", SmallInteger), column("amount", REAL)]
    each = func.unnest(_c.categories, _c.hours, _c.expected).table_valued(*columns).render_derived(name="each")
    asked = select(func.coalesce(func.sum(each.c.amount), 0.0)).select_from(each)
    if chosen.categories:
        asked = asked.where(each.c.category.in_(sorted(chosen.categories)))
    if chosen.hours:
        asked = asked.where(each.c.hour.in_(sorted(chosen.hours)))
    return asked.correlate(gap).scalar_subquery()


def _by_category(row: Any, chosen: Chosen) -> dict[str, float]:
    found: dict[str, float] = {}
    for category, hour, amount in zip(row.categories, row.hours, row.expected, strict=True):
        if (category, hour) in chosen:
            found[category] = found.get(category, 0.0) + amount
    return found


def _gap(row: Any, chosen: Chosen) -> RankedGap:
    plain = {name: getattr(row, name) for name in ("id", "area_id", *_COUNTS, "weight")}
    told: dict[str, Any] = {"crowds": tuple(row.crowds), "expected": _by_category(row, chosen)}
    nearest = None if row.near_en is None else Title(kk=row.near_kk, ru=row.near_ru, en=row.near_en)
    place = LonLat(lon=row.lon, lat=row.lat)
    return RankedGap(place=place, bbox=(row.west, row.south, row.east, row.north), nearest=nearest, **told, **plain)

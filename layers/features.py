"""The questions every layer answers alike: a page of features, one, some, how many, how far they reach.

Each passes through `areas.in_sight(layer, viewer)`, and each asks with `&&` beside `ST_Intersects`, so that an index
helps.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Row, Select, and_, any_, bindparam, func, null, or_, select

from layers.areas.queries import area_of, in_sight
from layers.asking import ask_each
from layers.database import Session
from layers.layer import Layer
from layers.values import BBox, Role
from layers.viewer import Viewer

MOST = 10_000  # features in one page; a larger limit means this one (OGC API – Features 7.15.2)
COUNTED_UP_TO = 100_000  # beyond it the exact number costs more than it tells


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a page is about: a box in degrees, a span of UTC times (both ends belong to it), ids after `after`."""

    bbox: BBox | None = None
    begins: datetime | None = None
    ends: datetime | None = None
    after: int | None = None
    limit: int = 100
    current: bool = False  # only what the map draws now


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """One feature: its geometry as GeoJSON text (lon, lat; None where it has none), its properties, its area.

    `also_areas` are further ones whose people read it.
    """

    id: int
    geometry: str | None
    properties: dict[str, Any]
    area_id: int
    also_areas: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Features in the order of their ids, and where the next page begins, None on the last."""

    features: list[Feature]
    next: int | None


def may_see(layer: Layer, viewer: Viewer) -> bool:
    """Say whether the viewer's role sees the layer at all; a crew sees the public ground alone."""
    return viewer.role in layer.seen_by and (layer.ground or viewer.role is not Role.CREW)


async def page(session: Session, layer: Layer, viewer: Viewer, asked: Asked) -> Page:
    """Return one page; it reads one row more than the page holds, to know whether another follows."""
    limit = max(1, min(asked.limit, MOST))
    conditions = _conditions(layer, viewer, asked)
    if asked.after is not None:
        conditions.append(layer.column("id") > asked.after)
    query = _features(layer).where(*conditions).order_by(layer.column("id")).limit(limit + 1)
    found = [_feature(layer, row) for row in await session.execute(query)]
    more = len(found) > limit
    return Page(features=found[:limit], next=found[limit - 1].id if more else None)


async def one(session: Session, layer: Layer, viewer: Viewer, feature_id: int) -> Feature | None:
    """Return one feature, None where there is none or the viewer does not see it."""
    query = _features(layer).where(layer.column("id") == feature_id, in_sight(layer, viewer))
    row = (await session.execute(query)).one_or_none()
    return None if row is None else _feature(layer, row)


async def some(session: Session, asked: Mapping[Layer, Collection[int]]) -> dict[tuple[str, int], Feature]:
    """Return those of these features that are there, by their layer's name and id, for whomever asks."""
    answers = await ask_each(session, *((_these(layer), {"ids": list(ids)}) for layer, ids in asked.items()))
    found = ((layer, _feature(layer, row)) for layer, rows in zip(asked, answers, strict=True) for row in rows)
    return {(layer.name, feature.id): feature for layer, feature in found}


async def count(session: Session, layer: Layer, viewer: Viewer, asked: Asked) -> int | None:
    """Return how many features match in all, None where it is more than is worth counting."""
    matching = select(layer.column("id")).where(*_conditions(layer, viewer, asked)).limit(COUNTED_UP_TO + 1)
    found = (await session.execute(select(func.count()).select_from(matching.subquery()))).scalar_one()
    return None if found > COUNTED_UP_TO else int(found)


async def extent(session: Session, layer: Layer, viewer: Viewer) -> BBox | None:
    """Return the box of all that the viewer sees, None where that is nothing."""
    geom = layer.column("geom")
    box = func.ST_Extent(geom).label("box")
    of = select(box).where(in_sight(layer, viewer)).subquery()
    corners = (func.ST_XMin(of.c.box), func.ST_YMin(of.c.box), func.ST_XMax(of.c.box), func.ST_YMax(of.c.box))
    row = (await session.execute(select(*corners))).one()
    if row[0] is None:
        return None
    west, south, east, north = (float(value) for value in row)
    return BBox(west=west, south=south, east=east, north=north)


async def span(session: Session, layer: Layer, viewer: Viewer) -> tuple[datetime, datetime] | None:
    """Return the first and the last time of what the viewer sees, None where the layer has no time or no rows."""
    if layer.time is None:
        return None
    time = layer.column(layer.time)
    query = select(func.min(time), func.max(time)).where(in_sight(layer, viewer))
    first, last = (await session.execute(query)).one()
    return None if first is None else (first.astimezone(UTC), last.astimezone(UTC))


def within(geom: ColumnElement[Any], box: BBox) -> ColumnElement[bool]:
    """Return the condition that a geometry touches the box; west > east means across the antimeridian."""
    if box.west > box.east:
        halves = (box.west, 180.0), (-180.0, box.east)
        return or_(*(_touches(geom, west, box.south, east, box.north) for west, east in halves))
    return _touches(geom, box.west, box.south, box.east, box.north)


def _touches(geom: ColumnElement[Any], west: float, south: float, east: float, north: float) -> ColumnElement[bool]:
    envelope = func.ST_MakeEnvelope(west, south, east, north, 4326)
    return and_(geom.op("&&", is_comparison=True)(envelope), func.ST_Intersects(geom, envelope))


def _conditions(layer: Layer, viewer: Viewer, asked: Asked) -> list[ColumnElement[bool]]:
    found = [in_sight(layer, viewer)]
    if asked.bbox is not None:
        found.append(within(layer.column("geom"), asked.bbox))
    if layer.time is not None and asked.begins is not None:
        found.append(layer.column(layer.time) >= asked.begins)
    if layer.time is not None and asked.ends is not None:
        found.append(layer.column(layer.time) <= asked.ends)
    if asked.current and layer.current is not None:
        found.append(layer.current)
    return found


@cache
def _these(layer: Layer) -> Select[Any]:
    return _features(layer).where(layer.column("id") == any_(bindparam("ids", type_=ARRAY(BigInteger))))


def _features(layer: Layer) -> Select[Any]:
    shape = func.ST_AsGeoJSON(layer.column("geom"), 7).label("shape_")
    also: ColumnElement[Any] = null() if layer.also_areas is None else layer.column(layer.also_areas)
    whose = (area_of(layer).label("area_"), also.label("also_"))
    return select(layer.column("id").label("id_"), shape, *whose, *map(layer.column, layer.fields))


def _feature(layer: Layer, row: Row[Any]) -> Feature:
    told = row._mapping
    properties = {name: _utc(told[name]) for name in layer.fields}
    shape = cast("str | None", told["shape_"])
    also = frozenset(told["also_"] or ())
    return Feature(id=told["id_"], geometry=shape, properties=properties, area_id=told["area_"], also_areas=also)


def _utc(value: Any) -> Any:
    return value.astimezone(UTC) if isinstance(value, datetime) else value

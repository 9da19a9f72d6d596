"""Every question asked of closures: what holds now, which segments that closes, drawing one and ending it."""

from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import Any

import shapely
from sqlalchemy import ColumnElement, Select, and_, exists, func, insert, literal, or_, select, update

from layers.areas.queries import seen_by
from layers.asking import NOTHING, Reading
from layers.closures.rows import STATE
from layers.closures.schema import Closure, NewClosure
from layers.closures.table import closure, closure_road
from layers.database import Session
from layers.roads.table import road
from layers.viewer import Viewer

_c = closure.c


async def in_force(session: Session) -> frozenset[int]:
    """Return the ids of the closures that hold now, of every area: routes go round all of them."""
    return await asked_in_force().of(session)


def asked_in_force() -> Reading[frozenset[int]]:
    """Return the reading of the closures that hold now."""
    return Reading(lambda rows: frozenset(row.id for row in rows), ((_in_force(), NOTHING),))


@cache
def _in_force() -> Select[Any]:
    return select(_c.id).where(_holds())


async def roads_of(session: Session, ids: Collection[int]) -> frozenset[int]:
    """Return the ids of the segments that these closures close."""
    asked = select(closure_road.c.road_id).where(closure_road.c.closure_id.in_(ids)).distinct()
    return frozenset((await session.execute(asked)).scalars())


async def turned(session: Session, since: datetime, until: datetime) -> list[int]:
    """Return the ids of closures that began or ended by their own hour in that time, `until` included."""
    edges = (and_(edge > since, edge <= until) for edge in (_c.begins_at, _c.ends_at))
    asked = select(_c.id).where(_c.ended_at.is_(None), _c.made_at <= since, or_(*edges)).order_by(_c.id)
    return list((await session.execute(asked)).scalars())


async def seen(session: Session, viewer: Viewer) -> list[Closure]:
    """Return the closures that hold or are to hold and close a road that the viewer sees, oldest first."""
    closed = closure_road.join(road, road.c.id == closure_road.c.road_id)
    theirs = exists().select_from(closed).where(closure_road.c.closure_id == _c.id, seen_by(viewer, road.c.area_id))
    asked = _closures().where(STATE != "ended", theirs)
    return [_closure(row) for row in await session.execute(asked.order_by(_c.id))]


async def find(session: Session, closure_id: int) -> Closure | None:
    """Return one closure, ended or not; None where there is none."""
    row = (await session.execute(_closures().where(_c.id == closure_id))).one_or_none()
    return None if row is None else _closure(row)


async def of_segment(session: Session, road_id: int) -> Closure | None:
    """Return the closure of this one segment alone that holds now, None where there is none."""
    named = closure_road.c.closure_id == _c.id, closure_road.c.road_id == road_id
    asked = _closures().where(_c.kind == "road", _holds(), exists().where(*named)).order_by(_c.id).limit(1)
    row = (await session.execute(asked)).one_or_none()
    return None if row is None else _closure(row)


async def draw(session: Session, new: NewClosure) -> tuple[int, int]:
    """Write a closure with the segments that it crosses; return its id, and how many those are.

    Raises psycopg's InsufficientPrivilege where its place is not the scope's to close.
    """
    row = {
        "kind": new.kind,
        "reason": new.reason,
        "made_by": new.made_by,
        "begins_at": new.begins_at or func.now(),
        "ends_at": new.ends_at,
        "geom": _shape(new),
    }
    closure_id = int((await session.execute(insert(closure).values(row).returning(_c.id))).scalar_one())
    crossed = select(literal(closure_id), road.c.id).where(_crosses(new))
    written = insert(closure_road).from_select(["closure_id", "road_id"], crossed).returning(closure_road.c.road_id)
    return closure_id, len((await session.execute(written)).all())


async def beyond(session: Session, viewer: Viewer, closure_id: int) -> int:
    """Count the segments of a closure that are not the viewer's to close."""
    joined = closure_road.join(road, road.c.id == closure_road.c.road_id)
    foreign = closure_road.c.closure_id == closure_id, ~func.coalesce(seen_by(viewer, road.c.area_id), False)
    return int((await session.execute(select(func.count()).select_from(joined).where(*foreign))).scalar_one())


async def end(session: Session, closure_id: int, who: str) -> bool:
    """End a closure that holds or is to hold; False where there is none of that id that the scope may end."""
    ended = update(closure).where(_c.id == closure_id, STATE != "ended")
    return (await session.execute(ended.values(ended_at=func.now(), ended_by=who))).rowcount > 0


def _holds() -> ColumnElement[bool]:
    return and_(_c.ended_at.is_(None), _c.begins_at <= func.now(), or_(_c.ends_at.is_(None), _c.ends_at > func.now()))


def _shape(new: NewClosure) -> ColumnElement[Any]:
    if new.road_id is not None:
        return select(road.c.geom).where(road.c.id == new.road_id).scalar_subquery()
    wkb = shapely.to_wkb(new.shape, hex=True)
    return func.ST_SetSRID(func.ST_GeomFromWKB(func.decode(wkb, "hex")), 4326)


def _crosses(new: NewClosure) -> ColumnElement[bool]:
    """The one segment by its id: by its line alone its neighbours would be closed, which touch it at the junctions."""
    if new.road_id is not None:
        return road.c.id == new.road_id
    shape = _shape(new)
    return and_(road.c.geom.op("&&", is_comparison=True)(shape), func.ST_Intersects(road.c.geom, shape))


def _closures() -> Select[Any]:
    of = closure_road.c.closure_id == _c.id
    roads = select(func.count()).select_from(closure_road).where(of).scalar_subquery()
    joined = closure_road.join(road, road.c.id == closure_road.c.road_id)
    one = [
        select(column).select_from(joined).where(of, _c.kind == "road").scalar_subquery()
        for column in (road.c.id, road.c.name)
    ]
    columns = (_c.id, _c.kind, _c.reason, _c.begins_at, _c.ends_at, _c.made_by, STATE.label("state"))
    shape = func.ST_AsBinary(_c.geom).label("shape")
    return select(*columns, shape, roads.label("roads"), one[0].label("road_id"), one[1].label("road_name"))


def _closure(row: Any) -> Closure:
    return Closure(**dict(row._mapping) | {"shape": shapely.from_wkb(bytes(row.shape))})

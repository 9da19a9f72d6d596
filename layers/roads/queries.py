"""Every question asked of roads: the graph for the router, closures, and the importer's bulk writing."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from operator import attrgetter
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import delete, func, insert, or_, select, update
from sqlalchemy.sql.elements import ColumnElement

from layers.areas.queries import seen_by
from layers.bulk import Connection, copy_into
from layers.database import Session
from layers.roads.table import road, road_closure, road_restriction
from layers.viewer import Viewer

_AT_ONCE = 20_000  # rows a partition: enough to be quick, few enough to stay small


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadRows:
    """All segments as arrays; segment i runs from from_node to to_node through lon[offsets[i]:offsets[i+1]], lat[…]."""

    id: NDArray[np.int64]
    from_node: NDArray[np.int64]
    to_node: NDArray[np.int64]
    forward: NDArray[np.bool_]
    backward: NDArray[np.bool_]
    speed_kmh: NDArray[np.float64]
    length_m: NDArray[np.float64]
    offsets: NDArray[np.int64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Restrictions:
    """Turns as arrays, from a segment over a node to a segment; `only[i]` says it is the only one allowed there."""

    from_road_id: NDArray[np.int64]
    via_node: NDArray[np.int64]
    to_road_id: NDArray[np.int64]
    only: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """A segment nobody drives until `opens_at` (UTC), or until somebody opens it."""

    id: int
    road_id: int
    reason: str
    closed_at: datetime
    opens_at: datetime | None
    closed_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenClosure:
    """A closure as people read it: with the name of its road and its line, lon lat degrees WGS 84."""

    id: int
    road_id: int
    reason: str
    closed_at: datetime
    opens_at: datetime | None
    closed_by: str
    road_name: str | None
    line: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRoad:
    """One segment between two junctions, as the importer writes it; `geom` is WKB in hex, lon lat order."""

    id: int
    osm_id: int
    highway: str
    name: str | None
    name_kk: str | None
    name_ru: str | None
    name_en: str | None
    from_node: int
    to_node: int
    forward: bool
    backward: bool
    speed_kmh: float
    length_m: float
    geom: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRestriction:
    """One turn restriction over a node between two segments; `kind` as in OSM: no_left_turn, only_straight_on …"""

    osm_id: int
    kind: str
    from_road_id: int
    via_node: int
    to_road_id: int


async def graph(session: Session) -> RoadRows:
    """Return every segment, ordered by id, as arrays: what a router builds its graph from and snaps places to."""
    columns = [
        getattr(road.c, f) for f in ("id", "from_node", "to_node", "forward", "backward", "speed_kmh", "length_m")
    ]
    wanted = select(*columns, func.ST_AsBinary(road.c.geom, "NDR")).order_by(road.c.id)
    parts = [_as_arrays(p) async for p in (await session.stream(wanted)).partitions(_AT_ONCE)]
    return _joined(parts or [_as_arrays([])])


def _as_arrays(rows: Sequence[Any]) -> RoadRows:
    ids, from_node, to_node, forward, backward, speed, length, wkb = zip(*rows, strict=True) if rows else ((),) * 8
    shapes = shapely.from_wkb(np.array(wkb, dtype=object))
    coordinates = shapely.get_coordinates(shapes)
    return RoadRows(
        id=np.array(ids, dtype=np.int64),
        from_node=np.array(from_node, dtype=np.int64),
        to_node=np.array(to_node, dtype=np.int64),
        forward=np.array(forward, dtype=np.bool_),
        backward=np.array(backward, dtype=np.bool_),
        speed_kmh=np.array(speed, dtype=np.float64),
        length_m=np.array(length, dtype=np.float64),
        offsets=np.concatenate([[0], np.cumsum(shapely.get_num_coordinates(shapes))]).astype(np.int64),
        lon=np.ascontiguousarray(coordinates[:, 0]),
        lat=np.ascontiguousarray(coordinates[:, 1]),
    )


def _joined(parts: list[RoadRows]) -> RoadRows:
    starts = np.cumsum([0] + [p.offsets[-1] for p in parts])
    offsets = [p.offsets[:-1] + start for p, start in zip(parts, starts, strict=False)]
    plain = [f.name for f in fields(RoadRows) if f.name != "offsets"]
    joined = {name: np.concatenate([getattr(p, name) for p in parts]) for name in plain}
    return RoadRows(**joined, offsets=np.concatenate([*offsets, starts[-1:]]))


async def restrictions(session: Session) -> Restrictions:
    """Return every turn restriction as arrays, ordered by id."""
    r = road_restriction.c
    wanted = select(r.from_road_id, r.via_node, r.to_road_id, r.kind.startswith("only_")).order_by(r.id)
    rows = (await session.execute(wanted)).all()
    from_road, via, to_road, only = zip(*rows, strict=True) if rows else ((),) * 4
    return Restrictions(
        from_road_id=np.array(from_road, dtype=np.int64),
        via_node=np.array(via, dtype=np.int64),
        to_road_id=np.array(to_road, dtype=np.int64),
        only=np.array(only, dtype=np.bool_),
    )


def _in_force() -> ColumnElement[bool]:
    c = road_closure.c
    return c.opened_at.is_(None) & or_(c.opens_at.is_(None), c.opens_at > func.now())


async def closures(session: Session) -> list[Closure]:
    """Return the closures in force now, oldest first."""
    c = road_closure.c
    wanted = select(c.id, c.road_id, c.reason, c.closed_at, c.opens_at, c.closed_by).where(_in_force()).order_by(c.id)
    return [Closure(**row) for row in (await session.execute(wanted)).mappings()]


async def seen(session: Session, viewer: Viewer, road_id: int) -> bool:
    """Say whether there is such a segment and the viewer sees it."""
    asked = select(road.c.id).where(road.c.id == road_id, seen_by(viewer, road.c.area_id))
    return (await session.execute(asked)).first() is not None


async def closures_seen(session: Session, viewer: Viewer) -> list[SeenClosure]:
    """Return the closures in force now of the roads that the viewer sees, oldest first."""
    c = road_closure.c
    columns = (c.id, c.road_id, c.reason, c.closed_at, c.opens_at, c.closed_by, road.c.name)
    joined = select(*columns, func.ST_AsBinary(road.c.geom).label("line")).join(road, road.c.id == c.road_id)
    rows = await session.execute(joined.where(_in_force(), seen_by(viewer, road.c.area_id)).order_by(c.id))
    return [_seen_closure(row) for row in rows]


def _seen_closure(row: Any) -> SeenClosure:
    line = shapely.get_coordinates(shapely.from_wkb(bytes(row.line))).tolist()
    return SeenClosure(
        id=row.id,
        road_id=row.road_id,
        reason=row.reason,
        closed_at=row.closed_at,
        opens_at=row.opens_at,
        closed_by=row.closed_by,
        road_name=row.name,
        line=tuple((lon, lat) for lon, lat in line),
    )


async def close(session: Session, road_id: int, *, reason: str, closed_by: str, opens_at: datetime | None) -> int:
    """Close a segment and return the closure's id; raises IntegrityError where no such segment is."""
    row = {"road_id": road_id, "reason": reason, "closed_by": closed_by, "opens_at": opens_at}
    closed = await session.execute(insert(road_closure).values(row).returning(road_closure.c.id))
    return int(closed.scalar_one())


async def open_again(session: Session, closure_id: int) -> bool:
    """End a closure that is in force; False where there is none of that id."""
    ended = update(road_closure).where(road_closure.c.id == closure_id, _in_force()).values(opened_at=func.now())
    return (await session.execute(ended)).rowcount > 0


async def count(session: Session) -> int:
    """Return how many segments there are."""
    return int((await session.execute(select(func.count()).select_from(road))).scalar_one())


async def remove(session: Session, road_ids: Sequence[int]) -> None:
    """Take segments away with their restrictions and closures."""
    await session.execute(delete(road).where(road.c.id.in_(road_ids)))


# ── the importer's side: psycopg, synchronous, inside the importer's one transaction ───────────────────────────

_WRITTEN = [
    "id",
    "osm_id",
    "class",
    "name",
    "name_kk",
    "name_ru",
    "name_en",
    "from_node",
    "to_node",
    "forward",
    "backward",
    "speed_kmh",
    "length_m",
    "geom",
    "area_id",
]


def take_ids(connection: Connection, count: int) -> list[int]:
    """Reserve `count` ids, so that restrictions can name segments that are still on their way."""
    taken = "SELECT nextval(pg_get_serial_sequence('road', 'id')) FROM generate_series(1, %s)"
    return [row[0] for row in connection.execute(taken, [count])]


def write(connection: Connection, rows: Sequence[NewRoad], area_ids: Sequence[int]) -> None:
    """Write segments by COPY, each with the area it lies in; raises psycopg.Error where a row is refused."""
    given = attrgetter(*(f.name for f in fields(NewRoad)))
    copy_into(connection, road, _WRITTEN, ((*given(row), area) for row, area in zip(rows, area_ids, strict=True)))


def write_restrictions(connection: Connection, rows: Sequence[NewRestriction]) -> None:
    """Write turn restrictions by COPY, after the segments they name."""
    names = [f.name for f in fields(NewRestriction)]
    given = attrgetter(*names)
    copy_into(connection, road_restriction, names, (given(row) for row in rows))

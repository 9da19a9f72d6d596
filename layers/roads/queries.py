"""Every question asked of roads: the graph for the router, the speeds learned for it, and the importer's writing."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from operator import attrgetter
from typing import Any, cast

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import delete, func, insert, select

from layers.areas.queries import seen_by
from layers.bulk import Connection, copy_into
from layers.database import Session
from layers.roads.classes import code_of
from layers.roads.table import road, road_restriction, road_speed
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
    road_class: NDArray[np.int8]  # index in `layers.roads.classes.CLASSES`
    area_id: NDArray[np.int64]  # 0 where the segment has none
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
class Speeds:
    """Learned speeds as arrays: of a segment, along its line (0) or against it (1), in one band of the week's hours."""

    road_id: NDArray[np.int64]
    direction: NDArray[np.int8]
    band: NDArray[np.int8]
    speed_kmh: NDArray[np.float64]
    samples: NDArray[np.int64]


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
    names = ("id", "from_node", "to_node", "forward", "backward", "speed_kmh", "length_m", "class")
    area = func.coalesce(road.c.area_id, 0)
    wanted = select(*(road.c[name] for name in names), area, func.ST_AsBinary(road.c.geom, "NDR")).order_by(road.c.id)
    parts = [_as_arrays(p) async for p in (await session.stream(wanted)).partitions(_AT_ONCE)]
    return _joined(parts or [_as_arrays([])])


def _as_arrays(rows: Sequence[Any]) -> RoadRows:
    columns = zip(*rows, strict=True) if rows else ((),) * 10
    ids, from_node, to_node, forward, backward, speed, length, classes, areas, wkb = columns
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
        road_class=np.array([code_of(name) for name in classes], dtype=np.int8),
        area_id=np.array(areas, dtype=np.int64),
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


async def speeds(session: Session, band: int) -> Speeds:
    """Return the speeds learned for one band of the week's hours, as arrays."""
    c = road_speed.c
    wanted = select(c.road_id, c.direction, c.speed_kmh, c.samples).where(c.week_hour_band == band)
    rows = (await session.execute(wanted)).all()
    road_id, direction, kmh, samples = zip(*rows, strict=True) if rows else ((),) * 4
    return Speeds(
        road_id=np.array(road_id, dtype=np.int64),
        direction=np.array(direction, dtype=np.int8),
        band=np.full(len(rows), band, dtype=np.int8),
        speed_kmh=np.array(kmh, dtype=np.float64),
        samples=np.array(samples, dtype=np.int64),
    )


async def learned_at(session: Session) -> datetime | None:
    """Return when speeds were last learned, None where they never were."""
    last: datetime | None = (await session.execute(select(func.max(road_speed.c.learned_at)))).scalar_one()
    return last


async def learn(session: Session, learned: Speeds) -> None:
    """Put these speeds in the place of all that were learned before."""
    await session.execute(delete(road_speed))
    columns = (learned.road_id, learned.direction, learned.band, learned.speed_kmh, learned.samples)
    names = ("road_id", "direction", "week_hour_band", "speed_kmh", "samples")
    rows = [dict(zip(names, row, strict=True)) for row in zip(*(column.tolist() for column in columns), strict=True)]
    for first in range(0, len(rows), _AT_ONCE):
        await session.execute(insert(road_speed), rows[first : first + _AT_ONCE])


async def line_seen(session: Session, viewer: Viewer, road_id: int) -> shapely.LineString | None:
    """Return the line of a segment, None where there is none of that id that the viewer sees."""
    asked = select(func.ST_AsBinary(road.c.geom)).where(road.c.id == road_id, seen_by(viewer, road.c.area_id))
    found = (await session.execute(asked)).scalar_one_or_none()
    return None if found is None else cast(shapely.LineString, shapely.from_wkb(bytes(found)))


async def count(session: Session) -> int:
    """Return how many segments there are."""
    return int((await session.execute(select(func.count()).select_from(road))).scalar_one())


async def remove(session: Session, road_ids: Sequence[int]) -> None:
    """Take segments away with their restrictions, closures and learned speeds."""
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

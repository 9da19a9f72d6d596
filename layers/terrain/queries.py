"""Every question asked of the terrain, and what its file brings into the store."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import shapely
from sqlalchemy import Double, bindparam, delete, func, insert, select

from layers.database import Session
from layers.terrain.schema import TerrainGrid
from layers.terrain.table import terrain
from layers.values import BBox

_t = terrain.c
_TOLD = tuple(TerrainGrid.__dataclass_fields__)


class File(NamedTuple):
    """A file of terrain: in how many grids it is kept, and the box about them in degrees WGS 84."""

    name: str
    grids: int
    west: float
    south: float
    east: float
    north: float


async def in_box(session: Session, box: BBox) -> list[TerrainGrid]:
    """Return what of the grids tells the ground in a box in degrees WGS 84."""
    asked = select(*(_t[name] for name in _TOLD)).where(_t.geom.bool_op("&&")(_envelope(box))).order_by(_t.id)
    found = (TerrainGrid(**row._mapping) for row in await session.execute(asked))
    return [part for one in found if (part := one.within(box)) is not None]


async def around(session: Session, shape: bytes, margin_deg: float) -> list[TerrainGrid]:
    """Return the same of the box about a shape, WKB in degrees WGS 84, and so much around it."""
    west, south, east, north = shapely.bounds(shapely.from_wkb(shape)).tolist()
    wider = west - margin_deg, south - margin_deg, east + margin_deg, north + margin_deg
    return await in_box(session, BBox(**dict(zip(("west", "south", "east", "north"), wider, strict=True))))


async def files(session: Session) -> list[File]:
    """Return the files whose terrain is kept, by name."""
    box = func.ST_Extent(_t.geom)
    sides = (func.ST_XMin(box), func.ST_YMin(box), func.ST_XMax(box), func.ST_YMax(box))
    asked = select(_t.file, func.count(), *sides).group_by(_t.file).order_by(_t.file)
    return [File._make(row) for row in await session.execute(asked)]


async def put(session: Session, name: str, grids: Sequence[TerrainGrid]) -> None:
    """Keep a file's terrain in the place of what it brought before."""
    await remove(session, name)
    rows = [{"file": name, **{field: getattr(one, field) for field in _TOLD}, **_sides(one.box)} for one in grids]
    sides = (bindparam(f"box_{side}", type_=Double) for side in ("west", "south", "east", "north"))
    await session.execute(insert(terrain).values(geom=func.ST_MakeEnvelope(*sides, 4326)), rows)


async def remove(session: Session, name: str) -> int:
    """Take a file's terrain away; returns how many grids that were."""
    return int((await session.execute(delete(terrain).where(_t.file == name))).rowcount)


def _sides(box: BBox) -> dict[str, float]:
    return {f"box_{side}": getattr(box, side) for side in ("west", "south", "east", "north")}


def _envelope(box: BBox) -> Any:
    return func.ST_MakeEnvelope(box.west, box.south, box.east, box.north, 4326)

"""Every question about areas, and the seam that every question about rows in them passes through."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, any_, literal, select, text, true

from layers.areas.borders import Borders
from layers.areas.schema import Area
from layers.areas.table import area
from layers.bulk import Connection
from layers.database import Session
from layers.layer import Layer
from layers.values import Level, Title
from layers.viewer import Viewer


@dataclass(frozen=True, slots=True, kw_only=True)
class NewArea:
    """One area as the tree is written; `parent` is a code, `geom` the WKB of a MultiPolygon in lon lat order."""

    code: str
    parent: str | None
    level: Level
    name: Title
    approximate: bool
    geom: bytes


_BORDERS = "SELECT id, level, ST_AsBinary(geom) FROM area ORDER BY level DESC, id"  # the Republic last


def seen_by(viewer: Viewer, area_id: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the condition that a row's area is the viewer's own or below it (Almaty 213, art. 7; MIA 897 §6.5)."""
    below = select(area.c.id).where(literal(viewer.area_id) == any_(area.c.path))
    return area_id.in_(below)


def area_of(layer: Layer) -> ColumnElement[Any]:
    """Return the column that says which area a row of the layer belongs to; an area belongs to itself."""
    return layer.column("area_id") if "area_id" in layer.rows.c else layer.column("id")


def in_sight(layer: Layer, viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition that the viewer sees a row: all of the ground (decision 6), else what `seen_by` says."""
    return true() if layer.ground else seen_by(viewer, area_of(layer))


def stands_in_sight(layer: Layer, inside: frozenset[int] | None, area_id: int) -> bool:
    """Say the same of a row at hand: `inside` are the areas that the viewer sees (`inside`), None for all of them."""
    return layer.ground or inside is None or area_id in inside


async def find(session: Session, area_id: int) -> Area | None:
    """Return one area."""
    row = (await session.execute(_areas().where(area.c.id == area_id))).one_or_none()
    return None if row is None else _area(row)


async def by_code(session: Session, code: str) -> Area | None:
    """Return the area of that code, such as `KZ-75`."""
    row = (await session.execute(_areas().where(area.c.code == code))).one_or_none()
    return None if row is None else _area(row)


async def every(session: Session) -> list[Area]:
    """Return the whole tree, the Republic first."""
    return [_area(row) for row in await session.execute(_areas().order_by(area.c.level, area.c.id))]


async def inside(session: Session, viewer: Viewer) -> frozenset[int]:
    """Return the ids of the viewer's area and of all below it."""
    return frozenset((await session.execute(select(area.c.id).where(seen_by(viewer, area.c.id)))).scalars())


def _areas() -> Any:
    return select(*(column for column in area.c if column.name not in ("geom", "path")))


def _area(row: Row[Any]) -> Area:
    name = Title(kk=row.name_kk, ru=row.name_ru, en=row.name_en)
    level = Level(row.level)
    return Area(id=row.id, parent_id=row.parent_id, level=level, code=row.code, name=name, approximate=row.approximate)


# ── who fills the tree and who fills the ground: psycopg, synchronous, inside their one transaction ────────────


def codes(connection: Connection) -> set[str]:
    """Return the codes of the areas that are there."""
    return {row[0] for row in connection.execute("SELECT code FROM area")}


def write(connection: Connection, row: NewArea) -> None:
    """Write one area below its parent, or bring the one of that code up to date."""
    statement = """
        INSERT INTO area (parent_id, level, code, name_kk, name_ru, name_en, approximate, geom)
        VALUES ((SELECT id FROM area WHERE code = %s), %s, %s, %s, %s, %s, %s, ST_GeomFromWKB(%s, 4326))
        ON CONFLICT (code) DO UPDATE SET (parent_id, level, name_kk, name_ru, name_en, approximate, geom) =
            (EXCLUDED.parent_id, EXCLUDED.level, EXCLUDED.name_kk, EXCLUDED.name_ru, EXCLUDED.name_en,
             EXCLUDED.approximate, EXCLUDED.geom)"""
    name = row.name
    values = [row.parent, int(row.level), row.code, name.kk, name.ru, name.en, row.approximate, row.geom]
    connection.execute(statement, values)


async def borders(session: Session) -> Borders:
    """Return the borders to find areas with; LookupError where the store has no areas yet."""
    return Borders([(row[0], row[1], bytes(row[2])) for row in await session.execute(text(_BORDERS))])


def borders_for_import(connection: Connection) -> Borders:
    """Return the same to whoever fills the ground in one transaction of psycopg 3."""
    return Borders([(row[0], row[1], bytes(row[2])) for row in connection.execute(_BORDERS)])

"""Every question about areas, and the seam that every question about rows in them passes through."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from geoalchemy2 import Geography
from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Double,
    Row,
    Select,
    Text,
    and_,
    any_,
    bindparam,
    cast,
    false,
    func,
    literal,
    null,
    or_,
    select,
    text,
    true,
    update,
)

from layers.areas.borders import Borders
from layers.areas.schema import Area
from layers.areas.table import area, area_version
from layers.asking import ask
from layers.bulk import Connection
from layers.database import Session
from layers.dispatches.rules import ENDED
from layers.dispatches.table import dispatch
from layers.layer import Layer
from layers.values import Level, LonLat, Title
from layers.viewer import Viewer, built_once


@dataclass(frozen=True, slots=True, kw_only=True)
class NewArea:
    """One area as the tree is written; `parent` is a code, `geom` the WKB of a MultiPolygon in lon lat order."""

    code: str
    parent: str | None
    level: Level
    name: Title
    approximate: bool
    geom: bytes


TreeStamp = tuple[int, int, datetime | None]

_NODE = ("id", "parent_id", "level", "code", "name_kk", "name_ru", "name_en", "approximate")
_BORDERS = (
    "SELECT id, level, ST_AsBinary(geom) FROM area WHERE closed_at IS NULL ORDER BY level DESC, id"  # the Republic last
)


def seen_by(
    viewer: Viewer, area_id: ColumnElement[Any], incident_id: ColumnElement[Any] | None = None
) -> ColumnElement[bool]:
    """Return the condition that a row's area is the viewer's own or below it (Almaty 213, art. 7; MIA 897 §6.5).

    What was granted counts as well: areas, and with `incident_id` the rows of an incident. A crew is of no area: it
    sees the rows of the incident that its unit is bound to. The store's policies hold the same of themselves (decision
    10); said here too, an index on the area can serve the question.
    """
    if viewer.unit_id is not None:
        return false() if incident_id is None else incident_id.in_(_of_crew(viewer.unit_id))
    roots = [viewer.area_id, *viewer.also_areas]
    below = area_id.in_(select(area.c.id).where(area.c.path.bool_op("&&")(cast(roots, ARRAY(BigInteger)))))
    if incident_id is None or not viewer.also_incidents:
        return below
    return or_(below, incident_id.in_(viewer.also_incidents))


def read_by(viewer: Viewer, also: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the condition that one of a row's further areas is the viewer's own, below it or granted; no crew's is."""
    if viewer.unit_id is not None:
        return false()
    one, roots = area.alias("reader"), cast([viewer.area_id, *viewer.also_areas], ARRAY(BigInteger))
    # As one array, asked once: a question of each row would cost more than the rows.
    theirs = select(func.array_agg(one.c.id)).where(one.c.path.bool_op("&&")(roots)).scalar_subquery()
    return and_(also.is_not(None), also.bool_op("&&")(theirs))


def _of_crew(unit_id: int) -> Select[Any]:
    """Return the question which incidents a crew sees; `enter_crew` of migration 0010 says the same."""
    still = dispatch.c.status.not_in(sorted(status.value for status in ENDED))
    lately = dispatch.c.status_at > func.now() - timedelta(hours=24)
    return select(dispatch.c.incident_id).where(dispatch.c.unit_id == unit_id, or_(still, lately))


def area_of(layer: Layer) -> ColumnElement[Any]:
    """Return the column that says which area a row of the layer belongs to; an area belongs to itself."""
    return layer.column("area_id") if "area_id" in layer.rows.c else layer.column("id")


def in_sight(layer: Layer, viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition that the viewer sees a row: all of the ground (decision 6), else what `seen_by` says."""
    if layer.ground:
        return true()
    seen = seen_by(viewer, area_of(layer), layer.column(layer.of_incident) if layer.of_incident else None)
    if layer.also_areas is not None:
        seen = or_(seen, read_by(viewer, layer.column(layer.also_areas)))
    if layer.of_unit is None or not viewer.also_incidents:
        return seen
    return or_(seen, layer.column(layer.of_unit).in_(bound_to(viewer.also_incidents)))


def bound_to(incidents: Collection[int]) -> Select[Any]:
    """Return the question which units are bound to these incidents now."""
    still = dispatch.c.status.not_in(sorted(status.value for status in ENDED))
    return select(dispatch.c.unit_id).where(dispatch.c.incident_id.in_(incidents), still)


async def bound_units(session: Session, incidents: Collection[int]) -> dict[int, frozenset[int]]:
    """Return the units that are bound to each of these incidents now, for the live hub, which sees the whole store."""
    units: dict[int, set[int]] = {incident_id: set() for incident_id in incidents}
    for row in await session.execute(bound_to(incidents).add_columns(dispatch.c.incident_id)):
        units[row.incident_id].add(row.unit_id)
    return {incident_id: frozenset(bound) for incident_id, bound in units.items()}


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
    """Return the whole tree as it stands, the Republic first."""
    asked = _areas().where(area.c.closed_at.is_(None)).order_by(area.c.level, area.c.id)
    return [_area(row) for row in await session.execute(asked)]


async def every_then(session: Session, moment: datetime) -> list[Area]:
    """Return the whole tree as it stood at a moment, the Republic first."""
    then = area_version.c
    columns = (then.area_id.label("id"), *(then[name] for name in _NODE if name != "id"), null().label("closed_at"))
    asked = select(*columns).where(then.during.contains(moment)).order_by(then.level, then.area_id)
    return [_area(row) for row in await session.execute(asked)]


async def tree_stamp(session: Session) -> TreeStamp:
    """Return what is another one after every change of the tree: how many versions there are, open ones, the last."""
    during = area_version.c.during
    asked = select(func.count(), func.count().filter(func.upper_inf(during)), func.max(func.upper(during)))
    versions, open_ones, last = (await session.execute(asked)).one()
    return versions, open_ones, last


async def reaches(session: Session, viewer: Viewer, place: LonLat) -> bool:
    """Say whether a place is within the viewer's area."""
    return bool(await ask(session, _reaches(viewer), {"lon": place.lon, "lat": place.lat}))


@built_once
def _reaches(viewer: Viewer) -> Select[Any]:
    spot = func.ST_MakePoint(bindparam("lon", type_=Double), bindparam("lat", type_=Double))
    there = func.area_of(func.ST_SetSRID(spot, 4326))
    return select(area.c.id).where(area.c.id == there, seen_by(viewer, area.c.id))


async def below(session: Session, area_id: int) -> list[Area]:
    """Return an area and all below it that are open."""
    inside: Any = literal(area_id) == any_(area.c.path)
    return [_area(row) for row in await session.execute(_areas().where(inside, area.c.closed_at.is_(None)))]


async def stands_below(session: Session, area_id: int, root_id: int) -> bool:
    """Say whether an area is the root or below it."""
    found = await session.execute(select(area.c.id).where(area.c.id == area_id, literal(root_id) == any_(area.c.path)))
    return found.one_or_none() is not None


async def above(session: Session, area_id: int) -> list[Area]:
    """Return the areas above one, the nearest first."""
    path = select(func.unnest(area.c.path)).where(area.c.id == area_id)
    asked = _areas().where(area.c.id.in_(path), area.c.id != area_id).order_by(area.c.level.desc())
    return [_area(row) for row in await session.execute(asked)]


async def set_border(session: Session, area_id: int, shapes: Sequence[str]) -> float | None:
    """Give an area the union of GeoJSON geometries as its border; None, and nothing changed, where that is no polygon.

    Returns how many square metres of it lie beyond the area above.
    """
    if not shapes:
        return None
    given = func.unnest(cast(list(shapes), ARRAY(Text))).column_valued("given")
    shape = func.ST_UnaryUnion(
        func.ST_Collect(func.ST_MakeValid(func.ST_SetSRID(func.ST_GeomFromGeoJSON(given), 4326)))
    )
    ground = select(func.ST_Multi(func.ST_CollectionExtract(shape, 3)).label("geom")).cte("ground")
    on_globe = func.ST_Within(ground.c.geom, func.ST_MakeEnvelope(-180, -90, 180, 90, 4326))
    fits = select(ground.c.geom).where(~func.ST_IsEmpty(ground.c.geom), on_globe).scalar_subquery()
    if (await session.execute(select(fits.is_not(None)))).scalar_one() is False:
        return None
    await session.execute(update(area).where(area.c.id == area_id).values(geom=fits))
    above = area.alias("above")
    beyond = func.ST_Area(cast(func.ST_Difference(area.c.geom, above.c.geom), Geography))
    asked = select(beyond).join(above, above.c.id == area.c.parent_id).where(area.c.id == area_id)
    return float((await session.execute(asked)).scalar_one_or_none() or 0.0)


async def rename(session: Session, area_id: int, name: Title) -> None:
    """Give an area other names."""
    named = {"name_kk": name.kk, "name_ru": name.ru, "name_en": name.en}
    await session.execute(update(area).where(area.c.id == area_id).values(named))


async def merge(session: Session, area_id: int, heir_id: int) -> None:
    """Close an area into another: the heir gets its ground first, then what stands below it, then it ends."""
    gone = area.alias("gone")
    both = select(func.ST_Multi(func.ST_Union(area.c.geom, gone.c.geom))).where(gone.c.id == area_id).scalar_subquery()
    await session.execute(update(area).where(area.c.id == heir_id).values(geom=both))
    await session.execute(update(area).where(area.c.parent_id == area_id).values(parent_id=heir_id))
    await session.execute(update(area).where(area.c.id == area_id).values(closed_at=func.now()))


async def inside(session: Session, viewer: Viewer) -> frozenset[int]:
    """Return the ids of the viewer's area and of all below it."""
    return frozenset((await session.execute(select(area.c.id).where(seen_by(viewer, area.c.id)))).scalars())


def _areas() -> Any:
    return select(*(area.c[name] for name in _NODE), area.c.closed_at)


def _area(row: Row[Any]) -> Area:
    name = Title(kk=row.name_kk, ru=row.name_ru, en=row.name_en)
    level = Level(row.level)
    return Area(
        id=row.id,
        parent_id=row.parent_id,
        level=level,
        code=row.code,
        name=name,
        approximate=row.approximate,
        closed_at=row.closed_at,
    )


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

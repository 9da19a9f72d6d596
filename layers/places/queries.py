"""Every question asked of places: stations, hospitals, schools, hydrants."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any

from sqlalchemy import func, select

from layers.asking import Reading
from layers.bulk import Connection, copy_into
from layers.database import Session
from layers.near import OfKind, asked_of_kinds
from layers.places.table import place
from layers.values import LonLat, Title


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPlace:
    """One place as the importer writes it; `geom` is WKB in hex, lon lat order."""

    osm_id: int
    kind: str
    name: str | None
    name_kk: str | None
    name_ru: str | None
    name_en: str | None
    phone: str | None
    geom: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A station, hospital, school or hydrant, and where it is."""

    id: int
    kind: str
    name: Title
    place: LonLat


async def of_kind(session: Session, kind: str) -> list[Place]:
    """Return the places of a kind (police, fire_station, hospital, school, hydrant), oldest first."""
    c = place.c
    lon, lat = func.ST_X(c.geom).label("lon"), func.ST_Y(c.geom).label("lat")
    asked = select(c.id, c.kind, c.name, c.name_kk, c.name_ru, c.name_en, lon, lat)
    return [_place(row) for row in await session.execute(asked.where(c.kind == kind).order_by(c.id))]


def _place(row: Any) -> Place:
    plain = row.name or ""
    name = Title(kk=row.name_kk or plain, ru=row.name_ru or plain, en=row.name_en or plain)
    return Place(id=row.id, kind=row.kind, name=name, place=LonLat(lon=row.lon, lat=row.lat))


async def exists(session: Session, place_id: int) -> bool:
    """Say whether there is a place of that id."""
    return (await session.execute(select(place.c.id).where(place.c.id == place_id))).first() is not None


def asked_near(place_: LonLat, kinds: Collection[str], *, radius_m: float) -> Reading[list[OfKind]]:
    """Return the reading of the nearest of each of these kinds of places within `radius_m` metres."""
    return asked_of_kinds(place, kinds, place_, radius_m)


async def count(session: Session) -> int:
    """Return how many places there are."""
    return int((await session.execute(select(func.count()).select_from(place))).scalar_one())


def write(connection: Connection, rows: Sequence[NewPlace], area_ids: Sequence[int]) -> None:
    """Write places by COPY, each with the area it lies in; raises psycopg.Error where a row is refused."""
    names = [f.name for f in fields(NewPlace)]
    given = attrgetter(*names)
    placed = ((*given(row), area_id) for row, area_id in zip(rows, area_ids, strict=True))
    copy_into(connection, place, [*names, "area_id"], placed)

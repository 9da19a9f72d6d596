"""Every question asked of addresses."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any

from geoalchemy2 import Geometry
from sqlalchemy import Row, cast, func, select

from layers.addresses.table import address
from layers.bulk import Connection, copy_into
from layers.database import Session
from layers.values import LonLat, Title


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAddress:
    """One address as the importer writes it; `geom` is WKB in hex, lon lat order."""

    osm_id: int
    street: str
    street_kk: str | None
    street_ru: str | None
    street_en: str | None
    house: str
    common_name: str | None
    postcode: str | None
    geom: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A house number on a street, its street's name in the three languages, and where it is."""

    id: int
    house: str
    street: Title
    common_name: str | None
    place: LonLat


async def nearest(session: Session, place: LonLat, *, within_m: float = 500) -> Address | None:
    """Return the address nearest to a place, None where none is within `within_m` metres."""
    here = cast(func.ST_SetSRID(func.ST_MakePoint(place.lon, place.lat), 4326), Geometry("POINT", srid=4326))
    metres = func.ST_DistanceSphere(address.c.geom, here)
    row = (
        await session.execute(_addresses().where(metres <= within_m).order_by(address.c.geom.op("<->")(here)).limit(1))
    ).one_or_none()
    return None if row is None else _address(row)


async def sample(session: Session, count: int, *, seed: int = 1) -> list[Address]:
    """Return `count` addresses spread over the store, the same ones for the same seed and rows."""
    scattered = func.md5(func.concat(address.c.id, "/", seed))
    return [_address(row) for row in await session.execute(_addresses().order_by(scattered).limit(count))]


def _addresses() -> Any:
    c = address.c
    lon, lat = func.ST_X(c.geom).label("lon"), func.ST_Y(c.geom).label("lat")
    return select(c.id, c.house, c.street, c.street_kk, c.street_ru, c.street_en, c.common_name, lon, lat)


def _address(row: Row[Any]) -> Address:
    street = Title(kk=row.street_kk or row.street, ru=row.street_ru or row.street, en=row.street_en or row.street)
    place = LonLat(lon=row.lon, lat=row.lat)
    return Address(id=row.id, house=row.house, street=street, common_name=row.common_name, place=place)


async def count(session: Session) -> int:
    """Return how many addresses there are."""
    return int((await session.execute(select(func.count()).select_from(address))).scalar_one())


def write(connection: Connection, rows: Sequence[NewAddress], area_ids: Sequence[int]) -> None:
    """Write addresses by COPY, each with the area it lies in; raises psycopg.Error where a row is refused."""
    names = [f.name for f in fields(NewAddress)]
    given = attrgetter(*names)
    placed = ((*given(row), area_id) for row, area_id in zip(rows, area_ids, strict=True))
    copy_into(connection, address, [*names, "area_id"], placed)

"""Every question asked of imported cities."""

from dataclasses import dataclass
from typing import Any

from psycopg.types.json import Jsonb
from sqlalchemy import func, select

from layers.bulk import Connection
from layers.cities.table import city
from layers.database import Session
from layers.locks import AdvisoryLock
from layers.values import BBox


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """One imported city: its name, its file's sha256, the report of its import, and its extent."""

    id: int
    name: str
    sha256: str
    report: dict[str, Any]
    extent: BBox


async def every(session: Session) -> list[City]:
    """Return the imported cities, the first imported first."""
    g = city.c.geom
    box = (func.ST_XMin(g), func.ST_YMin(g), func.ST_XMax(g), func.ST_YMax(g))
    asked = select(city.c.id, city.c.name, city.c.sha256, city.c.report, *box).order_by(city.c.id)
    return [
        City(id=i, name=name, sha256=sha256, report=report, extent=BBox(west=w, south=s, east=e, north=n))
        for i, name, sha256, report, w, s, e, n in await session.execute(asked)
    ]


def lock(connection: Connection) -> None:
    """Wait until no other import is under way; the lock ends with the transaction."""
    connection.execute("SELECT pg_advisory_xact_lock(%s)", [AdvisoryLock.CITY_IMPORT])


def named(connection: Connection, sha256: str) -> str | None:
    """Return the name under which the file of that sha256 was imported, None where it was not."""
    row = connection.execute("SELECT name FROM city WHERE sha256 = %s", [sha256]).fetchone()
    return None if row is None else str(row[0])


def record(connection: Connection, name: str, sha256: str, report: dict[str, Any], extent: BBox) -> int:
    """Write what was imported and return the row's id."""
    statement = """
        INSERT INTO city (name, sha256, report, geom)
        VALUES (%s, %s, %s, ST_MakeEnvelope(%s, %s, %s, %s, 4326)) RETURNING id"""
    box = (extent.west, extent.south, extent.east, extent.north)
    row = connection.execute(statement, [name, sha256, Jsonb(report), *box]).fetchone()
    assert row is not None
    return int(row[0])


def gather_statistics(connection: Connection) -> None:
    """Tell the planner what the tables now hold: what was just written would be scanned by guesswork until later."""
    connection.execute("ANALYZE road, building, address, place, landcover, road_restriction")

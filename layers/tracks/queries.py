"""Every question about tracks: all of a unit's positions, a partition a UTC day."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import psycopg
from numpy.typing import NDArray
from sqlalchemy import text

from layers.asking import as_told
from layers.database import Session
from layers.tracks.arrays import Int8s, Moments, learn
from layers.tracks.fixes import packed

_COPY = "COPY track (unit_id, at, received_at, speed_kmh, heading_deg, geom, area_id) FROM STDIN (FORMAT binary)"
_MAKE_DAY = text("SELECT make_track_day(CAST(:day AS date))")
_KNOWN = """
SELECT sent.n FROM unnest(%s, %s) WITH ORDINALITY AS sent(unit_id, at, n)
 WHERE EXISTS (SELECT FROM track WHERE track.unit_id = sent.unit_id AND track.at = sent.at
                  AND track.at BETWEEN %s AND %s)
"""


async def append(session: Session, fixes: NDArray[np.void]) -> None:
    """Write fixes (`layers.tracks.fixes.FIX`) by one COPY; their days must have partitions.

    Raises psycopg.errors.CheckViolation where a fix is not on the globe or its day has no partition.
    """
    async with (await driver(session)).cursor() as cursor, cursor.copy(_COPY) as copy:
        await copy.write(packed(fixes))


async def known(session: Session, fixes: NDArray[np.void]) -> NDArray[np.bool_]:
    """Say for each fix whether one of the same unit and time is stored already."""
    found = np.zeros(len(fixes), np.bool_)
    if not len(fixes):
        return found
    first, last = (_moment(int(edge)) for edge in (fixes["at"].min(), fixes["at"].max()))
    asked = (Int8s(fixes["unit_id"]), Moments(fixes["at"]), first, last)
    async with (await driver(session)).cursor() as cursor:
        await cursor.execute(_KNOWN, asked)
        found[[n - 1 for (n,) in await cursor.fetchall()]] = True
    return found


async def ensure_partition(session: Session, days: Iterable[date]) -> None:
    """Make the partitions of these UTC days where they are missing; readers of other days are not held up.

    The store makes them itself, under the policy of the whole track: no wing may make tables.
    """
    for day in sorted(days):  # in one order for everybody
        await session.execute(_MAKE_DAY, {"day": day})


@asynccontextmanager
async def by_driver(session: Session) -> AsyncIterator[psycopg.AsyncConnection[Any]]:
    """Hand out the same, for what is asked of the driver alone; raises SQLAlchemy's errors, as `session.execute`."""
    connection = await driver(session)
    try:
        yield connection
    except psycopg.Error as error:
        raise await as_told(session, connection, error) from error


async def driver(session: Session) -> psycopg.AsyncConnection[Any]:
    """Return psycopg's own connection under a session, for COPY; it stands in the session's transaction."""
    connection = (await session.get_raw_connection()).driver_connection
    assert isinstance(connection, psycopg.AsyncConnection)
    return learn(connection)


def _moment(at_us: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at_us)

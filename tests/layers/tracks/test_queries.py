import asyncio
from datetime import UTC, date, datetime, timedelta

import numpy as np
import psycopg
import pytest
from numpy.typing import NDArray
from sqlalchemy import func, select, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.asyncio import AsyncEngine

from layers.areas.scope import enter_whole
from layers.database import INGEST, SERVER, Session, as_role, engine_for, visit
from layers.tracks.fixes import DAY_US, FIX, days_of, microseconds
from layers.tracks.queries import append, ensure_partition, known
from layers.tracks.table import track

pytestmark = pytest.mark.anyio

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def fixes_at(*at: datetime, unit_id: int = 1) -> NDArray[np.void]:
    fixes = np.zeros(len(at), FIX)
    fixes["unit_id"], fixes["at"], fixes["received_at"] = unit_id, [microseconds(one) for one in at], microseconds(NOON)
    fixes["lon"], fixes["lat"], fixes["speed_kmh"], fixes["heading_deg"], fixes["area_id"] = 76.9, 43.2, 36.5, 271.25, 1
    return fixes


async def test_what_is_appended_is_read_back_as_it_was(session: Session) -> None:
    fixes = fixes_at(NOON + timedelta(microseconds=1))
    await ensure_partition(session, days_of(fixes))
    await append(session, fixes)
    place = func.ST_AsText(track.c.geom), func.ST_SRID(track.c.geom)
    asked = select(track.c.unit_id, track.c.at, track.c.received_at, track.c.speed_kmh, track.c.heading_deg, *place)
    row = (await session.execute(asked)).one()
    assert tuple(row) == (1, NOON + timedelta(microseconds=1), NOON, 36.5, 271.25, "POINT(76.9 43.2)", 4326)


async def test_each_utc_day_has_a_partition_of_its_own(session: Session) -> None:
    midnight = datetime(2026, 3, 2, tzinfo=UTC)
    fixes = fixes_at(midnight - timedelta(microseconds=1), midnight)
    await ensure_partition(session, days_of(fixes))
    await append(session, fixes)
    stored = await session.execute(text("SELECT tableoid::regclass::text FROM track ORDER BY at"))
    assert stored.scalars().all() == ["track_20260301", "track_20260302"]


async def test_making_a_partition_again_changes_nothing(session: Session) -> None:
    await ensure_partition(session, [date(2026, 3, 1)])
    await append(session, fixes_at(NOON))
    await ensure_partition(session, [date(2026, 3, 1), date(2026, 3, 2)])
    assert (await session.execute(select(func.count()).select_from(track))).scalar_one() == 1


async def test_two_makers_of_one_day_wait_for_each_other(engine: AsyncEngine) -> None:
    async def make() -> None:
        async with visit(engine) as session:
            await ensure_partition(session, [date(2026, 3, 1)])

    await asyncio.gather(*(make() for _ in range(5)))


async def test_ingest_makes_days_that_the_servers_policy_guards(database_url: str) -> None:
    ingest, server = (engine_for(as_role(database_url, role), size=1) for role in (INGEST, SERVER))
    async with visit(ingest) as session:
        await ensure_partition(session, [date(2026, 3, 1)])
        await append(session, fixes_at(NOON))
    async with visit(server) as session:
        assert (await session.execute(select(func.count()).select_from(track))).scalar_one() == 0  # no scope was set
        await enter_whole(session)
        assert (await session.execute(select(func.count()).select_from(track))).scalar_one() == 1
    with pytest.raises(ProgrammingError, match="permission denied"):
        async with visit(server) as session:
            await session.execute(text("SELECT 1 FROM track_20260301"))
    for engine in (ingest, server):
        await engine.dispose()


@pytest.mark.parametrize(("lon", "lat"), [(np.nan, 43.2), (76.9, np.inf), (181.0, 0.0), (0.0, -90.1)])
async def test_the_store_itself_refuses_a_fix_off_the_globe(session: Session, lon: float, lat: float) -> None:
    fixes = fixes_at(NOON)
    fixes["lon"], fixes["lat"] = lon, lat
    await ensure_partition(session, days_of(fixes))
    with pytest.raises(psycopg.errors.CheckViolation):
        await append(session, fixes)


async def test_known_tells_stored_fixes_from_new_ones(session: Session) -> None:
    fixes = fixes_at(NOON, NOON + timedelta(seconds=1))
    await ensure_partition(session, days_of(fixes))
    await append(session, fixes[:1])
    other_unit = fixes_at(NOON, unit_id=2)
    assert (await known(session, np.concatenate((fixes, other_unit)))).tolist() == [True, False, False]
    assert (await known(session, fixes[:0])).tolist() == []


async def test_days_without_a_partition_are_an_error_not_a_loss(session: Session) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        await append(session, fixes_at(NOON - timedelta(microseconds=DAY_US)))

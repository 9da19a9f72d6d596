import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import numpy as np
import psycopg
import pytest
from numpy.typing import NDArray
from sqlalchemy import func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest import positions as writing
from ingest.errors import Refusal
from ingest.positions import PositionWriter
from layers.areas.queries import by_code
from layers.changes import ring_positions
from layers.database import INGEST, as_role, engine_for, visit
from layers.tracks.fixes import FIX
from layers.tracks.table import track
from layers.units.positions import move, snapshot
from layers.units.table import unit

pytestmark = pytest.mark.anyio

NOW_US = round(time.time()) * 1_000_000


@asynccontextmanager
async def writer_on(engine: AsyncEngine) -> AsyncIterator[PositionWriter]:
    """A writer that comes into the engine's store as ingest does, by the role with few grants."""
    own = engine_for(as_role(engine.url.set(drivername="postgresql").render_as_string(hide_password=False), INGEST))
    writer = PositionWriter(own)
    task = asyncio.create_task(writer.run())
    try:
        yield writer
    finally:
        writer.close()
        await asyncio.wait_for(task, 30)
        await own.dispose()


@pytest.fixture
async def units(engine: AsyncEngine) -> list[int]:
    async with visit(engine) as session:
        home = await by_code(session, "KZ")
        assert home is not None
        rows = [
            {"call_sign": f"{n}", "device": f"{n}", "service": "fire", "kind": "engine", "home_area_id": home.id}
            for n in range(20)
        ]
        return list((await session.execute(insert(unit).returning(unit.c.id), rows)).scalars())


def fixes_of(*told: tuple[int, int], lon: float = 76.95, lat: float = 43.25) -> NDArray[np.void]:
    """Fixes of (unit, seconds from now)."""
    fixes = np.zeros(len(told), FIX)
    fixes["unit_id"] = [unit_id for unit_id, _ in told]
    fixes["at"] = [NOW_US + seconds * 1_000_000 for _, seconds in told]
    fixes["received_at"], fixes["lon"], fixes["lat"] = NOW_US, lon, lat
    return fixes


async def stored(engine: AsyncEngine) -> list[tuple[int, int]]:
    asked = select(track.c.unit_id, func.extract("epoch", track.c.at)).order_by(track.c.unit_id, track.c.at)
    async with visit(engine) as session:
        return [(row[0], int(row[1]) - NOW_US // 1_000_000) for row in await session.execute(asked)]


async def latest(engine: AsyncEngine) -> dict[int, int]:
    async with visit(engine) as session:
        rows = await snapshot(session)
    return {int(row["unit_id"]): int(row["at"]) - NOW_US // 1_000_000 for row in rows}


async def test_what_is_answered_is_stored_and_knows_its_area(engine: AsyncEngine, units: list[int]) -> None:
    async with writer_on(engine) as writer:
        await writer.store(fixes_of((units[0], 0)))
        assert await stored(engine) == [(units[0], 0)]
        await writer.store(fixes_of((units[1], 0), lon=0, lat=0))
    async with visit(engine) as session:
        areas = await session.execute(
            text("SELECT area_id = area_of(geom), area_id, unit_id FROM track ORDER BY unit_id")
        )
        told = areas.all()
        republic = await by_code(session, "KZ")
        rows = await snapshot(session)
    assert republic is not None
    assert [same for same, _, _ in told] == [True, True]
    assert (told[0][1] == republic.id, told[1][1] == republic.id) == (False, True)
    assert {int(r["unit_id"]): int(r["area_id"]) for r in rows} == {unit_id: area for _, area, unit_id in told}


async def own_areas(engine: AsyncEngine, ids: list[int]) -> list[str]:
    asked = text("SELECT code FROM unit JOIN area ON area.id = unit.area_id WHERE unit.id = ANY(:ids) ORDER BY unit.id")
    async with visit(engine) as session:
        return list((await session.execute(asked, {"ids": ids})).scalars())


async def centre(engine: AsyncEngine, code: str) -> dict[str, float]:
    place = "SELECT ST_PointOnSurface(geom) AS p FROM area WHERE code = :code"
    asked = text(f"SELECT ST_X(p) AS lon, ST_Y(p) AS lat FROM ({place}) AS place")
    async with visit(engine) as session:
        return dict((await session.execute(asked, {"code": code})).one()._mapping)


async def test_a_units_own_row_says_in_which_area_it_is(engine: AsyncEngine, units: list[int]) -> None:
    medeu, abai = [await centre(engine, code) for code in ("KZ-75-MED", "KZ-10")]
    ids = units[:2]
    assert await own_areas(engine, ids) == ["KZ", "KZ"]  # their home, before they said where they are
    async with writer_on(engine) as writer:
        await writer.store(fixes_of((ids[0], -9), **medeu))
        assert await own_areas(engine, ids) == ["KZ-75-MED", "KZ"]
        await writer.store(fixes_of((ids[0], -8), **abai))
        await writer.store(fixes_of((ids[0], -7), (ids[1], -7), **medeu))
        await writer.store(fixes_of((ids[0], -8), **abai))  # a repeat, and older than the latest
        assert await own_areas(engine, ids) == ["KZ-75-MED", "KZ-75-MED"]
    async with writer_on(engine) as writer:  # one that remembers nothing
        await writer.store(fixes_of((ids[0], -6), **abai))
    assert await own_areas(engine, ids) == ["KZ-10", "KZ-75-MED"]


async def test_a_units_row_is_written_only_when_it_crosses(engine: AsyncEngine, units: list[int]) -> None:
    async with visit(engine) as session:
        await session.execute(text("CREATE SEQUENCE rows_written"))
        await session.execute(text("GRANT USAGE ON SEQUENCE rows_written TO qyran_ingest"))
        body = "BEGIN PERFORM nextval('rows_written'); RETURN NEW; END"
        await session.execute(text(f"CREATE FUNCTION count_row() RETURNS trigger LANGUAGE plpgsql AS $${body}$$"))
        counted = "CREATE TRIGGER count_row BEFORE UPDATE ON unit FOR EACH ROW EXECUTE FUNCTION count_row()"
        await session.execute(text(counted))
    medeu, abai = [await centre(engine, code) for code in ("KZ-75-MED", "KZ-10")]
    async with writer_on(engine) as writer:
        for seconds in range(-9, -4):
            await writer.store(fixes_of(*((unit_id, seconds) for unit_id in units), **medeu))
        await writer.store(fixes_of((units[0], -1), **abai))
    async with visit(engine) as session:
        written = (await session.execute(text("SELECT last_value FROM rows_written"))).scalar_one()
    assert written == len(units) + 1


async def test_two_writers_keep_the_area_of_one_unit_true(engine: AsyncEngine, units: list[int]) -> None:
    places = [await centre(engine, code) for code in ("KZ-75-MED", "KZ-10")]
    async with writer_on(engine) as one, writer_on(engine) as other:
        for seconds in range(-10, 0):
            await (one, other)[seconds % 2].store(fixes_of((units[0], seconds), **places[seconds % 4 // 2]))
            asked = "SELECT unit.area_id = p.area_id FROM unit JOIN unit_position p ON unit_id = id"
            async with visit(engine) as session:
                assert (await session.execute(text(asked))).scalars().all() == [True]


async def test_many_at_once_share_few_batches(engine: AsyncEngine, units: list[int]) -> None:
    async with writer_on(engine) as writer:
        await asyncio.gather(*(writer.store(fixes_of((unit_id, n))) for n in range(-20, 0) for unit_id in units))
    assert len(await stored(engine)) == 400
    assert await latest(engine) == dict.fromkeys(units, -1)
    async with visit(engine) as session:
        batches = (await session.execute(text("SELECT last_value FROM position_batch"))).scalar_one()
    assert batches < 40


async def test_an_older_fix_is_kept_in_the_track_and_moves_nobody(engine: AsyncEngine, units: list[int]) -> None:
    async with writer_on(engine) as writer:
        await writer.store(fixes_of((units[0], 0)))
        await writer.store(fixes_of((units[0], -5), (units[0], -90_000)))
    assert await stored(engine) == [(units[0], -90_000), (units[0], -5), (units[0], 0)]
    assert await latest(engine) == {units[0]: 0}


async def test_a_repeat_has_one_effect_in_one_batch_in_two_and_after_a_restart(
    engine: AsyncEngine, units: list[int]
) -> None:
    sent = fixes_of((units[0], -1), (units[0], 0), (units[0], -1))
    async with writer_on(engine) as writer:
        await asyncio.gather(writer.store(sent), writer.store(sent))
        await writer.store(sent)
    async with writer_on(engine) as writer:
        await writer.store(sent)
    assert await stored(engine) == [(units[0], -1), (units[0], 0)]


async def test_two_writers_on_one_store_keep_order_and_repeat_nothing(engine: AsyncEngine, units: list[int]) -> None:
    async with writer_on(engine) as one, writer_on(engine) as other:
        for seconds in range(-6, 0):
            await one.store(fixes_of((units[0], seconds)))
            await other.store(fixes_of((units[0], seconds), (units[0], seconds - 10)))
    assert await stored(engine) == [(units[0], seconds) for seconds in sorted({*range(-16, -10), *range(-6, 0)})]
    assert await latest(engine) == {units[0]: -1}


async def test_a_latest_ahead_of_its_track_does_not_lose_the_repeat(engine: AsyncEngine, units: list[int]) -> None:
    fixes = fixes_of((units[0], 0))
    async with visit(engine) as session:  # as a crash between the two commits leaves it
        home = await by_code(session, "KZ")
        assert home is not None
        fixes["area_id"] = home.id
        await move(session, fixes, await ring_positions(session))
    async with writer_on(engine) as writer:
        await writer.store(fixes)
    assert await stored(engine) == [(units[0], 0)]


async def test_a_connection_that_is_cut_costs_nothing(engine: AsyncEngine, database_url: str, units: list[int]) -> None:
    async with writer_on(engine) as writer:
        for n in range(-10, 0):
            sending = asyncio.gather(*(writer.store(fixes_of((unit_id, n))) for unit_id in units))
            async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as killer:
                await killer.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            await sending
    assert await stored(engine) == [(unit_id, n) for unit_id in units for n in range(-10, 0)]


async def test_a_store_that_is_away_is_told_and_waited_for(store_url: str, units: list[int]) -> None:
    away = engine_for(store_url.replace("/test_", "/away_", 1))
    async with writer_on(away) as writer:
        answers = await asyncio.gather(
            *(writer.store(fixes_of((unit_id, 0))) for unit_id in units), return_exceptions=True
        )
        assert {str(answer) for answer in answers} == {"store_away"}
        async with await psycopg.AsyncConnection.connect(store_url, autocommit=True) as there:
            name = (await (await there.execute("SELECT current_database()")).fetchone() or ("",))[0]
        copy = name.replace("test_", "away_", 1)
        await _copy_database(store_url, name, copy)
        try:
            await writer.store(fixes_of((units[0], 0)))
            assert await stored(away) == [(units[0], 0)]
        finally:
            await away.dispose()
            await _command(store_url, f'DROP DATABASE "{copy}" WITH (FORCE)')


@pytest.fixture
def store_url(database_url: str) -> str:
    return database_url


async def _copy_database(url: str, name: str, copy: str) -> None:
    await _command(
        url,
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'",
        f'CREATE DATABASE "{copy}" TEMPLATE "{name}"',
    )


async def _command(url: str, *statements: str) -> None:
    link = await psycopg.AsyncConnection.connect(url, dbname="postgres", autocommit=True)
    async with link:
        for statement in statements:
            await link.execute(statement)


async def test_a_request_the_store_will_not_have_takes_no_other_with_it(engine: AsyncEngine, units: list[int]) -> None:
    bad = fixes_of((units[0], 0), lat=1e300)  # the door lets no such place in
    async with writer_on(engine) as writer:
        answers = await asyncio.gather(
            writer.store(fixes_of((units[1], 0))),
            writer.store(bad),
            writer.store(fixes_of((units[2], 0))),
            return_exceptions=True,
        )
    assert [str(answer) for answer in answers] == ["None", "store_away", "None"]
    assert await stored(engine) == [(units[1], 0), (units[2], 0)]


async def test_too_much_waiting_is_sent_away(engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "MOST_WAITING", 3)
    writer = PositionWriter(engine)  # nobody runs it, so that everything waits
    waiting = asyncio.create_task(writer.store(fixes_of((1, 0), (1, 1))))
    await asyncio.sleep(0)
    with pytest.raises(Refusal, match="busy"):
        await writer.store(fixes_of((1, 2), (1, 3)))
    assert writer.waiting_rows == 2
    waiting.cancel()


async def test_closing_stores_what_waits_and_takes_no_more(engine: AsyncEngine, units: list[int]) -> None:
    async with writer_on(engine) as writer:
        waiting = asyncio.create_task(writer.store(fixes_of((units[0], 0))))
        await asyncio.sleep(0)
        writer.close()
        with pytest.raises(Refusal, match="busy"):
            await writer.store(fixes_of((units[1], 0)))
        await waiting
    assert await stored(engine) == [(units[0], 0)]

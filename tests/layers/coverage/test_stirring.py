"""A transaction stirs a tile once, and whoever reckons meanwhile loses nothing of what it wrote, in whatever order."""

import asyncio
from contextlib import suppress
from itertools import count
from typing import Any

import anyio
import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.planning.laying import squares
from layers.areas.scope import visit_whole
from layers.cameras.queries import NewCamera, put_up
from layers.cameras.table import camera
from layers.coverage import queries as coverage
from layers.coverage.schema import Reckoned, Stirred
from layers.coverage.table import coverage_tile
from layers.coverage.writing import write
from layers.database import Session
from layers.values import LonLat, Title

pytestmark = pytest.mark.anyio
LON, LAT = 76.94, 43.22  # in the midst of a tile
NOTHING = Reckoned(coverage=[], gaps=[], shares=[], lost=[], unseeing={}, asked=[])
_codes = count()


async def hang(session: Session, number: int = 1) -> None:
    """Hang cameras, each by a statement of its own."""
    for code in (f"C-{next(_codes)}" for _ in range(number)):
        title, place = Title(kk=code, ru=code, en=code), LonLat(lon=LON, lat=LAT)
        await put_up(session, [NewCamera(code=code, title=title, place=place, url="a", reader="rtsp", settings={})])


async def stirred(session: Session) -> Any:
    return (await session.execute(select(coverage_tile.c.stirred_at))).scalar_one()


async def take(engine: AsyncEngine) -> Stirred:
    async with visit_whole(engine) as session:
        (tile,) = await coverage.waiting(session, 1)
    return tile


async def read(engine: AsyncEngine) -> Stirred:
    """Begin to reckon: what the tile was stirred by, and then what stands there."""
    tile = await take(engine)
    async with visit_whole(engine) as session:
        await coverage.standing(session, tile.id)
    return tile


async def end(engine: AsyncEngine, tile: Stirred) -> None:
    async with visit_whole(engine) as session:
        await write(session, [(tile, NOTHING)])


async def waits(engine: AsyncEngine) -> bool:
    async with visit_whole(engine) as session:
        return await stirred(session) is not None


async def held_up(engine: AsyncEngine) -> None:
    """Wait until somebody in this database waits for a row that another holds."""
    asked = text("""SELECT EXISTS (SELECT 1 FROM pg_stat_activity
                     WHERE datname = current_database() AND wait_event_type = 'Lock')""")
    with anyio.fail_after(30):
        while True:
            async with engine.connect() as link:
                if (await link.execute(asked)).scalar_one():
                    return
            await anyio.sleep(0.02)


@pytest.fixture
async def laid(engine: AsyncEngine) -> AsyncEngine:
    """A tile that was reckoned and another reckoning of it that has not begun: it was stirred since."""
    async with visit_whole(engine) as session:
        await coverage.lay(session, squares([], [(LON, LAT, 120.0)]))
    await end(engine, await read(engine))
    assert not await waits(engine)
    async with visit_whole(engine) as session:
        await hang(session)
    return engine


async def test_a_reckoning_that_read_before_an_import_stirred_twice_leaves_the_tile_waiting(laid: AsyncEngine) -> None:
    tile = await read(laid)
    async with visit_whole(laid) as session:
        await hang(session)
        first = await stirred(session)
        await hang(session)
        assert await stirred(session) == first != tile.stirred_at
        await end(laid, tile)
        await hang(session)
        assert await stirred(session) == first
    assert await waits(laid)


async def test_a_reckoning_that_reads_amid_an_import_leaves_the_tile_waiting(laid: AsyncEngine) -> None:
    tile = await take(laid)
    async with visit_whole(laid) as session:
        await hang(session)
        async with visit_whole(laid) as other:
            await coverage.standing(other, tile.id)  # of before the import
        await hang(session)
        await end(laid, tile)
    assert await waits(laid)


async def test_an_import_that_waits_for_a_reckoning_to_be_written_stirs_what_that_wrote(laid: AsyncEngine) -> None:
    tile = await read(laid)

    async def take_in() -> None:
        async with visit_whole(laid) as session:
            await hang(session, 2)

    async with visit_whole(laid) as session:
        await write(session, [(tile, NOTHING)])
        importing = asyncio.create_task(take_in())
        await held_up(laid)
    await importing
    assert await waits(laid)


async def test_what_was_reckoned_after_a_savepoint_was_taken_back_is_stirred_again(laid: AsyncEngine) -> None:
    tile = await read(laid)
    async with visit_whole(laid) as session:
        with suppress(LookupError):
            async with session.begin_nested():
                await hang(session, 2)
                raise LookupError
        await end(laid, tile)  # nobody holds the tile any more
        assert await stirred(session) is None
        await hang(session)
    assert await waits(laid)


async def test_a_savepoint_and_what_is_around_it_stir_a_tile_together_once(laid: AsyncEngine) -> None:
    tile = await read(laid)
    async with visit_whole(laid) as session:
        async with session.begin_nested():
            await hang(session)
            first = await stirred(session)
        await hang(session)
        async with session.begin_nested():
            await hang(session)
        assert await stirred(session) == first
        await end(laid, tile)
    assert await waits(laid)


async def test_a_tile_that_an_import_holds_is_neither_handed_out_nor_waited_for_and_the_others_are_written(
    laid: AsyncEngine,
) -> None:
    beside = LON + 0.06
    async with visit_whole(laid) as session:
        await coverage.lay(session, squares([], [(beside, LAT, 120.0)]))
        both = await coverage.waiting(session, 9)
    assert len(both) == 2
    async with visit_whole(laid) as session:
        await hang(session)
        async with visit_whole(laid) as other:
            (free,) = await coverage.waiting(other, 9)
            assert await coverage.any_waiting(other)
        async with visit_whole(laid) as other:
            await write(other, [(tile, NOTHING) for tile in both])
        async with visit_whole(laid) as other:
            assert await coverage.waiting(other, 9) == [] and not await coverage.any_waiting(other)
        await hang(session)  # it may ask for what was written meanwhile: nobody waits for it
    async with visit_whole(laid) as session:
        (left,) = await coverage.waiting(session, 9)
    assert left.id != free.id


async def test_a_reckoning_that_read_after_the_import_ended_ends_the_waiting(laid: AsyncEngine) -> None:
    async with visit_whole(laid) as session:
        await hang(session, 2)
    await end(laid, await read(laid))
    assert not await waits(laid)
    async with visit_whole(laid) as session:
        await hang(session)
    assert await waits(laid)


async def test_a_tile_that_the_same_transaction_wrote_for_another_reason_is_stirred_all_the_same(
    laid: AsyncEngine,
) -> None:
    tile = await read(laid)
    async with visit_whole(laid) as session:
        await coverage.let_go(session, 0)
        await session.execute(update(coverage_tile).values(job_id=None))
        await hang(session)
        assert await stirred(session) != tile.stirred_at
        await write(session, [(await coverage.tile(session, tile.id), NOTHING)])
        assert await stirred(session) is None
        await hang(session)
    assert await waits(laid)


async def test_in_a_restored_store_nobody_is_taken_for_who_stirred_before(laid: AsyncEngine) -> None:
    tile = await read(laid)
    async with visit_whole(laid) as session:
        await session.execute(update(coverage_tile).values(stirred_by=text("txid_current()")))  # its number comes again
        await hang(session)
        assert await stirred(session) != tile.stirred_at


async def test_of_many_cameras_those_that_change_and_those_that_go_write_a_tile_once(laid: AsyncEngine) -> None:
    for act in (update(camera).values(height_m=7.0), delete(camera)):
        async with visit_whole(laid) as session:
            await hang(session, 3)
        await end(laid, await read(laid))
        async with visit_whole(laid) as session:
            before = await written(session)
            await session.execute(act)
            assert await written(session) == before + 1
        assert await waits(laid)


async def written(session: Session) -> int:
    """Return how often rows of tiles were written in this transaction."""
    asked = text("SELECT n_tup_upd FROM pg_stat_xact_user_tables WHERE relname = 'coverage_tile'")
    return int((await session.execute(asked)).scalar_one())

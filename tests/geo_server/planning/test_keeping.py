"""The server reckons what waits in a process beside it, looks on meanwhile, and lets a bad end rest."""

import asyncio
from asyncio.subprocess import Process

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.jobs.keeping import JobKeeper
from geo_server.planning.keeping import coverage_keeper
from geo_server.planning.laying import squares
from layers.areas.scope import visit_whole
from layers.coverage import queries as coverage

pytestmark = pytest.mark.anyio


def process(keeper: JobKeeper) -> Process | None:
    return keeper.process


async def lay(engine: AsyncEngine) -> None:
    async with visit_whole(engine) as session:
        await coverage.lay(session, squares([], [(76.94, 43.24, 100.0)])[:1])


async def test_what_waits_is_reckoned_beside_the_server_which_looks_on(engine: AsyncEngine, database_url: str) -> None:
    keeper = coverage_keeper(engine, database_url)
    await keeper.look()
    assert process(keeper) is None  # nothing waits
    await lay(engine)
    await keeper.look()
    begun = process(keeper)
    assert begun is not None and begun.returncode is None
    await keeper.look()
    assert process(keeper) is begun  # one at a time
    assert await begun.wait() == 0
    async with visit_whole(engine) as session:
        assert (
            await session.execute(text("SELECT count(*) FROM coverage_tile WHERE stirred_at IS NULL"))
        ).scalar() == 1


async def test_after_a_bad_end_it_rests(engine: AsyncEngine) -> None:
    keeper = coverage_keeper(engine, "postgresql://nobody@127.0.0.1:9/nothing")
    keeper.again_s = 3600.0
    await lay(engine)
    await keeper.look()
    begun = process(keeper)
    assert begun is not None and await asyncio.wait_for(begun.wait(), 60) != 0
    await keeper.look()
    assert process(keeper) is None

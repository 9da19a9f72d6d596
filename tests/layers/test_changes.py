"""The bell: what is read is what was committed, in that order, once."""

import asyncio

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine

from layers import changes
from layers.database import visit

pytestmark = pytest.mark.anyio


async def test_a_change_is_read_after_its_commit_and_not_before(engine: AsyncEngine) -> None:
    async with visit(engine) as writing:
        await changes.ring(writing, {"events": [7, 7, 3]})
        async with visit(engine) as reading:
            assert await changes.since(reading, 0) == []
    async with visit(engine) as reading:
        found = await changes.since(reading, 0)
    assert [(change.layer, change.feature_id) for change in found] == [("events", 3), ("events", 7)]


async def test_numbers_follow_the_order_of_commits_when_many_ring_at_once(engine: AsyncEngine) -> None:
    async def write(feature_id: int) -> None:
        async with visit(engine) as session:
            await changes.ring(session, {"units": [feature_id]})

    seen: list[int] = []
    writers = asyncio.gather(*(write(n) for n in range(40)))
    while len(seen) < 40:
        async with visit(engine) as reading:  # a reader that moves its cursor on must never have skipped a number
            fresh = await changes.since(reading, seen[-1] if seen else 0)
        seen += [change.seq for change in fresh]
    await writers
    async with visit(engine) as reading:
        assert seen == [change.seq for change in await changes.since(reading, 0)]


async def test_nothing_changed_rings_nothing(engine: AsyncEngine) -> None:
    async with visit(engine) as session:
        await changes.ring(session, {"events": []})
        assert await changes.newest(session) == 0


async def test_the_bell_carries_no_content(engine: AsyncEngine, database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as listening:
        listening.execute(f"LISTEN {changes.CHANNEL}")
        async with visit(engine) as session:
            await changes.ring(session, {"events": [1]})
        heard = next(listening.notifies(timeout=10))
    assert heard.payload == ""


async def test_batches_of_positions_are_numbered_upwards(engine: AsyncEngine) -> None:
    async with visit(engine) as session:
        first = await changes.ring_positions(session)
    async with visit(engine) as session:
        assert await changes.ring_positions(session) > first


async def test_whoever_rings_keeps_nobody_waiting_for_what_it_does_after_that(engine: AsyncEngine) -> None:
    async with visit(engine) as slow:
        await changes.ring(slow, {"events": [1]})
        async with visit(engine) as quick:
            await changes.ring(quick, {"events": [2]})
        async with visit(engine) as reading:
            assert [change.feature_id for change in await changes.since(reading, 0)] == [2]
    async with visit(engine) as reading:
        assert [change.feature_id for change in await changes.since(reading, 0)] == [2, 1]


async def test_a_visit_rings_once_for_what_was_told_several_times(engine: AsyncEngine) -> None:
    async with visit(engine) as session:
        await changes.ring(session, {"units": [4], "events": [1]})
        await changes.ring(session, {"units": [4, 5]})
    async with visit(engine) as reading:
        found = await changes.since(reading, 0)
    assert [(change.layer, change.feature_id) for change in found] == [("units", 4), ("events", 1), ("units", 5)]


async def test_a_visit_that_fails_rings_for_nothing(engine: AsyncEngine) -> None:
    with pytest.raises(ZeroDivisionError):
        async with visit(engine) as session:
            await changes.ring(session, {"events": [1]})
            raise ZeroDivisionError
    async with visit(engine) as reading:
        assert await changes.newest(reading) == 0


async def test_a_visit_whose_connection_was_lost_tells_of_that_and_of_nothing_else(engine: AsyncEngine) -> None:
    with pytest.raises(OperationalError):
        async with visit(engine) as session:
            await changes.ring(session, {"events": [1]})
            await session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

"""A door counts whatever the store does, in little memory, and loses nothing by it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine
from structlog.testing import capture_logs

from layers.database import Session, engine_for, visit
from layers.refusals import tally as counting
from layers.refusals.table import door_refusal
from layers.refusals.tally import MOST_KEYS, Tally

pytestmark = pytest.mark.anyio


@pytest.fixture
def tally(engine: AsyncEngine) -> Tally:
    return Tally("machines", partial(visit, engine))


async def stored(engine: AsyncEngine) -> list[dict[str, Any]]:
    async with visit(engine) as session:
        return [dict(row) for row in (await session.execute(select(door_refusal))).mappings()]


def times(rows: list[dict[str, Any]]) -> dict[tuple[str, str | None], int]:
    return {(row["code"], row["address"]): row["count"] for row in rows}


async def test_the_same_is_written_once_with_its_count_and_moments(tally: Tally, engine: AsyncEngine) -> None:
    for _ in range(3):
        tally.count("unknown_key", "192.0.2.1")
    tally.count("unknown_device", "192.0.2.1", source_id=5, many=40)
    await tally.flush()
    rows = await stored(engine)
    assert times(rows) == {("unknown_key", "192.0.2.1"): 3, ("unknown_device", "192.0.2.1"): 40}
    assert [row["source_id"] for row in rows] == [5, None] or [row["source_id"] for row in rows] == [None, 5]
    assert all(row["since"] <= row["until"] and row["door"] == "machines" for row in rows) and tally.waiting == 0


async def test_a_flood_from_many_addresses_takes_little_room_and_every_one_is_counted(
    tally: Tally, engine: AsyncEngine
) -> None:
    for n in range(10_000):
        tally.count(("unknown_key", "no_key")[n % 2], f"10.{n // 250}.0.{n % 250}")
    await tally.flush()
    rows = times(await stored(engine))
    assert len(rows) == MOST_KEYS + 2 and sum(rows.values()) == 10_000
    assert rows["no_key", None] == rows["unknown_key", None] == 5_000 - MOST_KEYS // 2


async def test_what_the_store_does_not_take_is_kept_told_and_written_later(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = engine_for("postgresql://nobody@127.0.0.1:9/nothing")
    stores = iter([away, away, engine])
    tally = Tally("people", lambda: visit(next(stores)))
    with capture_logs() as logs:
        for address in ("192.0.2.1", "192.0.2.2"):
            tally.count("bad_session", address)
            await tally.flush()
    assert tally.waiting == 2 and "2 refusals" in tally.trouble
    assert [(line["event"], line["counts"]) for line in logs] == [("door_refusals_not_written", {"bad_session": 1})]
    tally.count("bad_session", "192.0.2.1")
    await tally.flush()
    assert times(await stored(engine)) == {("bad_session", "192.0.2.1"): 2, ("bad_session", "192.0.2.2"): 1}
    assert (tally.waiting, tally.trouble) == (0, "")
    await away.dispose()


async def test_a_flood_while_the_store_is_away_stays_small_and_exact(engine: AsyncEngine) -> None:
    away = engine_for("postgresql://nobody@127.0.0.1:9/nothing")
    stores = iter([away, away, engine])
    tally = Tally("people", lambda: visit(next(stores)))
    for round_ in range(3):
        for n in range(1_000):
            tally.count("bad_session", f"10.0.{round_}.{n}")
        await tally.flush()
    rows = times(await stored(engine))
    assert len(rows) == MOST_KEYS + 1 and sum(rows.values()) == 3_000
    await away.dispose()


async def test_an_ending_in_the_middle_of_a_write_loses_and_doubles_nothing(engine: AsyncEngine) -> None:
    began, go_on = asyncio.Event(), asyncio.Event()

    @asynccontextmanager
    async def slowly() -> AsyncIterator[Session]:
        async with visit(engine) as session:
            yield session
            began.set()
            await go_on.wait()

    counting_every, counting.EVERY_S = counting.EVERY_S, 0.0
    try:
        tally = Tally("machines", slowly)
        tally.count("no_key", "192.0.2.1")
        running = asyncio.create_task(tally.run())
        await began.wait()
        tally.count("no_key", "192.0.2.1", many=2)
        running.cancel()
        closing = asyncio.create_task(tally.close())
        go_on.set()
        await closing
    finally:
        counting.EVERY_S = counting_every
    assert running.cancelled() and times(await stored(engine)) == {("no_key", "192.0.2.1"): 3}


async def test_what_cannot_be_written_at_the_very_end_stands_in_the_log() -> None:
    away = engine_for("postgresql://nobody@127.0.0.1:9/nothing")
    tally = Tally("machines", partial(visit, away))
    tally.count("no_key", "192.0.2.1", many=7)
    with capture_logs() as logs:
        await tally.close()
    assert ("door_refusals_lost", {"no_key": 7}) in [(line["event"], line["counts"]) for line in logs]
    await away.dispose()

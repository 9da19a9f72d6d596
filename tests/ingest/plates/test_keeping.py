"""A list that cannot be read anew serves for a while, and is then forgotten: it may hold what was ended."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest.plates import keeping
from ingest.plates.hotlist import LiveHotlist
from layers.database import engine_for
from layers.hotlist import queries
from layers.hotlist.schema import Wanted
from tests.ingest.plates.test_hotlist import CAMERAS, CITY, NOW, entry

pytestmark = pytest.mark.anyio
NOBODY = "postgresql://nobody@127.0.0.1:1/nothing"


@contextmanager
def kept(hotlist: LiveHotlist) -> Iterator[None]:
    engine = engine_for(NOBODY, size=1)
    task = asyncio.create_task(keeping.keep(engine, hotlist, every_s=0.01))
    try:
        yield
    finally:
        task.cancel()


@pytest.mark.parametrize(("forget_s", "known"), [(0.0, False), (3600.0, True)])
async def test_while_the_store_is_away_the_last_list_serves_until_it_is_too_old(
    forget_s: float, known: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "FORGET_S", forget_s)
    hotlist = LiveHotlist()
    hotlist.learn([entry(1, CITY)], CAMERAS)
    with kept(hotlist), suppress(TimeoutError):
        async with asyncio.timeout(3 if not known else 0.5):
            for _ in range(300):
                if not hotlist.wanted("123ABC02", 1, NOW):
                    break
                await asyncio.sleep(0.01)
    assert bool(hotlist.wanted("123ABC02", 1, NOW)) == known


async def test_a_store_that_answers_nothing_is_as_good_as_away(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(_: object) -> list[Wanted]:
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(queries, "live", never)
    monkeypatch.setattr(keeping, "PATIENCE_S", 0.01)
    monkeypatch.setattr(keeping, "FORGET_S", 0.0)
    hotlist = LiveHotlist()
    hotlist.learn([entry(1, CITY)], CAMERAS)
    task = asyncio.create_task(keeping.keep(engine, hotlist, every_s=0.01))
    try:
        for _ in range(1000):
            if not hotlist.wanted("123ABC02", 1, NOW):
                break
            await asyncio.sleep(0.01)
    finally:
        task.cancel()
    assert not hotlist.wanted("123ABC02", 1, NOW)

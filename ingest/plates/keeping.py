"""Keeping the hotlist fresh: at the bell, and every few seconds without it."""

import asyncio
from contextlib import suppress

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest.hearing import hear
from ingest.plates.hotlist import LiveHotlist
from layers.database import address_of, visit
from layers.hotlist import queries
from layers.hotlist.queries import CHANNEL

log = structlog.get_logger()
EVERY_S = 3.0  # without a bell
PATIENCE_S = 10.0  # for the store to tell the list: one that answers nothing is as good as away
FORGET_S = 60.0  # a list that could not be read anew for so long may hold what was ended: then nothing is looked for


async def keep(engine: AsyncEngine, hotlist: LiveHotlist, *, every_s: float = EVERY_S) -> None:
    """Hold the list as the store has it until cancelled; while the store is away the last one serves for a minute."""
    rung, loop = asyncio.Event(), asyncio.get_running_loop()
    hearing = asyncio.create_task(hear(address_of(engine), CHANNEL, rung.set))
    fresh_at = loop.time()
    try:
        while True:
            if await _learn(engine, hotlist):
                fresh_at = loop.time()
            elif loop.time() - fresh_at > FORGET_S:
                hotlist.learn((), {})
            with suppress(TimeoutError):
                await asyncio.wait_for(rung.wait(), every_s)
            rung.clear()
    finally:
        hearing.cancel()


async def _learn(engine: AsyncEngine, hotlist: LiveHotlist) -> bool:
    try:
        async with asyncio.timeout(PATIENCE_S), visit(engine) as session:
            entries = await queries.live(session)
            areas = await queries.camera_areas(session) if entries else {}
    except (SQLAlchemyError, OSError) as error:
        log.warning("hotlist_waits", reason=type(error).__name__)
        return False
    hotlist.learn(entries, areas)
    return True

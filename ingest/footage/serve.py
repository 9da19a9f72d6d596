"""The process of footage: the door for video, and behind it the main streams that somebody watches or records."""

import asyncio
import logging
import socket
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from typing import Any

import structlog
import uvicorn
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest.footage.bell import Bell
from ingest.footage.door import Door, origins_of
from ingest.footage.feeds import Feeds
from ingest.footage.guests import Guests
from ingest.footage.lasting import lasting
from ingest.recording import running
from ingest.recording.replays import Replays
from ingest.settings import Settings
from layers.cameras import queries as cameras
from layers.database import engine_for, visit
from layers.video import queries

log = structlog.get_logger()

LOOK_S = 15.0  # how often rows are compared with what is open where no bell rings
AGAIN_S = 1.0  # where the store did not answer; and how often streams that nobody wants are closed
TICKETS_S = 600.0  # how often tickets that are past their day are deleted
GATHER_S = 0.1  # changes that come together are looked at together
MEMORY_BYTES = 16 * 2**30  # of addresses
_QUIET: dict[str, Any] = {"log_config": None, "access_log": False, "server_header": False, "proxy_headers": False}


def hush() -> None:
    """Keep tickets out of the log: uvicorn writes each handshake with its address, and counts a refused one a fault.

    So it counts an answer that is cut because its view has ended: a window is to see that it was not all.
    """
    told = ("WebSocket", "handshake", "returned without completing response")
    logging.getLogger("uvicorn.error").addFilter(lambda record: not any(word in str(record.msg) for word in told))


class Showing:
    """The process: the door, and what runs behind it."""

    def __init__(self, settings: Settings) -> None:
        """Build it; the store is asked when it runs."""
        self._engine = engine_for(settings.database_url, size=2)  # the door's: a crowd at it holds up no recording
        self._store, self._settings = engine_for(settings.database_url, size=3), settings
        self.feeds, self.guests = Feeds(settings.home), Guests(self._engine)
        self.replays = Replays(self._engine, settings.home)
        self._bell = Bell(self._store)
        door = Door(self.feeds, self.guests, origins_of(settings.windows_origin), self.replays)
        self._server = uvicorn.Server(_config(settings, door))

    async def run(self, opened: socket.socket) -> None:
        """Answer until told to stop."""
        beside = [asyncio.create_task(part) for part in self._parts()]
        log.info("video_door_open", port=opened.getsockname()[1])
        try:
            await self._server.serve(sockets=[opened])
        finally:
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)
            await asyncio.to_thread(self.feeds.stop)
            await self._engine.dispose()
            await self._store.dispose()

    def stop(self) -> None:
        """Let `run` end."""
        self._server.should_exit = True

    def _parts(self) -> list[Coroutine[Any, Any, None]]:
        guests = (self.guests, self.replays.guests)
        watched = [lasting("sessions", one.watch_sessions) for one in guests]
        rung = self._bell.ear()
        followed = lasting("cameras", lambda: follow(self._store, self.feeds, guests, rung))
        tickets = lasting("tickets", lambda: forget_tickets(self._store))
        kept = running.parts(self._store, self._settings, self.feeds, self._bell.ear())
        return [lasting("bell", self._bell.listen), close_left_open(self._store), tickets, followed, *watched, *kept]


def _config(settings: Settings, door: Door) -> uvicorn.Config:
    return uvicorn.Config(
        door.app(),
        ssl_certfile=settings.tls_cert,
        ssl_keyfile=settings.tls_key,
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        ws_max_size=1024,  # viewers say nothing
        lifespan="off",
        timeout_graceful_shutdown=2,
        **_QUIET,
    )


async def follow(engine: AsyncEngine, feeds: Feeds, guests: Sequence[Guests], rung: asyncio.Event) -> None:
    """Know the cameras that rows tell of, at each bell and seldom without; close what nobody wants, for ever."""
    clock = asyncio.get_running_loop()
    due_s = clock.time()
    while True:
        if rung.is_set() or clock.time() >= due_s:
            await asyncio.sleep(GATHER_S)
            rung.clear()
            due_s = clock.time() + (LOOK_S if await known(engine, feeds, guests) else AGAIN_S)
        await asyncio.to_thread(feeds.sweep)
        with suppress(TimeoutError):
            await asyncio.wait_for(rung.wait(), AGAIN_S)


async def known(engine: AsyncEngine, feeds: Feeds, guests: Sequence[Guests]) -> bool:
    """Compare rows with what is open; False where the store does not tell.

    A view of what was changed ends, and its ticket with it: whoever may still see it asks for a new one.
    """
    try:
        async with visit(engine) as session:
            rows = await cameras.enabled(session)
            changed = feeds.shown_anew(rows)
            await queries.spend(session, changed)
    except (SQLAlchemyError, OSError) as error:
        log.warning("feeds_wait", reason=type(error).__name__)
        return False
    await asyncio.to_thread(feeds.keep, rows)
    guests[0].end_all("camera_gone", but={row.id for row in rows})
    for one in guests:
        one.end_of(changed, "changed")
    return True


async def close_left_open(engine: AsyncEngine) -> None:
    """Write an end to the views that a door which fell has left open, as soon as the store answers."""
    while True:
        try:
            async with visit(engine) as session:
                await queries.close_left_open(session)
            return
        except (SQLAlchemyError, OSError) as error:
            log.warning("views_left_open", reason=type(error).__name__)
        await asyncio.sleep(AGAIN_S)


async def forget_tickets(engine: AsyncEngine) -> None:
    """Delete tickets that nobody can use any more, for ever."""
    while True:
        try:
            async with visit(engine) as session:
                gone = await queries.forget_old(session)
            if gone:
                log.info("tickets_deleted", tickets=gone)
        except (SQLAlchemyError, OSError) as error:
            log.warning("tickets_not_deleted", reason=type(error).__name__)
        await asyncio.sleep(TICKETS_S)

"""The process of footage: the door for video, and behind it the main streams that somebody watches or records."""

import asyncio
import logging
import socket
from collections.abc import Coroutine
from typing import Any

import structlog
import uvicorn
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest.footage.door import Door, origins_of
from ingest.footage.feeds import Feeds
from ingest.footage.guests import Guests
from ingest.recording import running
from ingest.recording.playback import Replays
from ingest.settings import Settings
from layers.cameras import queries as cameras
from layers.database import engine_for, visit
from layers.video import queries

log = structlog.get_logger()

LOOK_S = 1.0  # how often rows are compared with what is open
MEMORY_BYTES = 16 * 2**30  # of addresses
_QUIET: dict[str, Any] = {"log_config": None, "access_log": False, "server_header": False, "proxy_headers": False}


def hush() -> None:
    """Keep tickets out of the log: uvicorn writes each handshake with its address, and counts a refused one a fault."""
    told = ("WebSocket", "handshake")
    logging.getLogger("uvicorn.error").addFilter(lambda record: not any(word in str(record.msg) for word in told))


class Showing:
    """The process: the door, and what runs behind it."""

    def __init__(self, settings: Settings) -> None:
        """Build it; the store is asked when it runs."""
        self._engine = engine_for(settings.database_url, size=4)
        self.feeds, self.guests = Feeds(settings.home), Guests(self._engine)
        self._home, self.replays = settings.home, Replays(self._engine, settings.home)
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

    def stop(self) -> None:
        """Let `run` end."""
        self._server.should_exit = True

    def _parts(self) -> list[Coroutine[Any, Any, None]]:
        watched = [guests.watch_sessions() for guests in (self.guests, self.replays.guests)]
        kept = running.parts(self._engine, self._home, self.feeds)
        return [follow(self._engine, self.feeds, self.guests), *watched, *kept]


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


async def follow(engine: AsyncEngine, feeds: Feeds, guests: Guests, look_s: float = LOOK_S) -> None:
    """Know the cameras that rows tell of, and close what nobody wants, for ever."""
    first = True
    while True:
        try:
            async with visit(engine) as session:
                rows = await cameras.enabled(session)
                if first:
                    await queries.close_left_open(session)
            first = False
            guests.end_all("camera_gone", but={row.id for row in rows})
            await asyncio.to_thread(feeds.keep, rows)
        except (DBAPIError, OSError) as error:
            log.warning("feeds_wait", reason=type(error).__name__)
        await asyncio.to_thread(feeds.sweep)
        await asyncio.sleep(look_s)

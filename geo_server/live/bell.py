"""Hears the store's bell: one connection that listens, and comes back by itself when it is lost."""

import asyncio
import contextlib

import psycopg
import structlog

from layers.changes import CHANNEL
from layers.database import PATIENT

log = structlog.get_logger()
_AGAIN_AFTER_S = 1.0


class Bell:
    """Sets `rung` at every notification, and once at every new connection, for what rang while it was away."""

    def __init__(self, database_url: str) -> None:
        """Know the store; `listen` connects to it."""
        self._url = database_url
        self.rung = asyncio.Event()

    async def listen(self) -> None:
        """Listen until cancelled."""
        while True:
            try:
                await self._listen()
            except (psycopg.Error, OSError) as error:
                log.warning("bell_lost", error=type(error).__name__)
            await asyncio.sleep(_AGAIN_AFTER_S)

    async def _listen(self) -> None:
        connection = await psycopg.AsyncConnection.connect(self._url, autocommit=True, **PATIENT)
        async with connection:
            await connection.execute(f"LISTEN {CHANNEL}")
            self.rung.set()
            async for _ in connection.notifies():
                self.rung.set()

    async def wait(self, timeout_s: float) -> None:
        """Wait for the bell, or for so long without it."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.rung.wait(), timeout_s)
        self.rung.clear()

"""The bell of footage: rows of cameras ring it (migration 0039), so nobody asks each second for all of them."""

import asyncio
from typing import Any

import psycopg
import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from layers.database import PATIENT
from layers.video.schema import CHANNEL

log = structlog.get_logger()

AGAIN_S = 1.0


class Bell:
    """One connection that listens, for all in this process who want to hear."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Take the store."""
        self._url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._ears: list[asyncio.Event] = []

    def ear(self) -> asyncio.Event:
        """Return what is set at each bell, and whenever one may have been missed."""
        made = asyncio.Event()
        self._ears.append(made)
        return made

    async def listen(self) -> None:
        """Hear, for ever; a connection that was lost is made anew."""
        while True:
            try:
                link: psycopg.AsyncConnection[Any] = await psycopg.AsyncConnection.connect(
                    self._url, autocommit=True, **PATIENT
                )
                async with link:
                    await link.execute(f"LISTEN {CHANNEL}")
                    self._ring()
                    async for _ in link.notifies():
                        self._ring()
            except (psycopg.Error, OSError) as error:
                log.warning("footage_bell_lost", reason=type(error).__name__)
            await asyncio.sleep(AGAIN_S)

    def _ring(self) -> None:
        for ear in self._ears:
            ear.set()

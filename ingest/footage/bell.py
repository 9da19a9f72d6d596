"""The bell of footage: rows of cameras ring it (migration 0039), so nobody asks each second for all of them."""

import asyncio

from sqlalchemy.ext.asyncio import AsyncEngine

from ingest.hearing import hear
from layers.database import address_of
from layers.video.schema import CHANNEL


class Bell:
    """One connection that listens, for all in this process who want to hear."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Take the store."""
        self._address = address_of(engine)
        self._ears: list[asyncio.Event] = []

    def ear(self) -> asyncio.Event:
        """Return what is set at each bell, and whenever one may have been missed."""
        made = asyncio.Event()
        self._ears.append(made)
        return made

    async def listen(self) -> None:
        """Hear, for ever; a connection that was lost is made anew."""
        await hear(self._address, CHANNEL, self._ring)

    def _ring(self) -> None:
        for ear in self._ears:
            ear.set()

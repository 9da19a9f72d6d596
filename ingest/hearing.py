"""Hearing the store's bells: a channel that rows ring, over a connection of its own."""

import asyncio
from collections.abc import Callable

import psycopg
import structlog

from layers.database import PATIENT

log = structlog.get_logger()

AGAIN_S = 1.0


async def hear(address: str, channel: str, rung: Callable[[], None]) -> None:
    """Call `rung` at each bell of a channel, for ever; at each new connection too, as some may have been missed."""
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(address, autocommit=True, **PATIENT) as link:
                await link.execute(f"LISTEN {channel}")
                rung()
                async for _ in link.notifies():
                    rung()
        except (psycopg.Error, OSError) as error:
            log.warning("bell_lost", channel=channel, reason=type(error).__name__)
        await asyncio.sleep(AGAIN_S)

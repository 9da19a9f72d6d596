"""What must go on as long as the process does: a part that fails is told of and begins anew, beside all others."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

log = structlog.get_logger()

AGAIN_S = 5.0


async def lasting(name: str, run: Callable[[], Awaitable[None]]) -> None:
    """Run a part for ever; whatever it raises is written down, and it is run again."""
    while True:
        try:
            await run()
        except Exception as error:
            log.error("part_failed", part=name, error=type(error).__name__, exc_info=error)
        await asyncio.sleep(AGAIN_S)

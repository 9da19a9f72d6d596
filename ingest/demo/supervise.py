"""Keeps the parts of the demo alive: one that fails is told in one line and begun again."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
import structlog

from layers.hosts import trusting

LONGEST_PAUSE_S = 15.0
_STEADY_S = 60.0  # a part that ran this long begins again at once
log = structlog.get_logger()


async def supervise(name: str, part: Callable[[], Awaitable[None]], *, first_pause_s: float = 1.0) -> None:
    """Run a part until cancelled, again and again with growing pauses; a part that returns by itself is done."""
    pause_s = first_pause_s
    while True:
        started_s = time.monotonic()
        try:
            await part()
            return
        except Exception as error:  # noqa: BLE001 — whatever a part dies of, the others live on
            pause_s = first_pause_s if time.monotonic() - started_s > _STEADY_S else min(pause_s * 2, LONGEST_PAUSE_S)
            log.warning("demo_part_failed", part=name, reason=reason(error), again_in_s=pause_s)
        await asyncio.sleep(pause_s)


def reason(error: BaseException) -> str:
    """Return why something failed in one line: of a group, its first failure."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    said = str(error).strip().splitlines()
    return f"{type(error).__name__}: {said[0]}" if said else type(error).__name__


async def answers(url: str, *, every_s: float = 1.0, trusted: Path | None = None) -> None:
    """Wait until something answers at a URL, by https with the `trusted` certificate, however long that takes."""
    waiting = False
    verify = True if trusted is None else trusting(trusted)
    async with httpx.AsyncClient(timeout=5.0, trust_env=False, verify=verify) as client:
        while True:
            try:
                await client.get(url)
                return
            except httpx.TransportError:
                if not waiting:
                    log.info("demo_waits", url=url)
                waiting = True
                await asyncio.sleep(every_s)

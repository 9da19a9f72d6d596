"""One shard: reads from stdin which cameras are its own, runs them, and says on stdout each second that it lives."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import msgspec
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest.cameras import run_cameras
from ingest.shards.wire import BEAT_S, Assignment


class Mine:
    """The cameras of this shard, as it was last told."""

    def __init__(self) -> None:
        """Own none."""
        self.cameras: frozenset[int] = frozenset()

    def __call__(self) -> frozenset[int]:
        """Return them."""
        return self.cameras


async def run_shard(engine: AsyncEngine, home: Path, name: str) -> None:
    """Run until stdin ends, which it does when whoever keeps the shards is gone."""
    mine = Mine()
    running = asyncio.create_task(run_cameras(engine, home, mine=mine, shard=name))
    beating = asyncio.create_task(_beat(running))
    try:
        async for line in _lines():
            mine.cameras = frozenset(msgspec.json.decode(line, type=Assignment).cameras)
    finally:
        for task in (beating, running):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def _beat(running: asyncio.Task[None]) -> None:
    while not running.done():
        sys.stdout.write("\n")
        sys.stdout.flush()
        await asyncio.sleep(BEAT_S)


async def _lines() -> AsyncIterator[bytes]:
    reader = asyncio.StreamReader(limit=2**24)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        yield line

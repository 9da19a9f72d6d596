"""One shard: reads from stdin which cameras are its own, runs them, and says on stdout each second that it lives."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path
from typing import NoReturn

import msgspec
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest.cameras import Attended, run_cameras
from ingest.leases import Alone, Leases
from ingest.shards.counts import counted
from ingest.shards.wire import BEAT_S, COUNTED_BEATS, STUCK_S, Assignment, Beat


class Mine:
    """The cameras of this shard, as it was last told."""

    def __init__(self) -> None:
        """Own none."""
        self.cameras: frozenset[int] = frozenset()

    def take(self, told: Assignment) -> None:
        """Own these."""
        self.cameras = frozenset(told.cameras)

    def __call__(self) -> frozenset[int]:
        """Return them."""
        return self.cameras


class Leased(Mine):
    """The same where machines share cameras: those alone whose lease this shard holds."""

    def __init__(self) -> None:
        """Own none."""
        super().__init__()
        self.leases = Leases()

    def take(self, told: Assignment) -> None:
        """Own those of these that there is a lease for."""
        epochs = told.epochs or {}
        self.leases.hand({camera: epochs[camera] for camera in told.cameras if camera in epochs})

    def __call__(self) -> frozenset[int]:
        """Return them."""
        return self.leases()


async def run_shard(
    engine: AsyncEngine, home: Path, name: str, *, shared: bool = False, stuck_s: float = STUCK_S
) -> None:
    """Run until stdin ends, which it does when whoever keeps the shards is gone; `shared` with other machines.

    A worker that holds one frame for longer than `stuck_s` ends the process.
    """
    mine = Leased() if shared else Mine()
    leases = mine.leases if isinstance(mine, Leased) else Alone()
    attended = Attended(stuck_s, _end)
    cameras = run_cameras(engine, home, mine=mine, leases=leases, shard=name, attended=attended)
    running = asyncio.create_task(cameras)
    tasks = (running, asyncio.create_task(_listen(mine)), asyncio.create_task(_beat()))
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()  # what failed ends this process, and whoever keeps it begins it anew
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _listen(mine: Mine) -> None:
    async for line in _lines():
        mine.take(msgspec.json.decode(line, type=Assignment))


def _end(camera_id: int) -> NoReturn:
    """Name the camera and end at once: a call that never returns can be neither stopped nor waited for."""
    _say(Beat(stuck=camera_id, counts=counted()))
    os._exit(1)


def _say(beat: Beat) -> None:
    sys.stdout.write(msgspec.json.encode(beat).decode() + "\n")
    sys.stdout.flush()


async def _beat() -> None:
    for number in count():
        _say(Beat(counts=counted() if number % COUNTED_BEATS == 0 else None))
        await asyncio.sleep(BEAT_S)


async def _lines() -> AsyncIterator[bytes]:
    reader = asyncio.StreamReader(limit=2**24)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        yield line

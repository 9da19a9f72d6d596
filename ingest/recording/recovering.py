"""What a crash left open is found before anything new is begun, and closed beside what is recorded then."""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest.recording import recovery
from ingest.recording.disk import Disk
from ingest.recording.refused import Aside, offer
from ingest.recording.writer import Recorded
from layers.database import visit
from layers.recordings import queries
from layers.recordings.schema import Recording, Written

log = structlog.get_logger()

AGAIN_S = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """A file that a crash left open: of a row, or of a camera where no row knows it."""

    path: str
    row: Recording | None = None
    camera: Recorded | None = None

    def closed(self, folder: Path, disk: Disk) -> Written | None:
        """Close it; None where nothing whole stands in it. Raises OSError."""
        if self.row is not None:
            return recovery.recovered(folder, self.row, disk)
        return None if self.camera is None else recovery.found(folder, self.path, self.camera, disk)


async def recover(engine: AsyncEngine, folder: Path, disk: Disk) -> None:
    """Close what a crash left open: files that rows know, and those that were begun while the store was away."""
    await close_left(engine, folder, disk, await left_behind(engine, folder), asyncio.Lock())


async def left_behind(engine: AsyncEngine, folder: Path) -> list[Left]:
    """Return what a crash left open, oldest first; nothing is read of it yet."""
    now = datetime.now(UTC)
    async with visit(engine) as session:
        left = [Left(path=row.path, row=row) for row in await queries.still_open(session)]
        for one in await queries.chosen(session):
            known = await queries.paths_since(session, one.id, now - timedelta(days=3))
            camera = Recorded(id=one.id, code=one.code, retention=one.retention)
            unknown = await asyncio.to_thread(recovery.unknown, folder, camera, known, now)
            left += [Left(path=path, camera=camera) for path in unknown]
    return left


async def close_left(engine: AsyncEngine, folder: Path, disk: Disk, left: Sequence[Left], chain: asyncio.Lock) -> None:
    """Close them one by one: what cannot be read stays open and stops no other.

    What a store that is away does not take waits, and what it refuses lies aside.
    """
    waiting = deque(left)
    while waiting:
        one = waiting.popleft()
        try:
            await _close(engine, folder, disk, one, chain)
        except OSError as error:
            log.error("recording_not_recovered", path=one.path, reason=error.strerror)
        except SQLAlchemyError as error:
            log.warning("recovery_waits", path=one.path, reason=type(error).__name__)
            waiting.append(one)
            await asyncio.sleep(AGAIN_S)


async def _close(engine: AsyncEngine, folder: Path, disk: Disk, one: Left, chain: asyncio.Lock) -> None:
    closed = await asyncio.to_thread(one.closed, folder, disk)
    async with chain:
        if closed is not None:
            refused = await offer(engine, [closed], queries.keep)
            await asyncio.to_thread(Aside(folder, disk).put, refused)
        elif one.row is not None:
            async with visit(engine) as session:
                await queries.forget_empty(session, one.row.id, datetime.now(UTC))
    log.info("recording_recovered", path=one.path, bytes=closed.size if closed else 0)

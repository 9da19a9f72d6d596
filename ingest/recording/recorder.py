"""Recording: which cameras comes from rows; once a second what came is written, and rows are told how far it is."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest.footage.feeds import Feeds, NoCamera
from ingest.recording import recovery
from ingest.recording.disk import Disk
from ingest.recording.keeping import Keeping
from ingest.recording.ledger import Ledger
from ingest.recording.ring import Ring
from ingest.recording.writer import Recorded
from layers.database import visit
from layers.recordings import queries
from layers.recordings.queries import Chosen

log = structlog.get_logger()

TURN_S = 1.0  # what came in is safe after so long
PROGRESS_S = 5.0  # how often rows are told that open files grow
THREADS = 16  # that may wait for a disk at once
RING_S = 60.0


class Recorder:
    """Records every camera that rows choose, until cancelled."""

    def __init__(self, engine: AsyncEngine, home: Path, feeds: Feeds, *, disk: Disk | None = None) -> None:
        """Take the store, the home and the feeds; `run` begins."""
        self.engine, self.feeds = engine, feeds
        self.folder = home / "recordings"
        self.disk = disk or Disk()
        self.ledger = Ledger()
        self.kept: dict[int, Keeping] = {}
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="recording")
        self._told_at = datetime.min.replace(tzinfo=UTC)
        self._turns: set[asyncio.Task[None]] = set()

    def ring_of(self, camera_id: int) -> Ring | None:
        """Return what of a camera is in memory; None where it is recorded whole, or not at all."""
        kept = self.kept.get(camera_id)
        return None if kept is None else kept.ring

    async def run(self, turn_s: float = TURN_S) -> None:
        """Recover what a crash left, then record; what stands open at the end is closed and told."""
        await self._until_recovered()
        try:
            while True:
                await self._look()
                self._turn_all()
                await self._tell()
                await asyncio.sleep(turn_s)
        finally:
            await asyncio.shield(self._end())

    async def _until_recovered(self) -> None:
        while True:
            try:
                await recover(self.engine, self.folder, self.disk)
                return
            except DBAPIError as error:
                log.warning("recovery_waits", reason=type(error).__name__)
            await asyncio.sleep(TURN_S)

    async def _look(self) -> None:
        """Compare rows with what is recorded; while the store is away it goes on as it was."""
        try:
            async with visit(self.engine) as session:
                wanted = {one.id: one for one in await queries.chosen(session)}
        except (DBAPIError, OSError) as error:
            log.warning("recordings_unknown", reason=type(error).__name__)
            return
        for camera_id in [i for i, kept in self.kept.items() if wanted.get(i) != kept.chosen and not kept.busy]:
            await self._in_thread(self.kept.pop(camera_id).end)
        for one in wanted.values():
            if one.id not in self.kept:
                self._begin(one)

    def _begin(self, one: Chosen) -> None:
        with suppress(NoCamera):  # its feed comes with the next look
            feed = self.feeds.of(one.id)
            self.kept[one.id] = Keeping(
                chosen=one, folder=self.folder, feed=feed, ledger=self.ledger, disk=self.disk, ring_s=RING_S
            )
            log.info("recording", camera=one.code, mode=one.mode)

    def _turn_all(self) -> None:
        """Let every camera have its turn that is not still waiting for the disk; nobody waits for another."""
        for kept in self.kept.values():
            if not kept.busy:
                kept.busy = True
                turn = asyncio.create_task(self._turn(kept))
                self._turns.add(turn)
                turn.add_done_callback(self._turns.discard)

    async def _turn(self, kept: Keeping) -> None:
        try:
            await self._in_thread(kept.turn)
        except Exception as error:
            log.error("recording_failed", camera=kept.chosen.code, error=type(error).__name__, exc_info=error)
        finally:
            kept.busy = False

    async def _tell(self) -> None:
        now = datetime.now(UTC)
        due = self.ledger.urgent or (now - self._told_at).total_seconds() >= PROGRESS_S
        if due and await self.ledger.write(self.engine):
            self._told_at = now

    async def _end(self) -> None:
        if self._turns:
            await asyncio.wait(set(self._turns), timeout=5)
        for kept in self.kept.values():
            await self._in_thread(kept.end)
        self.kept.clear()
        await self.ledger.write(self.engine)

    async def _in_thread(self, act: Callable[[], None]) -> None:
        await asyncio.get_running_loop().run_in_executor(self._threads, act)


async def recover(engine: AsyncEngine, folder: Path, disk: Disk) -> None:
    """Close what a crash left open: files that rows know, and those that were begun while the store was away."""
    now = datetime.now(UTC)
    async with visit(engine) as session:
        for row in await queries.still_open(session):
            closed = await asyncio.to_thread(recovery.recovered, folder, row, disk)
            if closed is None:
                await queries.forget_empty(session, row.id, now)
            else:
                await queries.keep(session, [closed])
                log.info("recording_recovered", camera=row.code, path=row.path, bytes=closed.size)
    async with visit(engine) as session:
        for one in await queries.chosen(session):
            known = await queries.paths_since(session, one.id, now - timedelta(days=3))
            camera = Recorded(id=one.id, code=one.code, retention=one.retention)
            await queries.keep(session, await asyncio.to_thread(recovery.unknown, folder, camera, known, now, disk))

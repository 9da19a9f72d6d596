"""Recording: which cameras comes from rows; once a second what came is written, and rows are told how far it is."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest.footage.feeds import Feeds, NoCamera
from ingest.recording.disk import Disk
from ingest.recording.keeping import Keeping
from ingest.recording.ledger import Ledger
from ingest.recording.recovering import Left, close_left, left_behind
from ingest.recording.ring import Ring
from layers.database import visit
from layers.recordings import queries
from layers.recordings.queries import Chosen

log = structlog.get_logger()

TURN_S = 1.0  # what came in is safe after so long
PROGRESS_S = 5.0  # how often rows are told that open files grow
LOOK_S = 15.0  # how often rows are asked which cameras are recorded, where no bell rings
THREADS = 16  # that may wait for a disk at once
RING_S = 60.0


class Recorder:
    """Records every camera that rows choose, until cancelled."""

    def __init__(
        self,
        engine: AsyncEngine,
        home: Path,
        feeds: Feeds,
        *,
        disk: Disk | None = None,
        rung: asyncio.Event | None = None,
    ) -> None:
        """Take the store, the home, the feeds, and what is set when rows may have changed; `run` begins."""
        self.engine, self.feeds = engine, feeds
        self.folder = home / "recordings"
        self.disk = disk or Disk()
        self.ledger = Ledger(self.folder, self.disk)
        self.kept: dict[int, Keeping] = {}
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="recording")
        self._rung, self._look_s = rung or asyncio.Event(), float("-inf")  # when rows are asked again
        self._told_s = float("-inf")
        self._wanted: dict[int, Chosen] = {}
        self._chain = asyncio.Lock()  # of what a crash left and what is recorded, one takes its place at a time
        self._turns: set[asyncio.Task[None]] = set()

    def ring_of(self, camera_id: int) -> Ring | None:
        """Return what of a camera is in memory; None where it is recorded whole, or not at all."""
        kept = self.kept.get(camera_id)
        return None if kept is None else kept.ring

    async def run(self, turn_s: float = TURN_S) -> None:
        """Record, and beside it close what a crash left; what stands open at the end is closed and told."""
        left = await self._left()
        recovering = asyncio.create_task(close_left(self.engine, self.folder, self.disk, left, self._chain))
        try:
            while True:
                await self._look()
                self._turn_all()
                await self._tell()
                await asyncio.sleep(turn_s)
        finally:
            recovering.cancel()  # what it did not come to stands open, and is met again
            await asyncio.shield(self._end())

    async def _left(self) -> list[Left]:
        """Return what a crash left, known before the first new file is begun; not what lies on the disk whole."""
        while True:
            try:
                await self.ledger.aside.again(self.engine)
                waiting = await asyncio.to_thread(self.ledger.paths)
                return [one for one in await left_behind(self.engine, self.folder) if one.path not in waiting]
            except (SQLAlchemyError, OSError) as error:
                log.warning("recovery_waits", reason=type(error).__name__)
            await asyncio.sleep(TURN_S)

    async def _look(self) -> None:
        """Compare rows with what is recorded; while the store is away it goes on as it was."""
        if self._rung.is_set() or time.monotonic() >= self._look_s:
            await self._ask()
        for camera_id in [i for i, kept in self.kept.items() if self._is_other(kept) and not kept.busy]:
            await self._in_thread(self.kept.pop(camera_id).give_up)
        for one in self._wanted.values():
            if one.id not in self.kept:
                self._begin(one)

    async def _ask(self) -> None:
        self._rung.clear()
        try:
            async with visit(self.engine) as session:
                self._wanted = {one.id: one for one in await queries.chosen(session)}
            self._look_s = time.monotonic() + LOOK_S
        except (SQLAlchemyError, OSError) as error:
            log.warning("recordings_unknown", reason=type(error).__name__)
            self._look_s = float("-inf")

    def _is_other(self, kept: Keeping) -> bool:
        """Say whether a camera is to be recorded otherwise than it is, or has another feed by now."""
        try:
            return self._wanted.get(kept.chosen.id) != kept.chosen or self.feeds.of(kept.chosen.id) is not kept.feed
        except NoCamera:
            return True

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
        if self.ledger.urgent or time.monotonic() - self._told_s >= PROGRESS_S:
            async with self._chain:
                told = await self.ledger.write(self.engine)
            self._told_s = time.monotonic() if told else self._told_s

    async def _end(self) -> None:
        if self._turns:
            await asyncio.wait(set(self._turns), timeout=5)
        for kept in self.kept.values():
            await self._in_thread(kept.end)
        self.kept.clear()
        async with self._chain:
            await self.ledger.write(self.engine)

    async def _in_thread(self, act: Callable[[], None]) -> None:
        await asyncio.get_running_loop().run_in_executor(self._threads, act)

"""What goes and what stays: by class and age, by pressure of the disk, and never what a hold holds."""

import asyncio
import json
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest.recording.clock import Clock
from ingest.recording.disk import Disk
from ingest.recording.refused import Aside
from layers.database import visit
from layers.recordings import clip_queries, export_queries, queries
from layers.recordings.schema import Held, Recording

log = structlog.get_logger()

CLASSES = Path(__file__).parents[2] / "data" / "retention.json"
ROOM = 0.01  # more than that, so that not every file is followed by another deletion
BATCH = 200
ROUNDS = 10  # of deletions before the disk is left alone for a while: something else may be filling it


@dataclass(frozen=True, slots=True, kw_only=True)
class Goes:
    """What is to be deleted, and why: "retention" or "disk"."""

    recordings: tuple[Recording, ...]
    why: str


@cache
def days() -> Mapping[str, timedelta]:
    """Return how long each class is kept."""
    told = json.loads(CLASSES.read_text(encoding="utf-8"))
    return {name: timedelta(days=one["days"]) for name, one in told.items()}


def is_held(one: Recording, holds: Iterable[Held]) -> bool:
    """Say whether a hold reaches into a file."""
    return any(
        hold.camera_id == one.camera_id and hold.begins_at < one.ends_at and hold.ends_at > one.begins_at
        for hold in holds
    )


def expired(recordings: Sequence[Recording], holds: Sequence[Held], now: datetime) -> Goes:
    """Choose what is older than its class is kept, oldest first; nothing that is held."""
    kept = days()
    old = [one for one in recordings if one.ends_at + kept[one.retention] < now]
    return Goes(recordings=tuple(_unheld(old, holds)), why="retention")


def pressed(recordings: Sequence[Recording], holds: Sequence[Held], needed_bytes: int) -> Goes:
    """Choose the oldest that nothing holds until so many bytes are free, and not one more."""
    chosen: list[Recording] = []
    for one in _unheld(recordings, holds):
        if needed_bytes <= 0:
            break
        chosen.append(one)
        needed_bytes -= one.size
    return Goes(recordings=tuple(chosen), why="disk")


def _unheld(recordings: Iterable[Recording], holds: Sequence[Held]) -> list[Recording]:
    closed = (one for one in recordings if one.state == "closed" and not is_held(one, holds))
    return sorted(closed, key=lambda one: (one.begins_at, one.id))


class Retention:
    """Deletes what may go; `pressure` says what the disk lacks, "" where it lacks nothing."""

    def __init__(self, engine: AsyncEngine, home: Path, disk: Disk, *, least_free: float, exports: timedelta) -> None:
        """Take the store, the home, the disk, which share of it is to be free, and how long exports are kept."""
        self.engine, self.home, self.disk, self.least_free, self.exports = engine, home, disk, least_free, exports
        self.folder = home / "recordings"
        self.pressure = ""
        self._clock: Clock | None = None

    async def look(self, now: datetime | None = None) -> int:
        """Delete what is due; return how many files went. Nothing is old by a clock that has just jumped."""
        now = now or datetime.now(UTC)
        gone, clock = await self._press(), await self._believed(now)
        if clock.is_steady(now, time.monotonic()):
            gone += await self._old(now)
        else:
            log.error("clock_jumped", to=now.isoformat(timespec="seconds"))
        await self._tell(clock.last)
        return gone

    async def _believed(self, now: datetime) -> Clock:
        if self._clock is None:
            async with visit(self.engine) as session:
                seen = await queries.disk(session)
            self._clock = Clock(seen.at if seen else now)
        return self._clock

    async def _old(self, now: datetime) -> int:
        gone = 0
        for name, kept in days().items():
            while found := await self._due(name, now - kept):
                went = await self._delete(expired(found, await self._holds(), now))
                gone += went
                if not went:
                    break
        await self._clips(now)
        await self._exports(now)
        return gone

    async def _tell(self, now: datetime) -> None:
        """Tell how the disk is, and of what the store refused: the server's health says it on."""
        free, total = await asyncio.to_thread(self.disk.room, self.folder)
        refused = await asyncio.to_thread(Aside(self.folder, self.disk).sentence)
        async with visit(self.engine) as session:
            told = f"{self.pressure} {refused}".strip()
            seen = queries.DiskSeen(at=now, free_bytes=free, total_bytes=total, pressure=told)
            await queries.write_disk(session, seen)

    async def _due(self, name: str, before: datetime) -> list[Recording]:
        async with visit(self.engine) as session:
            return await queries.oldest(session, limit=BATCH, before=before, retention=name)

    async def _holds(self) -> list[Held]:
        async with visit(self.engine) as session:
            return await queries.standing_holds(session)

    async def _press(self) -> int:
        """Make room where too little of the disk is free; say so where nothing is left that may go."""
        gone, told = 0, ""
        for _ in range(ROUNDS):
            if (lack := await asyncio.to_thread(self._lack)) <= 0:
                break
            told = "The disk of the recordings is nearly full: the oldest that nothing holds are deleted early."
            async with visit(self.engine) as session:
                found = await queries.oldest(session, limit=BATCH)
            went = await self._delete(pressed(found, await self._holds(), lack))
            gone += went
            if not went:
                told = "The disk of the recordings is nearly full, and all that is recorded is held."
                break
        if told != self.pressure:
            (log.error if told else log.info)("disk_pressure", told=told, deleted=gone)
        self.pressure = told
        return gone

    def _lack(self) -> int:
        """Return how many bytes are to be freed: none while enough is free."""
        self.folder.mkdir(parents=True, exist_ok=True)
        free, total = self.disk.room(self.folder)
        return 0 if free >= self.least_free * total else round((self.least_free + ROOM) * total) - free

    async def _delete(self, goes: Goes) -> int:
        """Delete files and keep their rows; one that the disk does not let go of stays, and stops no other."""
        if not goes.recordings:
            return 0
        try:
            gone = await self._gone(goes.recordings, goes.why)
        except OSError:
            gone = sum([await self._alone(one, goes.why) for one in goes.recordings])
        log.info("recordings_deleted", why=goes.why, files=gone)
        return gone

    async def _alone(self, one: Recording, why: str) -> int:
        try:
            return await self._gone([one], why)
        except OSError as error:
            log.error("recording_not_deleted", path=one.path, reason=error.strerror)
            return 0

    async def _gone(self, recordings: Sequence[Recording], why: str) -> int:
        """Delete files and tell their rows; both or, where the store fails, the file alone: it is met again."""
        async with visit(self.engine) as session:
            await queries.keep_holds_out(session)
            ids = set(await queries.mark_deleted(session, [one.id for one in recordings], why=why))
            paths = [one.path for one in recordings if one.id in ids]
            await asyncio.to_thread(self._remove, paths, self.folder)
        return len(paths)

    async def _clips(self, now: datetime) -> None:
        """Delete the clips whose class is past, unless held or of an incident that stands open."""
        for name, kept in days().items():
            async with visit(self.engine) as session:
                await queries.keep_holds_out(session)
                paths = await clip_queries.delete_old(session, retention=name, before=now - kept, limit=BATCH)
                await asyncio.to_thread(self._remove, paths, self.home / "clips")

    async def _exports(self, now: datetime) -> None:
        """Delete the archives that nobody took home for long enough, unless a hold reaches into what they hold."""
        async with visit(self.engine) as session:
            await queries.keep_holds_out(session)
            paths = await export_queries.delete_old(session, before=now - self.exports, limit=BATCH)
            await asyncio.to_thread(self._remove, paths, self.home / "exports")
        if paths:
            log.info("exports_deleted", files=len(paths))

    def _remove(self, paths: Sequence[str], folder: Path) -> None:
        for path in paths:
            self.disk.remove(folder / path)

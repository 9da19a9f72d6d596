"""What goes and what stays: by class and age, by pressure of the disk, and never what a hold holds."""

import asyncio
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest.recording.disk import Disk
from layers.database import visit
from layers.recordings import clip_queries, queries
from layers.recordings.schema import Held, Recording

log = structlog.get_logger()

CLASSES = Path(__file__).parents[2] / "data" / "retention.json"
LEAST_FREE = 0.05  # the share of the disk that is kept free
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

    def __init__(self, engine: AsyncEngine, home: Path, disk: Disk, *, least_free: float = LEAST_FREE) -> None:
        """Take the store, the home, the disk, and which share of it is to be free."""
        self.engine, self.home, self.disk, self.least_free = engine, home, disk, least_free
        self.folder = home / "recordings"
        self.pressure = ""

    async def look(self, now: datetime | None = None) -> int:
        """Delete what is due; return how many files went."""
        now = now or datetime.now(UTC)
        gone = 0
        for name, kept in days().items():
            while found := await self._due(name, now - kept):
                went = await self._delete(expired(found, await self._holds(), now))
                gone += went
                if not went:
                    break
        await self._clips(now)
        gone += await self._press()
        await self._tell(now)
        return gone

    async def _tell(self, now: datetime) -> None:
        """Tell how the disk is: the server's health says it on."""
        free, total = await asyncio.to_thread(self.disk.room, self.folder)
        async with visit(self.engine) as session:
            seen = queries.DiskSeen(at=now, free_bytes=free, total_bytes=total, pressure=self.pressure)
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
        """Delete files and keep their rows; both or, where the store fails, the file alone: it is met again."""
        if not goes.recordings:
            return 0
        async with visit(self.engine) as session:
            ids = set(await queries.mark_deleted(session, [one.id for one in goes.recordings], why=goes.why))
            paths = [one.path for one in goes.recordings if one.id in ids]
            await asyncio.to_thread(self._remove, paths, self.folder)
        log.info("recordings_deleted", why=goes.why, files=len(paths))
        return len(paths)

    async def _clips(self, now: datetime) -> None:
        """Delete the clips whose class is past, unless held or of an incident that stands open."""
        for name, kept in days().items():
            async with visit(self.engine) as session:
                paths = await clip_queries.delete_old(session, retention=name, before=now - kept, limit=BATCH)
                await asyncio.to_thread(self._remove, paths, self.home / "clips")

    def _remove(self, paths: Sequence[str], folder: Path) -> None:
        for path in paths:
            self.disk.remove(folder / path)

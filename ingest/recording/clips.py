"""Clips of events: some seconds before, some after, copied whole from a key frame on; never made up, never silent."""

import asyncio
import hashlib
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest.recording.disk import Disk, Trouble, trouble_of
from ingest.recording.reading import Stretch, Unreadable, beginning, read, stretches_of
from ingest.recording.ring import Cut, Ring
from ingest.recording.writer import folder_of
from layers.changes import ring
from layers.database import visit
from layers.recordings import clip_queries
from layers.recordings.clip_queries import Made, Wanted
from layers.recordings.schema import Recording

log = structlog.get_logger()

BEFORE_S, AFTER_S = 10.0, 20.0
PATIENCE_S = 30.0  # how long the last seconds are waited for before what there is counts as all
AGAIN_S = 5.0  # a disk that took no clip is tried again after so long
LATE = timedelta(hours=1)  # an event that came in longer ago gets no clip any more
RingOf = Callable[[int], Ring | None]


class Clips:
    """Makes the clip of every camera's event, once its last second is past."""

    def __init__(self, engine: AsyncEngine, home: Path, ring_of: RingOf, disk: Disk) -> None:
        """Take the store, the home, where the rings are, and the disk."""
        self.engine, self.ring_of, self.disk = engine, ring_of, disk
        self.recordings, self.folder = home / "recordings", home / "clips"
        self._again_s = float("-inf")  # when a disk that took none is tried again, by a clock that nobody sets

    async def look(self, now: datetime | None = None) -> int:
        """Make the clips that are due; return how many were decided."""
        now = now or datetime.now(UTC)
        async with visit(self.engine) as session:
            await clip_queries.begin(session, before_s=BEFORE_S, after_s=AFTER_S, since=now - LATE)
            wanted = await clip_queries.waiting(session, until=now)
        return sum([await self._make(one, now) for one in wanted])

    async def _make(self, wanted: Wanted, now: datetime) -> bool:
        """Make one clip, or say why there is none; False while its last seconds, or the disk, are waited for."""
        async with visit(self.engine) as session:
            files = await clip_queries.files_of(session, wanted.camera_id, wanted.begins_at, wanted.ends_at)
        patient = (now - wanted.ends_at).total_seconds() < PATIENCE_S
        if wanted.mode == "continuous" and patient and not _reach(files, wanted.ends_at):
            return False
        made = await asyncio.to_thread(self._written, wanted, files)
        if not isinstance(made, Trouble) or made.reason != wanted.reason:
            await self._tell(wanted, made)
        return not isinstance(made, Trouble)

    async def _tell(self, wanted: Wanted, made: Made | Trouble | str) -> None:
        async with visit(self.engine) as session:
            if isinstance(made, Made):
                await clip_queries.ready(session, wanted.event_id, made)
            elif isinstance(made, Trouble):
                await clip_queries.hindered(session, wanted.event_id, made.reason)
            else:
                await clip_queries.missing(session, wanted.event_id, made)
            await ring(session, {"events": [wanted.event_id]})  # windows that show the event read it again
        log.info("clip", of=wanted.event_id, missing=made if isinstance(made, str) else None)

    def _written(self, wanted: Wanted, files: list[Recording]) -> Made | Trouble | str:
        """Write the clip into its file; return what hinders it while its fragments last, then why there is none."""
        try:
            cut = self._cut(wanted, files)
        except Unreadable:
            cut = None
        if cut is None or not cut.fragments:
            return wanted.reason or "no_footage"
        if wanted.reason is not None and time.monotonic() < self._again_s:
            return Trouble(reason=wanted.reason)
        try:
            return self._store(wanted, cut)
        except OSError as error:
            self._again_s = time.monotonic() + AGAIN_S
            return trouble_of(error)

    def _cut(self, wanted: Wanted, files: list[Recording]) -> Cut | None:
        ring = self.ring_of(wanted.camera_id)
        found = None if ring is None else ring.cut(wanted.begins_at, wanted.ends_at)
        return found or cut_of(self.recordings, stretches_of(files, wanted.begins_at, wanted.ends_at))

    def _store(self, wanted: Wanted, cut: Cut) -> Made:
        name = Path(folder_of(wanted.code, wanted.camera_id)) / f"{cut.begins_at:%Y/%m/%d}/{wanted.event_id}.mp4"
        self.disk.remove(self.folder / name)  # of a try that the store never heard of
        file = self.disk.create(self.folder / name)
        try:
            self.disk.write(file, cut.data)
            self.disk.sync(file)
        except OSError:
            self.disk.remove(self.folder / name)  # half a clip is none, and nobody would ever delete it
            raise
        finally:
            self.disk.close(file)
        return Made(
            path=str(name),
            begins_at=cut.begins_at,
            ends_at=cut.ends_at,
            size=len(cut.data),
            init_size=len(cut.init),
            codec=cut.codec,
            sha256=hashlib.sha256(cut.data).digest(),
        )


def cut_of(folder: Path, stretches: list[Stretch]) -> Cut | None:
    """Return files' stretches as one, as long as they begin alike: what follows another picture size is left out."""
    if not stretches:
        return None
    first = stretches[0].recording
    init = beginning(folder, first)
    alike = []
    for one in stretches:
        if beginning(folder, one.recording) != init:
            break
        alike.append(one)
    data = tuple(b"".join(read(folder, one.recording, one.offset, one.end)) for one in alike)
    ends_at = alike[-1].ends_at
    return Cut(init=init, codec=first.codec, fragments=data, begins_at=alike[0].begins_at, ends_at=ends_at)


def _reach(files: list[Recording], until: datetime) -> bool:
    return bool(files) and max(one.ends_at for one in files) >= until

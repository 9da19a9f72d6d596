"""What recording has to tell the store: kept until it is written, so that a store that is away loses nothing."""

import asyncio
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest.recording.disk import Disk, trouble_of
from ingest.recording.refused import Aside, Refused, offer
from ingest.recording.spool import Spool
from layers.database import Session
from layers.recordings import queries
from layers.recordings.schema import Gap, State, Written

log = structlog.get_logger()

MOST_GAPS = 10_000  # while the store is away; beyond that the oldest go, and it is told
MOST_CLOSED = 200  # files in memory, about 45 kB each with their index; beyond that they wait on the disk


@dataclass(frozen=True, slots=True, kw_only=True)
class GapEnds:
    """A camera is recorded again from a moment on."""

    camera_id: int
    at: datetime


Told = Written | Gap | GapEnds | State


@dataclass(slots=True)
class Ledger:
    """The newest state of each file and camera, the gaps in their order; told by threads, written by the loop.

    Below `folder`, that of all recordings, `spool` takes the closed files that are too many for memory, and `aside`
    those that the store refuses.
    """

    folder: Path
    disk: Disk
    spool: Spool = field(init=False)
    aside: Aside = field(init=False)
    files: dict[str, Written] = field(default_factory=dict)
    gaps: list[Gap | GapEnds] = field(default_factory=list)
    states: dict[int, State] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        """Begin with what lies on the disk."""
        self.spool, self.aside = Spool(self.folder, self.disk), Aside(self.folder, self.disk)

    def tell(self, *told: Written) -> None:
        """Take how far files are."""
        with self._lock:
            for one in told:
                self.files[one.path] = one

    def gap(self, told: Gap | GapEnds) -> None:
        """Take that a gap begins or ends."""
        with self._lock:
            self.gaps.append(told)
            if len(self.gaps) > MOST_GAPS:
                log.error("gap_forgotten", camera=self.gaps.pop(0).camera_id)

    def state(self, told: State) -> None:
        """Take how a camera fares."""
        with self._lock:
            self.states[told.camera_id] = told

    @property
    def urgent(self) -> bool:
        """Say whether there is more to tell than that files go on."""
        with self._lock:
            closed = any(one.sha256 for one in self.files.values())
        return bool(self.gaps or self.states or closed or self.spool.waiting())

    def paths(self) -> set[str]:
        """Return the files whose rows lie whole on the disk, and are the matter of no recovery; raises OSError."""
        return {one.path for one in (*self.spool.rows(), *self.aside.rows())}

    async def write(self, engine: AsyncEngine) -> bool:
        """Write what is to be told, of what waits on the disk one batch; False where the store does not take it now.

        It is kept then. While older files wait, what was closed since waits behind them: so the chain is in order.
        """
        try:
            behind = await self._drained(engine)
            await self._write(engine, behind=behind)
        except (SQLAlchemyError, OSError) as error:
            log.warning("recordings_wait", reason=type(error).__name__)
            await asyncio.to_thread(self._spill)
            return False
        return True

    async def _drained(self, engine: AsyncEngine) -> bool:
        """Write the oldest batch of the spool; say whether more wait."""
        waiting = await asyncio.to_thread(self.spool.waiting)
        if not waiting:
            return False
        try:
            told = await asyncio.to_thread(self.spool.read, waiting[0])
        except OSError as error:  # what is newer does not wait for what may never be read again
            log.error("waiting_rows_unreadable", batch=waiting[0].name, reason=trouble_of(error).reason)
            return False
        refused = await offer(engine, sorted(told, key=lambda one: one.begins_at), queries.keep)
        await asyncio.to_thread(self.aside.put, refused)
        await asyncio.to_thread(self.spool.done, waiting[0])
        return len(waiting) > 1

    async def _write(self, engine: AsyncEngine, *, behind: bool) -> None:
        with self._lock:
            files = {path: one for path, one in self.files.items() if one.sha256 is None or not behind}
            gaps, states = list(self.gaps), dict(self.states)
        told = [*sorted(files.values(), key=lambda one: one.begins_at), *gaps, *states.values()]
        if told:
            refused = await offer(engine, told, _write)
            kept = await asyncio.to_thread(self._put_aside, refused)
            self._written({path: one for path, one in files.items() if path not in kept}, gaps, states)

    def _put_aside(self, refused: Sequence[Refused[Told]]) -> set[str]:
        """Put closed files aside; return those that no disk takes, which stay in memory. All else is told alone."""
        closed = [
            Refused(one=row.one, why=row.why)
            for row in refused
            if isinstance(row.one, Written) and row.one.sha256 is not None
        ]
        for row in refused:
            if row not in closed:  # an open file is told again; what a gap was, this line alone keeps
                log.error("recordings_refused", what=repr(row.one), why=row.why)
        try:
            self.aside.put(closed)
        except OSError as error:
            log.error("rows_not_put_aside", files=len(closed), reason=trouble_of(error).reason)
            return {row.one.path for row in closed}
        return set()

    def _spill(self) -> None:
        """Put what is closed on the disk once it is much; where the disk takes nothing, nothing is closed there."""
        with self._lock:
            closed = {path: one for path, one in self.files.items() if one.sha256 is not None}
        if len(closed) <= MOST_CLOSED:
            return
        try:
            self.spool.put(list(closed.values()))
        except OSError as error:
            log.error("rows_not_spooled", files=len(closed), reason=trouble_of(error).reason)
            return
        log.warning("rows_spooled", files=len(closed))
        self._written(closed, [], {})

    def _written(self, files: dict[str, Written], gaps: list[Gap | GapEnds], states: dict[int, State]) -> None:
        """Forget what was written, unless something newer was told meanwhile."""
        done = {id(one) for one in gaps}
        with self._lock:
            self.files = {path: one for path, one in self.files.items() if files.get(path) is not one}
            self.states = {camera: one for camera, one in self.states.items() if states.get(camera) is not one}
            self.gaps = [one for one in self.gaps if id(one) not in done]


async def _write(session: Session, told: Sequence[Told]) -> None:
    await queries.keep(session, [one for one in told if isinstance(one, Written)])
    for one in told:
        if isinstance(one, Gap):
            await queries.begin_gap(session, one)
        elif isinstance(one, GapEnds):
            await queries.end_gap(session, one.camera_id, one.at)
    await queries.write_states(session, [one for one in told if isinstance(one, State)])

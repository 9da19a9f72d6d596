"""What the store refuses for good: found row by row, told, kept on the disk; it holds up nothing else."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

import psycopg
import structlog
from prometheus_client import Gauge
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest.recording.disk import Disk
from ingest.recording.spool import Spool
from layers.database import Session, visit
from layers.faults import told
from layers.recordings import queries
from layers.recordings.schema import Written

log = structlog.get_logger()
T = TypeVar("T")
Write = Callable[[Session, Sequence[T]], Awaitable[None]]

FOLDER = ".refused"  # beside `.waiting`, and written as that is
REFUSED = Gauge("qyran_recording_rows_refused", "Rows of recorded files that the store refused and that lie aside.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused(Generic[T]):
    """What the store does not take, and which rule of its own it broke."""

    one: T
    why: str


def refuses(error: BaseException) -> bool:
    """Say whether a fault is of what was told, not of the store: with the next try it would be the same.

    A place in a chain that another took at the same moment is not: the next try takes the next.
    """
    taken = isinstance(getattr(error, "orig", None), psycopg.errors.UniqueViolation)
    return isinstance(error, (IntegrityError, DataError)) and not taken


async def offer(engine: AsyncEngine, rows: Sequence[T], write: Write[T]) -> list[Refused[T]]:
    """Write all in one visit; where the store refuses that, each by itself. Return what is refused, in its order."""
    try:
        async with visit(engine) as session:
            await write(session, rows)
    except DBAPIError as error:
        if not refuses(error):
            raise
    else:
        return []
    async with visit(engine) as session:
        tried = [await _alone(session, one, write) for one in rows]
    return [one for one in tried if one is not None]


async def _alone(session: Session, one: T, write: Write[T]) -> Refused[T] | None:
    try:
        async with session.begin_nested():
            await write(session, [one])
    except DBAPIError as error:
        if not refuses(error):
            raise
        return Refused(one=one, why=_why(error))
    return None


def _why(error: DBAPIError) -> str:
    """Return the fault and the rule that was broken, without the row."""
    broken = error.orig.diag.constraint_name if isinstance(error.orig, psycopg.Error) else None
    return " ".join(filter(None, (told(error), broken)))


class Aside:
    """The rows of closed files that the store refused, below the recordings; their files stay where they are."""

    def __init__(self, folder: Path, disk: Disk) -> None:
        """Take the folder of all recordings and the disk; nothing is touched yet."""
        self._rows = Spool(folder, disk, FOLDER)

    def put(self, refused: Sequence[Refused[Written]]) -> None:
        """Keep rows and tell each; raises OSError, and then none is kept."""
        if not refused:
            return
        self._rows.put([row.one for row in refused])
        for row in refused:
            said = "The store refuses a recorded file: it stays, its row lies in .refused and is offered at each start."
            log.error("recording_refused", path=row.one.path, camera=row.one.camera_id, why=row.why, told=said)
        REFUSED.set(len(self.rows()))

    def rows(self) -> list[Written]:
        """Return what lies here, the oldest first; raises OSError."""
        return self._rows.rows()

    def sentence(self) -> str:
        """Return what a person reads of what lies here, "" where that is nothing; raises OSError."""
        count = len(self.rows())
        return f"Rows of recorded files that the store refused lie in recordings/.refused: {count}." if count else ""

    async def again(self, engine: AsyncEngine) -> None:
        """Offer all that lies here once more: what made the store refuse it may be mended by now."""
        for batch in await asyncio.to_thread(self._rows.waiting):
            rows = await asyncio.to_thread(self._rows.read, batch)
            refused = await offer(engine, rows, queries.keep)
            if len(refused) < len(rows):
                await asyncio.to_thread(self.put, refused)
                await asyncio.to_thread(self._rows.done, batch)
        REFUSED.set(len(await asyncio.to_thread(self.rows)))

"""The writer of positions: requests hand in fixes and wait; it stores those of many at once and answers after commit.

One COPY into the track and one UPDATE of the latest a batch. While one batch is being stored the next one gathers, so
the more arrives the larger the batches grow, up to `MOST_ROWS`.
"""

import asyncio
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from time import monotonic
from typing import Any

import numpy as np
import psycopg
import structlog
from numpy.typing import NDArray
from prometheus_client import Counter, Gauge, Histogram
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest.errors import Refusal, unstored
from ingest.latest import Latest
from layers import changes
from layers.areas import queries as areas
from layers.areas.borders import Borders
from layers.database import Session, visit
from layers.faults import told
from layers.tracks import queries as tracks
from layers.tracks.fixes import days_of, in_order, newest
from layers.units import positions

log = structlog.get_logger()

WINDOW_S = 0.05  # how long the first fix of a batch waits for others
ENOUGH_ROWS = 20_000  # a batch of so many waits no longer
MOST_ROWS = 100_000  # a batch takes whole requests up to here (one request may hold as many on its own)
MOST_WAITING = 500_000  # beyond this, requests are sent away
PATIENCE_S = 20.0  # a store that takes longer over one batch counts as away
REMEMBER_AREAS_S = 300.0

STORED = Counter("qyran_positions_stored_total", "Positions written to the track")
REPEATED = Counter("qyran_positions_repeated_total", "Positions that were stored already")
FAILED = Counter("qyran_positions_failed_total", "Positions whose batch could not be stored")
WAITING = Gauge("qyran_positions_waiting", "Positions that wait for their batch")
BATCH_ROWS = Histogram("qyran_position_batch_rows", "Positions a batch", buckets=(1, 10, 100, 1e3, 5e3, 2e4, 5e4, 1e5))
BATCH_SECONDS = Histogram("qyran_position_batch_seconds", "Seconds from the first statement of a batch to its commit")

# What a store that is away, full, slow or without areas raises, by its driver, by SQLAlchemy or by the system.
STORE_FAULTS = (DBAPIError, psycopg.Error, PoolTimeoutError, TimeoutError, OSError, LookupError)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Waiting:
    fixes: NDArray[np.void]
    stored: asyncio.Future[None]


@dataclass(slots=True, kw_only=True)
class _Memory:
    """What is known of the store between two batches; after any fault it is read anew."""

    borders: Borders
    read_at: float
    days: set[date] = field(default_factory=set)
    batch: int = -1
    latest: Latest | None = None


class PositionWriter:
    """One task that stores; everything else calls `store` and waits."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Take the store; nothing is asked of it before the first fix."""
        self._engine = engine
        self._waiting: list[_Waiting] = []
        self._rows = 0
        self._arrived, self._enough = asyncio.Event(), asyncio.Event()
        self._closing = False
        self._memory: _Memory | None = None

    @property
    def waiting_rows(self) -> int:
        """Say how many fixes wait for their batch."""
        return self._rows

    async def store(self, fixes: NDArray[np.void]) -> None:
        """Return when these fixes (`layers.tracks.fixes.FIX`; `area_id` is filled in here) are durable.

        A fix of a unit and time that is stored already changes nothing. Raises Refusal `store_away` or `busy`, and
        then none of them is acknowledged.
        """
        if not len(fixes):
            return
        if self._closing or (self._rows and self._rows + len(fixes) > MOST_WAITING):
            raise Refusal("busy")
        mine = _Waiting(fixes=fixes, stored=asyncio.get_running_loop().create_future())
        self._waiting.append(mine)
        self._count(len(fixes))
        self._arrived.set()
        if self._rows >= ENOUGH_ROWS:
            self._enough.set()
        await mine.stored

    async def run(self) -> None:
        """Store batch after batch until `close`, then what still waits."""
        while True:
            await self._arrived.wait()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._enough.wait(), WINDOW_S)
            if batch := self._take():
                await self._serve(batch)
            elif self._closing:
                return

    def close(self) -> None:
        """Take no more; `run` ends when all that waits is stored."""
        self._closing = True
        self._arrived.set()
        self._enough.set()

    def _count(self, rows: int) -> None:
        self._rows += rows
        WAITING.set(self._rows)

    def _take(self) -> list[_Waiting]:
        """Take the requests of the next batch, oldest first, and leave the rest."""
        rows = np.cumsum([len(one.fixes) for one in self._waiting])
        many = max(1, int(np.searchsorted(rows, MOST_ROWS, side="right")))
        batch, self._waiting = self._waiting[:many], self._waiting[many:]
        self._count(-sum(len(one.fixes) for one in batch))
        if not self._closing:
            if not self._waiting:
                self._arrived.clear()
            if self._rows < ENOUGH_ROWS:
                self._enough.clear()
        return batch

    async def _serve(self, batch: Sequence[_Waiting]) -> None:
        try:
            await self._store(np.concatenate([one.fixes for one in batch]))
        except Exception as error:  # noqa: BLE001 — whatever it is, those who wait must hear, and the task lives on
            await self._failed(batch, error)
        else:
            for one in batch:
                if not one.stored.done():
                    one.stored.set_result(None)

    async def _failed(self, batch: Sequence[_Waiting], error: Exception) -> None:
        self._memory = None
        fault = error.orig if isinstance(error, DBAPIError) else error
        log.error("positions_not_stored", requests=len(batch), error=told(error))
        if len(batch) > 1 and isinstance(fault, psycopg.IntegrityError | psycopg.DataError):
            for one in batch:  # one request that the store will not have must not take the others with it
                await self._serve([one])
            return
        FAILED.inc(sum(len(one.fixes) for one in batch))
        for one in batch:
            if not one.stored.done():
                one.stored.set_exception(unstored(error) if isinstance(error, STORE_FAULTS) else Refusal("internal"))

    async def _store(self, fixes: NDArray[np.void]) -> None:
        """Store a batch; when the connection broke, once more on a new one, which repeats nothing."""
        for last_try in (False, True):
            try:
                async with asyncio.timeout(PATIENCE_S):
                    await self._write(fixes)
                return
            except (DBAPIError, psycopg.OperationalError, OSError) as error:
                lost = error.connection_invalidated if isinstance(error, DBAPIError) else True
                if last_try or not lost or isinstance(error, TimeoutError):
                    raise
                self._memory = None

    async def _write(self, fixes: NDArray[np.void]) -> None:
        began = monotonic()
        memory = await self._remembered()
        ordered = await asyncio.to_thread(_located, fixes, memory.borders)
        await self._make_days(memory, ordered)
        # Two transactions side by side, because the UPDATE costs the store as much as the COPY. The inner one, with the
        # latest, commits first: the track never holds what the latest is behind of, so that after a fault between the
        # two (nobody was answered yet) a repeat is looked up in the track, found missing and stored.
        async with visit(self._engine) as for_track, visit(self._engine) as session:
            number = await changes.ring_positions(session)
            if memory.latest is None or number != memory.batch + 1:  # another writer was here, or we are new
                memory.latest = _latest(await positions.standing(session))
            ahead = ordered["at"] > memory.latest.of(ordered["unit_id"])
            # What is later than a unit's latest cannot be stored yet; only the others are looked up.
            new = ahead.copy()
            new[~ahead] = ~await tracks.known(for_track, ordered[~ahead])
            latest = newest(ordered[ahead])
            crossed = latest[latest["area_id"] != memory.latest.areas_of(latest["unit_id"])]  # mostly nobody
            await _both(tracks.append(for_track, ordered[new]), _move(session, latest, crossed, number))
        memory.batch = number
        memory.latest = memory.latest.moved(latest["unit_id"], latest["at"], latest["area_id"])
        STORED.inc(int(new.sum()))
        REPEATED.inc(len(fixes) - int(new.sum()))
        BATCH_ROWS.observe(len(fixes))
        BATCH_SECONDS.observe(monotonic() - began)

    async def _remembered(self) -> _Memory:
        memory = self._memory
        if memory is None or monotonic() - memory.read_at > REMEMBER_AREAS_S:
            async with visit(self._engine) as session:
                self._memory = memory = _Memory(borders=await areas.borders(session), read_at=monotonic())
        return memory

    async def _make_days(self, memory: _Memory, fixes: NDArray[np.void]) -> None:
        """Make the partitions of these fixes' days, today's and tomorrow's, ahead of the batch that needs them."""
        today = datetime.now(UTC).date()
        missing = {*days_of(fixes), today, today + timedelta(days=1)} - memory.days
        if missing:
            async with visit(self._engine) as session:
                await tracks.ensure_partition(session, sorted(missing))
            memory.days |= missing


async def _both(one: Coroutine[Any, Any, None], other: Coroutine[Any, Any, None]) -> None:
    """Wait for both, also when one fails: a query that is cut off costs its connection."""
    faults = [end for end in await asyncio.gather(one, other, return_exceptions=True) if end is not None]
    if faults:
        raise faults[0]


async def _move(session: Session, latest: NDArray[np.void], crossed: NDArray[np.void], number: int) -> None:
    await positions.move(session, latest, number)
    await positions.cross(session, crossed)


def _located(fixes: NDArray[np.void], borders: Borders) -> NDArray[np.void]:
    ordered = in_order(fixes)
    ordered["area_id"] = borders.of_positions(ordered["lon"], ordered["lat"])
    return ordered


def _latest(moved: NDArray[np.void]) -> Latest:
    return Latest(moved["unit_id"], np.rint(moved["at"] * 1e6).astype(np.int64), moved["area_id"])

"""What a door counts of its refusals in memory, and writes to the store each second.

To count is one look into a dict, whatever the store does; who comes from many addresses makes it no larger than
`MOST_KEYS`. What cannot be written stays counted and is written later.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog

from layers import faults
from layers.database import Session
from layers.refusals import queries
from layers.refusals.schema import Door, Refused

log = structlog.get_logger()

EVERY_S = 1.0
PATIENT_S = 5.0  # for one write; also how long a door that closes waits for the store
SAID_S = 60.0  # between two lines of the log about the same fault
MOST_KEYS = 20  # told one by one; what comes beyond them until the next write is counted by its code alone

Key = tuple[str, str | None, int | None]  # code, address, source
Visit = Callable[[], AbstractAsyncContextManager[Session]]


@dataclass(slots=True)
class Span:
    """How often, and between which moments (seconds since 1970 UTC)."""

    count: int
    since_s: float
    until_s: float


class Tally:
    """The refusals of one door; `visit` opens a transaction that may write them."""

    def __init__(self, door: Door, visit: Visit) -> None:
        """Begin at nothing; the store is asked for the first time where there is something to write."""
        self._door, self._visit = door, visit
        self._spans: dict[Key, Span] = {}
        self._one_at_a_time = asyncio.Lock()
        self._writing: asyncio.Task[None] | None = None
        self._fault, self._said = "", float("-inf")

    @property
    def waiting(self) -> int:
        """Say how many refusals are counted and not written."""
        return sum(span.count for span in self._spans.values())

    @property
    def trouble(self) -> str:
        """Say in a sentence for health what could not be written; nothing where all was."""
        return f"{self.waiting} refusals at the door wait to be written ({self._fault})" if self._fault else ""

    def count(self, code: str, address: str | None, *, source_id: int | None = None, many: int = 1) -> None:
        """Count refusals of that code; it must be one of a table of ours, never something that was sent."""
        now = time.time()
        self._add((code, address, source_id), Span(many, now, now))

    async def run(self) -> None:
        """Write each second until cancelled; what is being written then is written to its end (see `close`)."""
        while True:
            await asyncio.sleep(EVERY_S)
            self._writing = asyncio.create_task(self.flush())
            await asyncio.shield(self._writing)

    async def close(self) -> None:
        """Write what is left; where that fails, the log has the last word."""
        await self.flush()
        if self._spans:
            log.error("door_refusals_lost", door=self._door, counts=self._by_code())

    async def flush(self) -> None:
        """Write what was counted, or keep it.

        A store that dies in the very moment of the commit may have it twice: rather twice than not at all.
        """
        async with self._one_at_a_time:
            spans, self._spans = self._spans, {}
            if not spans:
                return
            try:
                await self._write(spans)
            except BaseException as error:
                for key, span in spans.items():
                    self._add(key, span)
                if not isinstance(error, Exception):
                    raise
                self._failed(error)
            else:
                self._fault = ""

    def _add(self, key: Key, more: Span) -> None:
        if key not in self._spans and len(self._spans) >= MOST_KEYS:
            key = (key[0], None, None)
        known = self._spans.get(key)
        if known is None:
            self._spans[key] = more
            return
        known.count += more.count
        known.since_s, known.until_s = min(known.since_s, more.since_s), max(known.until_s, more.until_s)

    async def _write(self, spans: dict[Key, Span]) -> None:
        rows = [self._told(key, span) for key, span in spans.items()]
        async with asyncio.timeout(PATIENT_S), self._visit() as session:
            await queries.add(session, rows)

    def _told(self, key: Key, span: Span) -> Refused:
        code, address, source_id = key
        since, until = (datetime.fromtimestamp(at_s, UTC) for at_s in (span.since_s, span.until_s))
        return Refused(
            door=self._door,
            code=code,
            address=address,
            source_id=source_id,
            count=span.count,
            since=since,
            until=until,
        )

    def _failed(self, error: Exception) -> None:
        first, self._fault = not self._fault, type(error).__name__
        if first or time.monotonic() - self._said >= SAID_S:
            self._said = time.monotonic()
            log.error("door_refusals_not_written", door=self._door, error=faults.told(error), counts=self._by_code())

    def _by_code(self) -> dict[str, int]:
        counts: Counter[str] = Counter()
        for (code, _, _), span in self._spans.items():
            counts[code] += span.count
        return dict(counts)

"""What of an interval was recorded, and of the rest why not: nothing is passed over in silence."""

import heapq
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from layers.recordings.schema import Gap, Recording

TOGETHER = timedelta(seconds=2)  # files no further apart play as one
NEWEST = timedelta(seconds=10)  # what is younger may be recorded and not yet told
SHORTEST = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of an interval; without a reason it was recorded and is there."""

    begins_at: datetime
    ends_at: datetime
    reason: str | None = None


def timeline(
    files: Sequence[Recording], gaps: Sequence[Gap], since: datetime, until: datetime, *, record: str, now: datetime
) -> list[Part]:
    """Return one camera's interval part by part, without a hole; `record` is how it is recorded now."""
    told = _told(files, gaps, now)
    edges = sorted({since, until, *(edge for part in told for edge in _ends(part) if since < edge < until)})
    between, counting = list(itertools.pairwise(edges)), _counting(told, edges)
    otherwise = "events_only" if record == "events" else "not_recorded"
    return _joined([_part(a, b, part, otherwise, now) for (a, b), part in zip(between, counting, strict=True)])


def recorded(parts: Iterable[Part]) -> list[Part]:
    """Return what was recorded and is there."""
    return [part for part in parts if part.reason is None]


def missing(parts: Iterable[Part]) -> list[Part]:
    """Return what is not there, with its reasons."""
    return [part for part in parts if part.reason is not None]


def _told(files: Sequence[Recording], gaps: Sequence[Gap], now: datetime) -> list[Part]:
    """Return what is known, what counts most first."""
    there, gone = ([one for one in files if (one.state == "deleted") is away] for away in (False, True))
    parts = [Part(begins_at=one.begins_at, ends_at=one.ends_at) for one in there]
    parts += [Part(begins_at=a.ends_at, ends_at=b.begins_at) for a, b in itertools.pairwise(there) if _near(a, b)]
    parts += [Part(begins_at=one.begins_at, ends_at=one.ends_at, reason=f"deleted_{one.deleted_why}") for one in gone]
    return parts + [Part(begins_at=gap.begins_at, ends_at=gap.ends_at or now, reason=gap.reason) for gap in gaps]


def _near(a: Recording, b: Recording) -> bool:
    return timedelta(0) < b.begins_at - a.ends_at <= TOGETHER


def _ends(part: Part) -> tuple[datetime, datetime]:
    return part.begins_at, part.ends_at


def _counting(told: Sequence[Part], edges: Sequence[datetime]) -> Iterator[Part | None]:
    """Yield what counts most between each two edges, None where nothing is known; one pass: a week holds thousands."""
    begun: list[tuple[int, Part]] = []
    coming = sorted(enumerate(told), key=lambda one: one[1].begins_at, reverse=True)
    for edge in edges[:-1]:
        while coming and coming[-1][1].begins_at <= edge:
            heapq.heappush(begun, coming.pop())
        while begun and begun[0][1].ends_at <= edge:
            heapq.heappop(begun)
        yield begun[0][1] if begun else None


def _part(a: datetime, b: datetime, known: Part | None, otherwise: str, now: datetime) -> Part:
    if known is not None:
        return Part(begins_at=a, ends_at=b, reason=known.reason)
    return Part(begins_at=a, ends_at=b, reason="not_yet" if a >= now - NEWEST else otherwise)


def _joined(parts: Sequence[Part]) -> list[Part]:
    """Put parts of one reason together; a slip between two files of less than a second is none."""
    made: list[Part] = []
    for part in parts:
        short = part.reason is not None and part.ends_at - part.begins_at < SHORTEST
        if made and (made[-1].reason == part.reason or short):
            made[-1] = Part(begins_at=made[-1].begins_at, ends_at=part.ends_at, reason=made[-1].reason)
        else:
            made.append(part)
    return made

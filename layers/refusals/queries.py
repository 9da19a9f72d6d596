"""Every question about refusals at the doors.

One row for whoever is refused alike: a flood makes a number grow, not the table. What was told stays a while with a
count of 0, so that whoever knocks on is told at once, and from then on by the span.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from layers.database import Session
from layers.refusals.schema import Refused
from layers.refusals.table import door_refusal

AGAIN = timedelta(seconds=10)  # between two entries of the same door, code, address and source
MOST_ROWS = 1_000  # beyond them addresses are dropped: the server that tells may be away while a door is flooded

_SAME = ("door", "code", "address", "source_id")
_c = door_refusal.c


async def add(session: Session, refused: Sequence[Refused]) -> None:
    """Add to what waits to be told; no two of `refused` are alike."""
    full = (await session.execute(select(func.count()).select_from(door_refusal))).scalar_one() >= MOST_ROWS
    rows = folded(refused) if full else list(refused)
    rows.sort(key=lambda one: (one.code, one.address or "", one.source_id or 0))  # two doors never wait in a ring
    if rows:
        await session.execute(_upsert().values([asdict(one) for one in rows]))


async def take(session: Session, *, most: int) -> list[Refused]:
    """Take what is due, the oldest first; it counts as told once the transaction is done."""
    asked = select(door_refusal).where(_c["count"] > 0, _quiet()).order_by(_c.since, _c.id).limit(most)
    rows = (await session.execute(asked.with_for_update(skip_locked=True))).mappings().all()
    if rows:
        told = update(door_refusal).where(_c.id.in_([row["id"] for row in rows]))
        await session.execute(told.values(count=0, told_at=func.now()))
    return [Refused(**{name: row[name] for name in Refused.__dataclass_fields__}) for row in rows]


async def forget(session: Session) -> None:
    """Drop the rows of those who were told and have not knocked since."""
    gone = select(_c.id).where(_c["count"] == 0, _quiet()).with_for_update(skip_locked=True)
    await session.execute(delete(door_refusal).where(_c.id.in_(gone)))


def folded(refused: Iterable[Refused]) -> list[Refused]:
    """Return the same refusals by door and code alone; their counts add up to the same."""
    found: dict[tuple[str, str], Refused] = {}
    for one in refused:
        key = (one.door, one.code)
        found[key] = _joined(found[key], one) if key in found else replace(one, address=None, source_id=None)
    return list(found.values())


def _joined(one: Refused, more: Refused) -> Refused:
    since, until = min(one.since, more.since), max(one.until, more.until)
    return replace(one, count=one.count + more.count, since=since, until=until)


def _quiet() -> ColumnElement[bool]:
    return or_(_c.told_at.is_(None), _c.told_at < func.now() - AGAIN)


def _upsert() -> Any:
    new = insert(door_refusal)
    first = case((_c["count"] == 0, new.excluded.since), else_=func.least(_c.since, new.excluded.since))
    grown = {
        "count": _c["count"] + new.excluded["count"],
        "since": first,
        "until": func.greatest(_c.until, new.excluded.until),
    }
    return new.on_conflict_do_update(index_elements=_SAME, set_=grown)

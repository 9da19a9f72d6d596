"""Every question about what a crew and the desk write to each other."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import func, insert, select, update

from layers.database import Session
from layers.units.schema import Message, NewMessage, Unread
from layers.units.table import crew_message

_m = crew_message.c
_COLUMNS = tuple(_m[name] for name in Message.__dataclass_fields__)
_unread = _m.from_crew, _m.read_at.is_(None)


async def add(session: Session, new: NewMessage) -> int:
    """Write a message and return its id."""
    row = insert(crew_message).values(asdict(new))
    return int((await session.execute(row.returning(_m.id))).scalar_one())


async def of_unit(session: Session, unit_id: int, *, limit: int = 50) -> list[Message]:
    """Return the newest messages to and from a crew, newest first."""
    asked = select(*_COLUMNS).where(_m.unit_id == unit_id).order_by(_m.id.desc()).limit(limit)
    return [Message(**row._mapping) for row in await session.execute(asked)]


async def read(session: Session, unit_id: int, *, from_crew: bool, up_to: int, at: datetime, by: str) -> list[int]:
    """Write who read what the other side wrote up to that message, and when; return what was not read before."""
    theirs = _m.unit_id == unit_id, _m.from_crew == from_crew, _m.id <= up_to, _m.read_at.is_(None)
    seen = update(crew_message).where(*theirs).values(read_at=at, read_by=by).returning(_m.id)
    return sorted((await session.execute(seen)).scalars())


async def unread(session: Session) -> dict[int, Unread]:
    """Return what crews wrote and no desk has read, by unit; of those units that the visit's scope shows."""
    newest = func.max(_m.id)
    asked = select(_m.unit_id, func.count(), newest).where(*_unread).group_by(_m.unit_id)
    return {unit_id: Unread(count=count, newest=last) for unit_id, count, last in await session.execute(asked)}

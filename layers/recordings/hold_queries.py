"""Every question about legal holds."""

from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, func, insert, select, update

from layers.cameras.table import camera
from layers.database import Session
from layers.events.table import event
from layers.incidents.table import incident
from layers.locks import AdvisoryLock
from layers.recordings.schema import Hold
from layers.recordings.seen import seen_of
from layers.recordings.table import legal_hold


@dataclass(frozen=True, slots=True, kw_only=True)
class NewHold:
    """A hold that is to be set."""

    camera_id: int
    incident_id: int | None
    event_id: int | None
    begins_at: datetime
    ends_at: datetime
    reason: str
    legal_basis: str
    set_by: str


async def every(session: Session, *, standing: bool, limit: int = 500) -> list[Hold]:
    """Return the holds that the visit's scope shows, newest first."""
    asked = _holds().order_by(legal_hold.c.id.desc()).limit(limit)
    if standing:
        asked = asked.where(legal_hold.c.released_at.is_(None))
    return [Hold(**row._mapping) for row in await session.execute(asked)]


async def find(session: Session, hold_id: int) -> Hold | None:
    """Return one hold, None where the visit's scope shows none."""
    row = (await session.execute(_holds().where(legal_hold.c.id == hold_id))).one_or_none()
    return None if row is None else Hold(**row._mapping)


async def set_(session: Session, new: NewHold) -> int:
    """Write a hold that stands from now on; return its id. A deletion that is under way is waited for."""
    await session.execute(select(func.pg_advisory_xact_lock(AdvisoryLock.HOLDS.value)))
    return int((await session.execute(insert(legal_hold).values(asdict(new)).returning(legal_hold.c.id))).scalar_one())


async def release(session: Session, hold_id: int, *, who: str, reason: str) -> bool:
    """End a hold; one that was released before keeps its time. False where the scope may not: another's camera."""
    once = {
        name: case((legal_hold.c.released_at.is_(None), value), else_=legal_hold.c[name])
        for name, value in (("released_at", func.now()), ("released_by", who), ("release_reason", reason))
    }
    ended = update(legal_hold).where(legal_hold.c.id == hold_id).values(once)
    return (await session.execute(ended)).rowcount > 0


async def cameras_of_incident(session: Session, incident_id: int) -> list[int]:
    """Return the cameras whose events belong to an incident, those that the visit's scope shows."""
    asked = select(camera.c.id).distinct().join(event, event.c.camera_id == camera.c.id).order_by(camera.c.id)
    return list((await session.execute(asked.where(event.c.incident_id == incident_id))).scalars())


def _holds() -> Select[Any]:
    plain = (legal_hold.c[one.name] for one in fields(Hold) if one.name not in ("code", "incident_id", "event_id"))
    seen = seen_of(incident, legal_hold.c.incident_id), seen_of(event, legal_hold.c.event_id)
    return select(*plain, *seen, camera.c.code).join(camera, camera.c.id == legal_hold.c.camera_id)

"""Every question about legal holds."""

from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, insert, select, update

from layers.cameras.table import camera
from layers.database import Session
from layers.events.table import event
from layers.locks import AdvisoryLock
from layers.recordings.schema import Hold
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


async def release(session: Session, hold_id: int, *, who: str, reason: str) -> None:
    """End a hold; one that was released before keeps its time."""
    still = update(legal_hold).where(legal_hold.c.id == hold_id, legal_hold.c.released_at.is_(None))
    await session.execute(still.values(released_at=func.now(), released_by=who, release_reason=reason))


async def cameras_of_incident(session: Session, incident_id: int) -> list[int]:
    """Return the cameras whose events belong to an incident."""
    asked = select(event.c.camera_id).where(event.c.incident_id == incident_id, event.c.camera_id.is_not(None))
    return sorted(set((await session.execute(asked)).scalars()))


def _holds() -> Select[Any]:
    columns = (legal_hold.c[one.name] for one in fields(Hold) if one.name != "code")
    return select(*columns, camera.c.code).join(camera, camera.c.id == legal_hold.c.camera_id)

"""Every question about the clips of events."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Row, case, exists, func, insert, literal, select, update

from layers.cameras.table import camera
from layers.database import Session
from layers.events.table import event
from layers.incidents.rules import ENDED
from layers.incidents.table import incident
from layers.recordings.queries import recording_of
from layers.recordings.schema import Clip, Recording
from layers.recordings.table import event_clip, legal_hold, recording

_ENDED = [state.value for state in ENDED]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A clip that is to be made: of which event and camera, from when to when; `mode` is how the camera is recorded.

    `reason`: why the disk did not take it when it was tried before.
    """

    event_id: int
    camera_id: int
    code: str
    mode: str
    begins_at: datetime
    ends_at: datetime
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A clip that lies in a file."""

    path: str
    begins_at: datetime
    ends_at: datetime
    size: int
    init_size: int
    codec: str
    sha256: bytes


async def begin(session: Session, *, before_s: float, after_s: float, since: datetime) -> int:
    """Write that every event of a camera since a moment is to have a clip; return how many are new.

    Of a camera that is not recorded it is missing from the first.
    """
    none = camera.c.record == "none"
    none_yet = ~exists().where(event_clip.c.event_id == event.c.id)
    new = (
        select(
            event.c.id,
            event.c.camera_id,
            event.c.at - literal(timedelta(seconds=before_s)),
            event.c.at + literal(timedelta(seconds=after_s)),
            case((none, "missing"), else_="waiting"),
            case((none, "not_recorded")),
        )
        .join(camera, camera.c.id == event.c.camera_id)
        .where(event.c.received_at >= since, none_yet)
    )
    columns = ["event_id", "camera_id", "begins_at", "ends_at", "state", "reason"]
    written = insert(event_clip).from_select(columns, new)
    return int((await session.execute(written)).rowcount)


async def waiting(session: Session, *, until: datetime, limit: int = 50) -> list[Wanted]:
    """Return the clips whose last moment is past, the oldest first.

    What the disk did not take stands behind what is new, and of that what lies in files behind what memory forgets.
    """
    columns = (event_clip.c[name] for name in ("event_id", "camera_id", "begins_at", "ends_at", "reason"))
    asked = select(*columns, camera.c.code, camera.c.record.label("mode")).join(
        camera, camera.c.id == event_clip.c.camera_id
    )
    due = asked.where(event_clip.c.state == "waiting", event_clip.c.ends_at <= until)
    hindered = event_clip.c.reason.is_not(None)
    lasts = hindered & (camera.c.record == "continuous")
    ordered = due.order_by(hindered, lasts, event_clip.c.ends_at).limit(limit)
    return [Wanted(**row._mapping) for row in await session.execute(ordered)]


async def files_of(session: Session, camera_id: int, since: datetime, until: datetime) -> list[Recording]:
    """Return the files of a camera that reach into an interval and are there, oldest first."""
    columns = (column for column in recording.c if column.name not in ("closed_at", "deleted_at"))
    asked = select(*columns, camera.c.code).join(camera, camera.c.id == recording.c.camera_id)
    touching = (recording.c.begins_at < until, recording.c.ends_at > since, recording.c.state != "deleted")
    found = await session.execute(
        asked.where(recording.c.camera_id == camera_id, *touching).order_by(recording.c.begins_at)
    )
    return [recording_of(cast(Row[Any], row)) for row in found]


async def ready(session: Session, event_id: int, made: Made) -> None:
    """Write that a clip is there."""
    values = {
        "state": "ready",
        "reason": None,
        "path": made.path,
        "begins_at": made.begins_at,
        "ends_at": made.ends_at,
        "bytes": made.size,
        "init_bytes": made.init_size,
        "codec": made.codec,
        "sha256": made.sha256,
        "made_at": func.now(),
    }
    await session.execute(update(event_clip).where(event_clip.c.event_id == event_id).values(values))


async def hindered(session: Session, event_id: int, reason: str) -> None:
    """Write that a clip still waits, and for what."""
    await session.execute(update(event_clip).where(event_clip.c.event_id == event_id).values(reason=reason))


async def missing(session: Session, event_id: int, reason: str) -> None:
    """Write that there is no clip, and why."""
    values = {"state": "missing", "reason": reason}
    await session.execute(update(event_clip).where(event_clip.c.event_id == event_id).values(values))


async def delete_old(session: Session, *, retention: str, before: datetime, limit: int) -> list[str]:
    """Write that clips older than their class are gone, and return their files.

    Neither those that are held nor those of an incident that stands open.
    """
    held = exists().where(
        legal_hold.c.camera_id == event_clip.c.camera_id,
        legal_hold.c.begins_at < event_clip.c.ends_at,
        legal_hold.c.ends_at > event_clip.c.begins_at,
        legal_hold.c.released_at.is_(None),
    )
    old = (
        select(event_clip.c.event_id)
        .join(camera, camera.c.id == event_clip.c.camera_id)
        .join(event, event.c.id == event_clip.c.event_id)
        .outerjoin(incident, incident.c.id == event.c.incident_id)
        .where(camera.c.retention == retention, event_clip.c.state == "ready", event_clip.c.ends_at < before, ~held)
        .where(incident.c.id.is_(None) | incident.c.state.in_(_ENDED))
        .order_by(event_clip.c.begins_at)
        .limit(limit)
    )
    change = update(event_clip).where(event_clip.c.event_id.in_(old)).values(state="deleted")
    return list((await session.execute(change.returning(event_clip.c.path))).scalars())


async def of_events(session: Session, ids: Sequence[int]) -> dict[int, Clip]:
    """Return the clips of events that are seen, by event."""
    if not ids:
        return {}
    found = await session.execute(select(event_clip).where(event_clip.c.event_id.in_(list(ids))))
    return {row.event_id: _clip(row) for row in found}


def _clip(row: Row[Any]) -> Clip:
    told = dict(row._mapping)
    del told["made_at"]
    sha256 = told.pop("sha256")
    size, init_size = told.pop("bytes"), told.pop("init_bytes")
    return Clip(size=size, init_size=init_size, sha256=None if sha256 is None else bytes(sha256), **told)

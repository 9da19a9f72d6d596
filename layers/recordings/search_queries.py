"""What people ask of recordings: files, gaps and events of cameras in an interval; each is asked for somebody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Row, select

from layers.areas.queries import seen_by
from layers.cameras.table import camera
from layers.database import Session
from layers.events.table import event
from layers.recordings.queries import recording_of
from layers.recordings.schema import Gap, Recording
from layers.recordings.table import event_clip, legal_hold, recording, recording_gap, recording_state
from layers.values import Title
from layers.viewer import Viewer

MOST_EVENTS = 500  # a camera and interval; beyond that nobody reads a timeline


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedCamera:
    """A camera as who looks for its recordings reads it; `reason` says why it is not recorded now."""

    id: int
    code: str
    name: Title
    record: str
    retention: str
    state: str | None
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEvent:
    """An event of a camera on its timeline; `clip` is the state of its clip."""

    id: int
    camera_id: int
    kind: str
    at: datetime
    certainty: float
    state: str
    clip: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldPart:
    """What of a camera is held: the hold, from when to when."""

    id: int
    camera_id: int
    begins_at: datetime
    ends_at: datetime


async def cameras(session: Session, viewer: Viewer, ids: Sequence[int]) -> list[RecordedCamera]:
    """Return these cameras, as far as the viewer sees them, in the order of ids."""
    names = (camera.c[name] for name in ("id", "code", "name_kk", "name_ru", "name_en", "record", "retention"))
    fares = (recording_state.c[name] for name in ("state", "reason"))
    asked = select(*names, *fares).select_from(camera.outerjoin(recording_state))
    seen = asked.where(camera.c.id.in_(list(ids)), seen_by(viewer, camera.c.area_id)).order_by(camera.c.id)
    return [_camera(row) for row in await session.execute(seen)]


def _camera(row: Row[Any]) -> RecordedCamera:
    told = dict(row._mapping)
    name = Title(**{language: told.pop(f"name_{language}") for language in ("kk", "ru", "en")})
    return RecordedCamera(name=name, **told)


async def files(session: Session, ids: Sequence[int], since: datetime, until: datetime) -> list[Recording]:
    """Return the files of cameras that reach into an interval, those that are gone too, oldest first."""
    left_out = ("closed_at", "deleted_at", "index")
    columns = (column for column in recording.c if column.name not in left_out)
    asked = select(*columns, camera.c.code).join(camera, camera.c.id == recording.c.camera_id)
    reaching = (recording.c.begins_at < until, recording.c.ends_at > since, recording.c.camera_id.in_(list(ids)))
    found = await session.execute(asked.where(*reaching).order_by(recording.c.begins_at, recording.c.id))
    return [recording_of(cast(Row[Any], row)) for row in found]


async def gaps(session: Session, ids: Sequence[int], since: datetime, until: datetime) -> list[Gap]:
    """Return what was to be recorded in an interval and was not."""
    columns = (recording_gap.c[name] for name in ("camera_id", "begins_at", "ends_at", "reason"))
    ended = recording_gap.c.ends_at
    reaching = (recording_gap.c.begins_at < until, ended.is_(None) | (ended > since))
    asked = select(*columns).where(recording_gap.c.camera_id.in_(list(ids)), *reaching)
    return [Gap(**row._mapping) for row in await session.execute(asked.order_by(recording_gap.c.begins_at))]


async def events(
    session: Session, viewer: Viewer, ids: Sequence[int], since: datetime, until: datetime
) -> list[TimelineEvent]:
    """Return the events of cameras in an interval that the viewer sees, oldest first."""
    columns = (event.c[name] for name in ("id", "camera_id", "kind", "at", "certainty", "state"))
    asked = select(*columns, event_clip.c.state.label("clip")).select_from(event.outerjoin(event_clip))
    seen = asked.where(event.c.camera_id.in_(list(ids)), event.c.at >= since, event.c.at < until)
    seen = seen.where(seen_by(viewer, event.c.area_id, event.c.incident_id)).order_by(event.c.at, event.c.id)
    return [TimelineEvent(**row._mapping) for row in await session.execute(seen.limit(MOST_EVENTS))]


async def held(session: Session, ids: Sequence[int], since: datetime, until: datetime) -> list[HeldPart]:
    """Return which parts of an interval are held."""
    columns = (legal_hold.c[name] for name in ("id", "camera_id", "begins_at", "ends_at"))
    reaching = (legal_hold.c.begins_at < until, legal_hold.c.ends_at > since, legal_hold.c.released_at.is_(None))
    asked = select(*columns).where(legal_hold.c.camera_id.in_(list(ids)), *reaching)
    return [HeldPart(**row._mapping) for row in await session.execute(asked.order_by(legal_hold.c.id))]

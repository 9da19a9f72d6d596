"""Tickets for stored video: for whom, of what, whole alone (decision 23; Almaty 213, art. 7 and 9)."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from geo_server.errors import Refusal
from geo_server.video.watching import is_masked
from layers.database import Session
from layers.recordings.schema import Clip, Export
from layers.video import queries
from layers.video.schema import Kind, NewTicket, digest
from layers.viewer import Viewer


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which stored video a ticket is for."""

    kind: Kind
    camera_id: int
    begins_at: datetime
    ends_at: datetime
    event_id: int | None = None
    export_id: int | None = None


def of_clip(clip: Clip) -> Asked:
    """Return the clip of an event; raises Refusal `no_such_clip` where it is not there."""
    if clip.state != "ready":
        raise Refusal("no_such_clip", id=clip.event_id)
    return Asked(
        kind="playback",
        camera_id=clip.camera_id,
        begins_at=clip.begins_at,
        ends_at=clip.ends_at,
        event_id=clip.event_id,
    )


def of_export(export: Export) -> Asked:
    """Return an export; raises Refusal `export_not_ready` where it is not built."""
    if export.state != "ready":
        raise Refusal("export_not_ready", id=export.id)
    first = export.camera_ids[0]
    return Asked(
        kind="export", camera_id=first, begins_at=export.begins_at, ends_at=export.ends_at, export_id=export.id
    )


async def hand_out(session: Session, viewer: Viewer, session_id: int | None, asked: Asked) -> str:
    """Write a ticket and return its token; raises Refusal `session_needed`, `no_such_camera`, `masked_recording`."""
    if session_id is None:
        raise Refusal("session_needed")
    await check_whole(session, viewer, asked.camera_id)
    token = secrets.token_urlsafe(32)
    await queries.write_ticket(session, _ticket(token, viewer, session_id, asked))
    return token


async def check_whole(session: Session, viewer: Viewer, camera_id: int) -> None:
    """Raise Refusal where the viewer does not see the camera, or only masked: what is stored has no masks."""
    camera = await queries.watchable(session, viewer, camera_id)
    if camera is None:
        raise Refusal("no_such_camera", id=camera_id)
    if is_masked(viewer.role, camera):
        raise Refusal("masked_recording", id=camera_id)


def _ticket(token: str, viewer: Viewer, session_id: int, asked: Asked) -> NewTicket:
    return NewTicket(
        token_sha256=digest(token),
        kind=asked.kind,
        camera_id=asked.camera_id,
        account_id=viewer.account_id,
        account=viewer.name,
        session_id=session_id,
        watermark=viewer.name,
        masked=False,
        begins_at=asked.begins_at,
        until=asked.ends_at,
        event_id=asked.event_id,
        export_id=asked.export_id,
    )

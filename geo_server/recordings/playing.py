"""Tickets for stored video: for whom, of what, whole or masked (decisions 23 and 24; Almaty 213, art. 7 and 9)."""

import secrets
from collections.abc import Sequence
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
    cameras: tuple[int, ...] = ()  # all that an export is of


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
    return Asked(
        kind="export",
        camera_id=export.camera_ids[0],
        begins_at=export.begins_at,
        ends_at=export.ends_at,
        export_id=export.id,
        cameras=export.camera_ids,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """A ticket as it is handed out, once; one that is masked opens pictures with the masks burnt in alone."""

    token: str
    masked: bool


async def hand_out(session: Session, viewer: Viewer, session_id: int | None, asked: Asked) -> Handed:
    """Write a ticket; raises Refusal `session_needed`, `no_such_camera`, of an export `masked_recording` too."""
    if session_id is None:
        raise Refusal("session_needed")
    masked = False
    if asked.kind == "export":
        await check_whole(session, viewer, asked.cameras)
    else:
        masked = await sees_masked(session, viewer, asked.camera_id)
    handed = Handed(token=secrets.token_urlsafe(32), masked=masked)
    await queries.write_ticket(session, _ticket(handed, viewer, session_id, asked))
    return handed


async def sees_masked(session: Session, viewer: Viewer, camera_id: int) -> bool:
    """Say whether a camera's privacy masks hold for the viewer; raises Refusal `no_such_camera`."""
    camera = await queries.watchable(session, viewer, camera_id)
    if camera is None:
        raise Refusal("no_such_camera", id=camera_id)
    return is_masked(viewer.role, camera)


async def check_whole(session: Session, viewer: Viewer, cameras: Sequence[int]) -> None:
    """Raise Refusal where the viewer does not see one of them, or only masked: original bytes have no masks."""
    for camera_id in cameras:
        if await sees_masked(session, viewer, camera_id):
            raise Refusal("masked_recording", id=camera_id)


def _ticket(handed: Handed, viewer: Viewer, session_id: int, asked: Asked) -> NewTicket:
    return NewTicket(
        token_sha256=digest(handed.token),
        kind=asked.kind,
        camera_id=asked.camera_id,
        account_id=viewer.account_id,
        account=viewer.name,
        session_id=session_id,
        watermark=viewer.name,
        masked=handed.masked,
        begins_at=asked.begins_at,
        until=asked.ends_at,
        event_id=asked.event_id,
        export_id=asked.export_id,
    )

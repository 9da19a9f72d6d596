"""Tickets for stored video at the door: good for an hour once used in time, so that a window may seek by them."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select, update
from sqlalchemy.dialects import postgresql

from layers.cameras import standing_queries
from layers.cameras.standing import Stood
from layers.cameras.table import camera
from layers.database import Session
from layers.recordings.table import event_clip, video_export
from layers.video.hiding import hiding
from layers.video.queries import MAY_WATCH, looked_at
from layers.video.schema import Kind, Ticket
from layers.video.table import video_ticket, video_view

LASTS = timedelta(hours=1)  # of a view of stored video


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopened:
    """A view that is open again: its ticket and its id."""

    ticket: Ticket
    view_id: int


async def reopen(session: Session, token_sha256: bytes, kind: Kind) -> Reopened | None:
    """Open the view of a ticket, or open it again; None where it is too old, of another kind, or not theirs now."""
    fresh = video_ticket.c.used_at.is_(None) & (video_ticket.c.expires_at > func.now())
    good = or_(fresh, video_ticket.c.used_at > func.now() - LASTS)
    used = (
        update(video_ticket)
        .where(video_ticket.c.token_sha256 == token_sha256, video_ticket.c.kind == kind, good, MAY_WATCH)
        .values(used_at=func.coalesce(video_ticket.c.used_at, func.now()))
        .returning(*(video_ticket.c[one.name] for one in fields(Ticket)))
    )
    row = (await session.execute(used)).one_or_none()
    if row is None:
        return None
    ticket = Ticket(**row._mapping)
    return Reopened(ticket=ticket, view_id=await _view(session, ticket))


async def _view(session: Session, ticket: Ticket) -> int:
    again = {"closed_at": None, "closed_why": None}
    row = postgresql.insert(video_view).values(looked_at(ticket))
    written = row.on_conflict_do_update(index_elements=["ticket_id"], set_=again)
    return int((await session.execute(written.returning(video_view.c.id))).scalar_one())


async def clip_path(session: Session, event_id: int) -> tuple[str, int, str, datetime, datetime] | None:
    """Return where a clip lies, how long its beginning is, its codec and its interval; None where it is not ready."""
    names = ("path", "init_bytes", "codec", "begins_at", "ends_at")
    asked = select(*(event_clip.c[name] for name in names))
    row = (
        await session.execute(asked.where(event_clip.c.event_id == event_id, event_clip.c.state == "ready"))
    ).one_or_none()
    return None if row is None else (row.path, row.init_bytes or 0, row.codec or "", row.begins_at, row.ends_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """What of a camera's picture must not be seen by everybody, and of which size in pixels the picture meant is."""

    masks: list[Any]
    size_px: tuple[int, int] | None
    stood: Stood | None = None  # of a camera that turns

    def at(self, moment: datetime) -> Sequence[Any] | None:
        """Return the masks that held at a moment; None: all is hidden."""
        stood = self.stood
        return hiding(self.masks, turns=stood is not None, preset=stood.at(moment) if stood else None)


async def covered(session: Session, camera_id: int, since: datetime) -> Covered:
    """Return what of a camera's picture is masked by now, be it switched on or off, and how it stood since a moment."""
    asked = select(camera.c.masks, camera.c.width_px, camera.c.height_px).where(camera.c.id == camera_id)
    row = (await session.execute(asked)).one()
    size_px = (row.width_px, row.height_px) if row.width_px and row.height_px else None
    stood = await standing_queries.stood(session, camera_id, since)
    return Covered(masks=row.masks, size_px=size_px, stood=stood)


async def export_path(session: Session, export_id: int) -> str | None:
    """Return where an export lies; None where it is not ready."""
    asked = select(video_export.c.path).where(video_export.c.id == export_id, video_export.c.state == "ready")
    path: str | None = (await session.execute(asked)).scalar_one_or_none()
    return path

"""Everything asked of tickets for video and of views."""

from collections.abc import Collection
from dataclasses import asdict, fields, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, exists, func, insert, select, update

from layers.areas.queries import seen_by
from layers.cameras.masks import HAS_PRIVACY_MASKS
from layers.cameras.table import camera
from layers.database import Session
from layers.video.schema import Kind, NewTicket, Ticket, Watchable
from layers.video.table import video_ticket, video_view
from layers.viewer import Viewer

# Whether the session that a ticket was handed out to still holds, and its account still sees the camera.
MAY_WATCH = func.may_watch(video_ticket.c.session_id, video_ticket.c.camera_id)
KEPT = timedelta(days=1)  # a ticket that was asked for: by then nothing can be opened by it any more


async def watchable(session: Session, viewer: Viewer, camera_id: int) -> Watchable | None:
    """Return a camera that the viewer sees, None where there is none."""
    own = seen_by(replace(viewer, also_areas=(), also_incidents=()), camera.c.area_id)
    asked = select(
        camera.c.id,
        camera.c.reader,
        camera.c.enabled,
        HAS_PRIVACY_MASKS.label("has_privacy_masks"),
        own.label("own"),
    ).where(camera.c.id == camera_id, seen_by(viewer, camera.c.area_id))
    row = (await session.execute(asked)).one_or_none()
    return None if row is None else Watchable(**row._mapping)


async def write_ticket(session: Session, new: NewTicket) -> int:
    """Write a ticket that is good for half a minute; return its id."""
    written = insert(video_ticket).values(asdict(new)).returning(video_ticket.c.id)
    return int((await session.execute(written)).scalar_one())


async def redeem(session: Session, token_sha256: bytes, kinds: Collection[Kind]) -> Ticket | None:
    """Use a ticket up: None where it is of another kind, used, too old, or its session may not watch."""
    good = video_ticket.c.used_at.is_(None), video_ticket.c.expires_at > func.now(), MAY_WATCH
    used = (
        update(video_ticket)
        .where(video_ticket.c.token_sha256 == token_sha256, video_ticket.c.kind.in_(kinds), *good)
        .values(used_at=func.now())
        .returning(*(video_ticket.c[one.name] for one in fields(Ticket)))
    )
    row = (await session.execute(used)).one_or_none()
    return None if row is None else Ticket(**row._mapping)


async def spend(session: Session, cameras: Collection[int]) -> None:
    """Let no ticket open a view of these cameras any more: whoever may still see them is handed a new one."""
    if not cameras:
        return
    lasting = video_ticket.c.used_at.is_(None) | (video_ticket.c.used_at > func.now() - timedelta(hours=1))
    spent = update(video_ticket).where(video_ticket.c.camera_id.in_(cameras), lasting)
    await session.execute(spent.values(used_at=func.to_timestamp(0)))


async def is_known(session: Session, token_sha256: bytes) -> bool:
    """Say whether such a ticket was ever handed out."""
    asked = select(video_ticket.c.id).where(video_ticket.c.token_sha256 == token_sha256)
    return (await session.execute(asked)).first() is not None


async def open_view(session: Session, ticket: Ticket) -> int:
    """Write that somebody begins to watch; return the view's id."""
    row = insert(video_view).values(looked_at(ticket)).returning(video_view.c.id)
    return int((await session.execute(row)).scalar_one())


def looked_at(ticket: Ticket) -> dict[str, Any]:
    """Return what a view keeps of its ticket, which goes before it."""
    kept = ("camera_id", "account", "kind", "masked", "begins_at", "until", "event_id", "export_id")
    return {"ticket_id": ticket.id, **{name: getattr(ticket, name) for name in kept}}


async def close_view(session: Session, view_id: int, *, sent_bytes: int, why: str) -> None:
    """Write that somebody has stopped to watch, how many bytes more they were shown, and why it ended.

    Who jumps in a recording opens a view anew while the answer before is still ending: each adds its own.
    """
    shown = video_view.c.bytes + sent_bytes
    closed = update(video_view).where(video_view.c.id == view_id)
    await session.execute(closed.values(closed_at=func.now(), closed_why=why, bytes=shown))


async def close_left_open(session: Session) -> int:
    """Write an end to the views that a door which fell has left open; return how many."""
    closed = update(video_view).where(video_view.c.closed_at.is_(None))
    return (await session.execute(closed.values(closed_at=func.now(), closed_why="door_fell"))).rowcount


async def forget_old(session: Session, *, most: int = 10_000) -> int:
    """Delete the tickets whose day is past, but for those by which somebody watches still; return how many."""
    watched = exists().where(video_view.c.ticket_id == video_ticket.c.id, video_view.c.closed_at.is_(None))
    old = select(video_ticket.c.id).where(video_ticket.c.asked_at < func.now() - KEPT, ~watched)
    gone = delete(video_ticket).where(video_ticket.c.id.in_(old.order_by(video_ticket.c.id).limit(most)))
    return (await session.execute(gone)).rowcount


async def holding(session: Session, ticket_ids: Collection[int]) -> set[int]:
    """Return those of these tickets by which their sessions may still watch."""
    asked = select(video_ticket.c.id).where(video_ticket.c.id.in_(ticket_ids), MAY_WATCH)
    return set((await session.execute(asked)).scalars())

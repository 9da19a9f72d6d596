"""Taking a camera away: one that something refers to keeps its history and is read no more, any other is deleted."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, func, or_, select, update

from layers.cameras.table import camera
from layers.database import Session
from layers.events.table import event
from layers.recordings.table import event_clip, legal_hold, recording, recording_gap, video_export
from layers.video.table import video_view

_OFF: dict[str, Any] = {"enabled": False, "record": "none"}
_NO_ADDRESS = {"url": "", "main_url": None, "onvif_url": None, "onvif_profile": None}  # their passwords go with them


@dataclass(frozen=True, slots=True, kw_only=True)
class Was:
    """A camera before it was switched off; who was `read` or `recorded` may still have something written of it."""

    id: int
    read: bool
    recorded: bool


async def switch_off(session: Session, code: str) -> Was | None:
    """Let a camera be neither read nor recorded any more; None where there is none."""
    asked = select(camera.c.id, camera.c.enabled, camera.c.record).where(camera.c.code == code).with_for_update()
    row = (await session.execute(asked)).one_or_none()
    if row is None:
        return None
    await session.execute(update(camera).where(camera.c.id == row.id).values(_OFF))
    return Was(id=row.id, read=row.enabled, recorded=row.record != "none")


async def remove(session: Session, was: Was) -> list[str]:
    """Delete a camera that was switched off, or forget its addresses alone; return what of it stays, in English."""
    await session.execute(
        select(camera.c.id).where(camera.c.id == was.id).with_for_update()
    )  # nothing new refers to it
    rows = (await session.execute(select(*(there.label(name) for name, there in _history(was.id).items())))).one()
    stays = [name for name, there in rows._mapping.items() if there]
    if stays or was.recorded:
        await session.execute(update(camera).where(camera.c.id == was.id).values(_NO_ADDRESS))
        return stays or ["a recording that may still be written"]
    await session.execute(delete(camera).where(camera.c.id == was.id))
    return []


def _history(camera_id: int) -> dict[str, ColumnElement[bool]]:
    """Say of each kind of history whether there is any: what the store keeps of itself, and what it would let go."""

    def any_of(*tables: Any) -> ColumnElement[bool]:
        return or_(*(exists().where(table.c.camera_id == camera_id) for table in tables))

    return {
        "events": any_of(event, event_clip),
        "recordings": any_of(recording, recording_gap),
        "legal holds": any_of(legal_hold),
        "exports": exists().where(func.array_position(video_export.c.camera_ids, camera_id).is_not(None)),
        "a record of who watched": any_of(video_view),
    }

"""The only way to the ground floor for events: write them, and ring the bell, in one transaction."""

from dataclasses import replace

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest.geolocate import nowhere
from ingest.leases import Held, check
from ingest.values import EventDraft
from layers.cameras.command_queries import turning_at
from layers.cameras.queries import calibration_broken
from layers.cameras.standing_queries import stood
from layers.changes import ring
from layers.database import Session, visit
from layers.events.record import NewEvent, NewPicture, record

SHIFTED = "camera_shifted"  # what breaks a calibration


async def event(engine: AsyncEngine, draft: EventDraft, lease: Held | None = None) -> int | None:
    """Write an event with its picture and tell the house; return its id, None where it was there already.

    A camera that looks elsewhere places nothing any more, from this very event on. Where machines share cameras, the
    event is written under the lease it was seen under; raises LeaseLost where another shard runs the camera by now.
    """
    async with visit(engine) as session:
        if lease is not None:
            await check(session, lease)
        event_id = await record(session, _new(await _hidden(session, await _standing(session, draft))))
        if event_id is not None:
            await ring(session, {"events": [event_id], "cameras": await _broken(session, draft)})
    return event_id


def is_refused(error: Exception) -> bool:
    """Say whether the database took the row for wrong (SQLSTATE classes 22 and 23): trying again would not help."""
    if not isinstance(error, DBAPIError) or error.connection_invalidated:
        return False
    return str(getattr(error.orig, "sqlstate", "") or "")[:2] in ("22", "23")


async def _standing(session: Session, draft: EventDraft) -> EventDraft:
    """Return the draft without its place where its camera was being turned: who placed it may not have known yet."""
    if draft.camera_id is None or draft.placed.placed_by not in ("camera", "control_points"):
        return draft
    at = await turning_at(session, draft.camera_id, draft.at)
    if at is None:
        return draft
    return replace(draft, placed=nowhere(at, "moving"), details={**draft.details, "unplaced": "moving"})


async def _hidden(session: Session, draft: EventDraft) -> EventDraft:
    """Return the draft without its masked picture where its camera may have stood elsewhere than the masks were drawn.

    Whoever must not see it whole is shown none then.
    """
    if draft.camera_id is None or draft.masked_jpeg is None:
        return draft
    stands = await stood(session, draft.camera_id, draft.at)
    sure = stands is None or stands.at(min(draft.at, stands.asked_at)) is not None
    return draft if sure else replace(draft, masked_jpeg=None)


async def _broken(session: Session, draft: EventDraft) -> list[int]:
    if draft.kind != SHIFTED or draft.camera_id is None:
        return []
    return await calibration_broken(session, draft.camera_id)


def _new(draft: EventDraft) -> NewEvent:
    return NewEvent(
        kind=draft.kind,
        source=draft.source,
        source_event_id=draft.source_event_id,
        camera_id=draft.camera_id,
        at=draft.at,
        certainty=draft.certainty,
        place=draft.placed.place,
        placed_by=draft.placed.placed_by,
        ellipse=draft.placed.ellipse,
        details=draft.details,
        picture=_picture(draft),
    )


def _picture(draft: EventDraft) -> NewPicture | None:
    if draft.picture_jpeg is None or draft.width_px is None or draft.height_px is None:
        return None
    return NewPicture(
        jpeg=draft.picture_jpeg,
        masked_jpeg=draft.masked_jpeg,
        width_px=draft.width_px,
        height_px=draft.height_px,
        box=draft.box,
    )

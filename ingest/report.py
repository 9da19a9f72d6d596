"""The only way to the ground floor for events: write them, and ring the bell, in one transaction."""

from sqlalchemy.ext.asyncio import AsyncEngine

from ingest.values import EventDraft
from layers.changes import ring
from layers.database import visit
from layers.events.record import NewEvent, NewPicture, record


async def event(engine: AsyncEngine, draft: EventDraft) -> int | None:
    """Write an event with its picture and tell the house; return its id, None where it was there already."""
    async with visit(engine) as session:
        event_id = await record(session, _new(draft))
        if event_id is not None:
            await ring(session, {"events": [event_id]})
    return event_id


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
    return NewPicture(jpeg=draft.picture_jpeg, width_px=draft.width_px, height_px=draft.height_px, box=draft.box)

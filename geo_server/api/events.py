"""The dispatcher's queue: look at each event, confirm it or reject it with a reason (Almaty 213, art. 21-24)."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from geo_server.access.visiting import Visiting, permitted
from geo_server.api import models
from geo_server.api.answers import event_answer, events_answer, incident_answer
from geo_server.api.models import Id
from geo_server.errors import Refusal
from geo_server.operations import deciding
from geo_server.video.watching import is_masked
from layers.events import queries as events
from layers.events.rules import State

router = APIRouter(prefix="/events", tags=["events"])
_JPEG: dict[int | str, dict[str, Any]] = {
    200: {"content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}}
}
Limit = Annotated[int, Query(ge=1, le=500, description="How many at most.")]
After = Annotated[int | None, Query(ge=1, le=2**63 - 1, description="The `next` of the page before.")]


@router.get("")
async def queue(
    visiting: Annotated[Visiting, permitted("events.list")],
    state: Annotated[State | None, Query(description="Only events in this state.")] = None,
    limit: Limit = 100,
    after: After = None,
) -> models.Events:
    """Return events, newest first, the new ones with what is proposed for them."""
    async with visiting.visit("events") as session:
        found = await events.recent(session, visiting.viewer, state=state, limit=limit, after=after)
        answer = await events_answer(session, visiting.viewer, found)
    return models.Events(events=answer, next=found[-1].id if len(found) == limit else None)


@router.get("/{id}")
async def one(id: Id, visiting: Annotated[Visiting, permitted("events.read")]) -> models.Event:
    """Return one event."""
    async with visiting.visit("events", id) as session:
        event = await events.find(session, visiting.viewer, id)
        if event is None:
            raise Refusal("no_such_event", id=id)
        return await event_answer(session, visiting.viewer, event)


@router.get("/{id}/picture", response_class=Response, responses=_JPEG)
async def picture(id: Id, request: Request, visiting: Annotated[Visiting, permitted("events.picture")]) -> Response:
    """Return the picture of the detection, a JPEG that never changes; whether it may be seen is asked each time.

    Whoever sees its camera masked gets it with the masks burnt in.
    """
    async with visiting.visit("events", id) as session:
        if await events.find(session, visiting.viewer, id) is None:
            raise Refusal("no_such_event", id=id)
        found = await events.picture(session, visiting.viewer, id)
        if found is None:
            raise Refusal("no_such_picture", id=id)
        masked = is_masked(visiting.viewer.role, found)
        jpeg = found.masked_jpeg if masked else found.jpeg
        if jpeg is None:
            raise Refusal("picture_hidden", id=id)
        visiting.say(details={"masked": masked})
    tag = f'"{id}-masked"' if masked else f'"{id}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": "Cookie, Authorization"}
    if headers["ETag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(jpeg, media_type="image/jpeg", headers=headers)


@router.post("/{id}/confirm")
async def confirm(
    id: Id, visiting: Annotated[Visiting, permitted("events.decide")], yes: models.Confirm | None = None
) -> models.Confirmed:
    """Confirm an event: it joins the incident that is named, else opens one. Said again, the answer is the same."""
    viewer = visiting.viewer
    async with visiting.visit("events", id) as session:
        event, incident = await deciding.confirm(session, viewer, id, _said(yes or models.Confirm()))
        visiting.say(details={"decision": "confirmed", "incident_id": incident.id})
        return models.Confirmed(
            event=await event_answer(session, viewer, event),
            incident=await incident_answer(session, viewer, incident),
        )


@router.post("/{id}/reject")
async def reject(
    id: Id, no: models.Reject, visiting: Annotated[Visiting, permitted("events.decide")]
) -> models.OneEvent:
    """Reject an event into the archive; the reason stays with it. Rejected again, the answer is the same."""
    async with visiting.visit("events", id) as session:
        event = await deciding.reject(session, visiting.viewer, id, no.reason)
        visiting.say(details={"decision": "rejected", "reason": no.reason})
        return models.OneEvent(event=await event_answer(session, visiting.viewer, event))


def _said(yes: models.Confirm) -> deciding.Yes:
    return deciding.Yes(**yes.model_dump())

"""Dispatches: what is under way, and its next step."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query

from geo_server.access.visiting import Visiting, permitted
from geo_server.api import models
from geo_server.api.answers import dispatch_answer
from geo_server.api.models import Id
from geo_server.errors import Refusal
from geo_server.operations import sending
from layers.dispatches import queries as dispatches
from layers.dispatches.schema import NewStatus

router = APIRouter(prefix="/dispatches", tags=["dispatches"])


@router.get("")
async def every(
    visiting: Annotated[Visiting, permitted("dispatches.list")],
    state: Annotated[Literal["open"] | None, Query(description="Only those that have not ended.")] = None,
) -> models.Dispatches:
    """Return the newest dispatches, a thousand at most."""
    async with visiting.visit("dispatches") as session:
        ask = dispatches.open_ones if state == "open" else dispatches.recent
        found = await ask(session, visiting.viewer)
    return models.Dispatches(dispatches=[dispatch_answer(dispatch) for dispatch in found])


@router.get("/{id}")
async def one(id: Id, visiting: Annotated[Visiting, permitted("dispatches.read")]) -> models.Dispatch:
    """Return one dispatch."""
    async with visiting.visit("dispatches", id) as session:
        found = await dispatches.find(session, visiting.viewer, id)
        if found is None:
            raise Refusal("no_such_dispatch", id=id)
    return dispatch_answer(found)


@router.post("/{id}/status")
async def advance(
    id: Id, step: models.NewStatus, visiting: Annotated[Visiting, permitted("dispatches.advance")]
) -> models.OneDispatch:
    """Take a dispatch a step on; a step that cannot follow is refused with those that can."""
    new = NewStatus(
        status=step.status,
        at=step.at or datetime.now(UTC),
        who=visiting.viewer.name,
        means=step.means,
        reason=step.reason,
        client_event_id=step.client_event_id,
    )
    async with visiting.visit("dispatches", id) as session:
        dispatch = await sending.advance(session, visiting.viewer, id, new)
        visiting.say(details={"status": new.status.value, "incident_id": dispatch.incident_id})
    return models.OneDispatch(dispatch=dispatch_answer(dispatch))

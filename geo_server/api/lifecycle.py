"""An incident's life: what it may be the same as, merged, split, linked, moved, under control, cancelled, reopened."""

from typing import Annotated

from fastapi import APIRouter, status

from geo_server.access.visiting import Visiting, permitted
from geo_server.api import models
from geo_server.api.answers import incident_answer
from geo_server.api.models import Id, lifecycle
from geo_server.operations import duplicates, merging
from geo_server.operations import lifecycle as acts
from layers.database import Session
from layers.incidents import queries as incidents
from layers.incidents.rules import State
from layers.incidents.schema import Belongings, Incident, Tie
from layers.values import LonLat

router = APIRouter(prefix="/incidents/{id}", tags=["incidents"])


@router.get("/likenesses")
async def likenesses(id: Id, visiting: Annotated[Visiting, permitted("incidents.likenesses")]) -> lifecycle.Likenesses:
    """Return the open incidents that this one may be the same as, each with the reason."""
    async with visiting.visit("incidents", id) as session:
        found = await duplicates.of_incident(session, visiting.viewer, id)
    return lifecycle.Likenesses(likenesses=[lifecycle.Likeness.model_validate(one) for one in found])


@router.post("/merge")
async def merge(
    id: Id, how: lifecycle.Merge, visiting: Annotated[Visiting, permitted("incidents.merge")]
) -> models.Incident:
    """Let another incident stand for this one, and return that one. Nothing is lost, and a split undoes it."""
    async with visiting.visit("incidents", id) as session:
        visiting.say(details={"into": how.into_id, "reason": how.reason})
        stands = await merging.merge(session, visiting.viewer, id, how.into_id, how.reason)
        return await incident_answer(session, visiting.viewer, stands)


@router.post("/split", status_code=status.HTTP_201_CREATED)
async def split(
    id: Id, how: lifecycle.Split, visiting: Annotated[Visiting, permitted("incidents.split")]
) -> models.Incident:
    """Take events, calls and dispatches out into an incident of its own; a merged one stands for itself again."""
    async with visiting.visit("incidents", id) as session:
        made = await _split(visiting, session, id, how)
        visiting.say(details={"made": made.id, "reason": how.reason})
        return await incident_answer(session, visiting.viewer, made)


@router.post("/links", status_code=status.HTTP_201_CREATED)
async def link(
    id: Id, new: lifecycle.NewLink, visiting: Annotated[Visiting, permitted("incidents.link")]
) -> models.Incident:
    """Link another incident: it is this one's parent, its child, or related."""
    async with visiting.visit("incidents", id) as session:
        visiting.say(details={"other": new.other_id, "kind": new.kind})
        one = await merging.link(session, visiting.viewer, id, new.other_id, Tie(new.kind))
        return await incident_answer(session, visiting.viewer, one)


@router.delete("/links/{other_id}")
async def unlink(id: Id, other_id: Id, visiting: Annotated[Visiting, permitted("incidents.link")]) -> models.Incident:
    """Undo a link; that it stood, and who made and undid it, stays in both timelines."""
    async with visiting.visit("incidents", id) as session:
        visiting.say(details={"other": other_id, "kind": None})
        one = await merging.unlink(session, visiting.viewer, id, other_id)
        return await incident_answer(session, visiting.viewer, one)


@router.post("/place")
async def relocate(
    id: Id, new: lifecycle.NewPlace, visiting: Annotated[Visiting, permitted("incidents.relocate")]
) -> models.Incident:
    """Say that an incident is elsewhere. Every place it had is kept, and crews under way are told."""
    place = LonLat(lon=new.place.lon, lat=new.place.lat)
    async with visiting.visit("incidents", id) as session:
        visiting.say(details={"reason": new.reason})
        one = await acts.relocate(session, visiting.viewer, id, place, new.address, new.reason)
        return await incident_answer(session, visiting.viewer, one)


@router.post("/state")
async def say(
    id: Id, new: lifecycle.Stage, visiting: Annotated[Visiting, permitted("incidents.state")]
) -> models.Incident:
    """Say where an open incident stands; what its dispatches do moves it on its own."""
    async with visiting.visit("incidents", id) as session:
        visiting.say(details={"state": new.state})
        one = await acts.say(session, visiting.viewer, id, State(new.state))
        return await incident_answer(session, visiting.viewer, one)


@router.post("/cancel")
async def cancel(
    id: Id, why: models.Reason, visiting: Annotated[Visiting, permitted("incidents.cancel")]
) -> models.Incident:
    """Cancel an incident; its units are called off, unless one of them has a patient."""
    async with visiting.visit("incidents", id) as session:
        visiting.say(details={"reason": why.reason})
        one = await acts.cancel(session, visiting.viewer, id, why.reason)
        return await incident_answer(session, visiting.viewer, one)


@router.post("/reopen")
async def reopen(
    id: Id, why: models.Reason, visiting: Annotated[Visiting, permitted("incidents.reopen")]
) -> models.Incident:
    """Open an incident again that was closed or cancelled."""
    async with visiting.visit("incidents", id) as session:
        visiting.say(details={"reason": why.reason})
        one = await acts.reopen(session, visiting.viewer, id, why.reason)
        return await incident_answer(session, visiting.viewer, one)


async def _split(visiting: Visiting, session: Session, id: int, how: lifecycle.Split) -> Incident:
    what = Belongings(
        events=tuple(sorted(set(how.event_ids))),
        calls=tuple(sorted(set(how.call_ids))),
        dispatches=tuple(sorted(set(how.dispatch_ids))),
    )
    found = await incidents.find(session, visiting.viewer, id)
    if found is not None and found.state is State.MERGED and not what:
        return await merging.unmerge(session, visiting.viewer, id, how.reason)
    place = None if how.place is None else LonLat(lon=how.place.lon, lat=how.place.lat)
    apart = merging.Apart(what=what, reason=how.reason, category=how.category, place=place, address=how.address)
    return await merging.split(session, visiting.viewer, id, apart)

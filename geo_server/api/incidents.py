"""Incidents: open, look, what happened nearby, who is to go, note, close."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, status

from geo_server.access.visiting import Visiting, permitted
from geo_server.api import models
from geo_server.api.answers import (
    brief_answer,
    dispatch_answer,
    dragged_answer,
    incident_answer,
    proposals_answer,
)
from geo_server.api.cover import CurrentCovers
from geo_server.api.events import After, Limit
from geo_server.api.models import Id
from geo_server.clocks import standing
from geo_server.errors import Refusal
from geo_server.operations import command, concerning, lifecycle, sending
from geo_server.operations.looking_back import around_place, days_of
from geo_server.operations.planning_ahead import Opening, opening
from geo_server.routing.current import CurrentRoads
from layers.areas import queries as areas
from layers.changes import ring
from layers.database import Session
from layers.events import queries as events
from layers.incidents import queries as incidents
from layers.incidents.rules import State
from layers.incidents.schema import Caller, Disposition, Incident, NewIncident
from layers.values import LonLat
from layers.viewer import Viewer

router = APIRouter(prefix="/incidents", tags=["incidents"])


@router.get("")
async def recent(
    visiting: Annotated[Visiting, permitted("incidents.list")],
    state: Annotated[Literal["open", "closed"] | None, Query(description="Only open, or only ended ones.")] = None,
    limit: Limit = 100,
    after: After = None,
) -> models.Incidents:
    """Return incidents, newest first."""
    is_open = None if state is None else state == "open"
    async with visiting.visit("incidents") as session:
        found = await incidents.recent(session, visiting.viewer, is_open=is_open, limit=limit, after=after)
        clocks = await standing.urgent_ones(session, found)
    answer = [brief_answer(incident, clocks.get(incident.id)) for incident in found]
    return models.Incidents(incidents=answer, next=found[-1].id if len(found) == limit else None)


@router.post("", status_code=status.HTTP_201_CREATED)
async def open_new(
    new: models.NewIncident, visiting: Annotated[Visiting, permitted("incidents.open")]
) -> models.Incident:
    """Open an incident by hand, as from a call."""
    viewer = visiting.viewer
    async with visiting.visit("incidents") as session:
        opens = await opening(session, new.category, priority=new.priority)
        if not await areas.reaches(session, viewer, LonLat(lon=new.place.lon, lat=new.place.lat)):
            raise Refusal("outside_your_area", lon=new.place.lon, lat=new.place.lat)
        state = State.INTAKE if new.intake else State.PENDING
        incident_id = await incidents.open_new(session, _opened(new, viewer, opens), viewer, state)
        await concerning.opened(session, viewer, incident_id)
        incident = await _found(session, viewer, incident_id)
        visiting.say(about=("incidents", incident_id), personal=_personal(new.caller))
        answer = await incident_answer(session, viewer, incident)
        await ring(session, {"incidents": [incident_id]})
        return answer


@router.get("/{id}")
async def one(id: Id, visiting: Annotated[Visiting, permitted("incidents.read")]) -> models.Incident:
    """Return an incident with its events, its dispatches and its timeline."""
    async with visiting.visit("incidents", id) as session:
        return await incident_answer(session, visiting.viewer, await _found(session, visiting.viewer, id))


@router.get("/{id}/history")
async def history(
    id: Id,
    visiting: Annotated[Visiting, permitted("incidents.history")],
    radius_m: Annotated[float | None, Query(gt=0, le=20_000, description="How far around, metres.")] = None,
    days: Annotated[float | None, Query(gt=0, le=36_500, description="How far back, days.")] = None,
) -> models.History:
    """Return what happened near the incident's place (MIA 897, §6.5: comparison with past incidents in the area)."""
    viewer, far, back = visiting.viewer, around_place(radius_m), days_of("place", days)
    async with visiting.visit("incidents", id) as session:
        place = (await _found(session, viewer, id)).place
        past = await incidents.past(session, viewer, place, radius_m=far, days=back, but=id)
        seen = await events.past(session, viewer, place, radius_m=far, days=back)
    counts = sorted(past.by_category.items(), key=lambda pair: (-pair[1], pair[0]))
    return models.History(
        radius_m=far,
        days=back,
        total=past.total,
        incidents=[models.PastIncident.model_validate(incident) for incident in past.nearest],
        events=[models.PastEvent.model_validate(event) for event in seen],
        by_category=[models.CategoryCount(category=category, count=count) for category, count in counts],
    )


@router.get("/{id}/proposals")
async def proposals(
    id: Id,
    visiting: Annotated[Visiting, permitted("incidents.proposals")],
    roads: CurrentRoads,
    covers: CurrentCovers,
) -> models.Proposals:
    """Return who should go by the plan, with why, who was passed over, and what is missing."""
    async with visiting.visit("incidents", id) as session:
        return proposals_answer(await sending.propose(session, visiting.viewer, roads, covers, id))


@router.get("/{id}/proposals/{unit_id}")
async def dragged(
    id: Id,
    unit_id: Id,
    visiting: Annotated[Visiting, permitted("incidents.proposals")],
    roads: CurrentRoads,
    covers: CurrentCovers,
) -> models.Dragged:
    """Return how one unit would do at an incident, while a person drags it there."""
    async with visiting.visit("incidents", id) as session:
        return dragged_answer(await sending.preview(session, visiting.viewer, roads, covers, id, unit_id))


@router.post("/{id}/dispatches", status_code=status.HTTP_201_CREATED)
async def send(
    id: Id,
    order: models.Send,
    visiting: Annotated[Visiting, permitted("incidents.dispatch")],
    roads: CurrentRoads,
) -> models.Dispatches:
    """Send units, all or none: one that is bound elsewhere refuses the whole order with `unit_busy`.

    But for those on their way whose dispatch `divert` names: that ends as diverted, and both logs say so.
    """
    chosen, diverted = sorted(set(order.units)), sorted(set(order.divert))
    async with visiting.visit("incidents", id) as session:
        sent = await sending.send(session, visiting.viewer, roads, id, chosen, diverted=diverted)
        told = {"units": [dispatch.unit.call_sign for dispatch in sent]}
        visiting.say(details={**told, "diverted": diverted} if diverted else told)
    return models.Dispatches(dispatches=[dispatch_answer(dispatch) for dispatch in sent])


@router.post("/{id}/notes", status_code=status.HTTP_201_CREATED)
async def note(
    id: Id, said: models.Note, visiting: Annotated[Visiting, permitted("incidents.note")]
) -> models.Incident:
    """Add a note to the timeline."""
    viewer = visiting.viewer
    async with visiting.visit("incidents", id) as session:
        incident = await _found(session, viewer, id)
        await incidents.add_entry(session, id, "note", viewer, {"text": said.text})
        answer = await incident_answer(session, viewer, incident)
        await ring(session, {"incidents": [id]})
        return answer


@router.post("/{id}/close")
async def close(
    id: Id, visiting: Annotated[Visiting, permitted("incidents.close")], how: models.Close | None = None
) -> models.Incident:
    """Close an incident once no unit is bound to it. Closed again, the answer is the same."""
    async with visiting.visit("incidents", id) as session:
        dispositions = [
            Disposition(service=one.service, code=one.code, note=one.note) for one in (how.dispositions if how else ())
        ]
        visiting.say(details={"dispositions": [one.code for one in dispositions]} if dispositions else {})
        incident = await lifecycle.close(session, visiting.viewer, id, how.note if how else None, dispositions)
        return await incident_answer(session, visiting.viewer, incident)


@router.post("/{id}/escalate")
async def escalate(
    id: Id, up: models.Escalate, visiting: Annotated[Visiting, permitted("incidents.escalate")]
) -> models.Incident:
    """Call a level above to an incident; it sees who called it and why, and may take the incident over."""
    async with visiting.visit("incidents", id) as session:
        to = await command.escalate(session, visiting.viewer, id, up.to_area_id, up.reason)
        visiting.say(details={"to": to.code, "reason": up.reason})
        return await incident_answer(session, visiting.viewer, await _found(session, visiting.viewer, id))


@router.post("/{id}/take-over")
async def take_over(
    id: Id, why: models.Reason, visiting: Annotated[Visiting, permitted("incidents.take_over")]
) -> models.Incident:
    """Take the command of an incident below; its own area reads who did, and sends and closes no more."""
    async with visiting.visit("incidents", id) as session:
        incident = await command.take_over(session, visiting.viewer, id, why.reason)
        visiting.say(details={"reason": why.reason})
        return await incident_answer(session, visiting.viewer, incident)


@router.delete("/{id}/take-over")
async def release(id: Id, visiting: Annotated[Visiting, permitted("incidents.take_over")]) -> models.Incident:
    """Give the command back to the incident's own area."""
    async with visiting.visit("incidents", id) as session:
        incident = await command.release(session, visiting.viewer, id)
        visiting.say(details={"released": True})
        return await incident_answer(session, visiting.viewer, incident)


@router.post("/{id}/caller")
async def caller(id: Id, visiting: Annotated[Visiting, permitted("incidents.caller")]) -> models.Caller:
    """Return who called, unmasked; it asks for a purpose and is told in the audit (Almaty 213, art. 7)."""
    async with visiting.visit("incidents", id) as session:
        found = (await _found(session, visiting.viewer, id)).caller
        if found is None:
            raise Refusal("no_caller", id=id)
        return models.Caller(name=found.name, phone=found.phone, masked=False)


async def _found(session: Session, viewer: Viewer, incident_id: int) -> Incident:
    incident = await incidents.find(session, viewer, incident_id)
    if incident is None:
        raise Refusal("no_such_incident", id=incident_id)
    return incident


def _personal(caller: models.AskedCaller | None) -> dict[str, str]:
    told = {"caller_name": caller.name, "caller_phone": caller.phone} if caller else {}
    return {name: value for name, value in told.items() if value}


def _opened(new: models.NewIncident, viewer: Viewer, opens: Opening) -> NewIncident:
    caller = new.caller
    return NewIncident(
        category=new.category,
        priority=opens.priority,
        priority_said=opens.priority_said,
        urgency=opens.urgency,
        plan_version_id=opens.plan_version_id,
        place=LonLat(lon=new.place.lon, lat=new.place.lat),
        opened_by=viewer.name,
        description=new.description or "",
        address=new.address,
        caller=Caller(name=caller.name, phone=caller.phone) if caller else None,
    )

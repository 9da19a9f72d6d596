"""Incidents: open, look, what happened nearby, who is to go, note, close."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, status

from geo_server.access.current import CurrentEngine, CurrentViewer
from geo_server.access.policy import require
from geo_server.api import models
from geo_server.api.answers import dispatch_answer, incident_answer, proposals_answer
from geo_server.api.events import After, Limit
from geo_server.api.models import Id
from geo_server.errors import Refusal
from geo_server.operations import sending
from geo_server.operations.catalogue import catalogue
from geo_server.routing.current import CurrentRoads
from layers.changes import ring
from layers.database import Session, visit
from layers.events import queries as events
from layers.incidents import queries as incidents
from layers.incidents.schema import Caller, Incident, NewIncident
from layers.values import LonLat
from layers.viewer import Viewer

router = APIRouter(prefix="/incidents", tags=["incidents"])


@router.get("")
async def recent(
    viewer: CurrentViewer,
    engine: CurrentEngine,
    state: Annotated[Literal["open", "closed"] | None, Query(description="Only open, or only ended ones.")] = None,
    limit: Limit = 100,
    after: After = None,
) -> models.Incidents:
    """Return incidents, newest first."""
    is_open = None if state is None else state == "open"
    async with visit(engine) as session:
        found = await incidents.recent(session, viewer, is_open=is_open, limit=limit, after=after)
    answer = [models.IncidentBrief.model_validate(incident) for incident in found]
    return models.Incidents(incidents=answer, next=found[-1].id if len(found) == limit else None)


@router.post("", status_code=status.HTTP_201_CREATED)
async def open_new(new: models.NewIncident, viewer: CurrentViewer, engine: CurrentEngine) -> models.Incident:
    """Open an incident by hand, as from a call."""
    require(viewer, "operate")
    if new.category not in catalogue().categories:
        raise Refusal("no_such_category", name=new.category)
    async with visit(engine) as session:
        incident_id = await incidents.open_new(session, _opened(new, viewer))
        incident = await incidents.find(session, viewer, incident_id)
        if incident is None:  # the visit is rolled back: nothing was opened
            raise Refusal("outside_your_area", lon=new.place.lon, lat=new.place.lat)
        answer = await incident_answer(session, viewer, incident)
        await ring(session, {"incidents": [incident_id]})
        return answer


@router.get("/{id}")
async def one(id: Id, viewer: CurrentViewer, engine: CurrentEngine) -> models.Incident:
    """Return an incident with its events, its dispatches and its timeline."""
    async with visit(engine) as session:
        return await incident_answer(session, viewer, await _found(session, viewer, id))


@router.get("/{id}/history")
async def history(
    id: Id,
    viewer: CurrentViewer,
    engine: CurrentEngine,
    radius_m: Annotated[float, Query(gt=0, le=20_000, description="How far around, metres.")] = 500,
    days: Annotated[float, Query(gt=0, le=36_500, description="How far back, days.")] = 365,
) -> models.History:
    """Return what happened near the incident's place (MIA 897, §6.5: comparison with past incidents in the area)."""
    async with visit(engine) as session:
        place = (await _found(session, viewer, id)).place
        past = await incidents.past(session, viewer, place, radius_m=radius_m, days=days, but=id)
        seen = await events.past(session, viewer, place, radius_m=radius_m, days=days)
    counts = sorted(past.by_category.items(), key=lambda pair: (-pair[1], pair[0]))
    return models.History(
        radius_m=radius_m,
        days=days,
        total=past.total,
        incidents=[models.PastIncident.model_validate(incident) for incident in past.nearest],
        events=[models.PastEvent.model_validate(event) for event in seen],
        by_category=[models.CategoryCount(category=category, count=count) for category, count in counts],
    )


@router.get("/{id}/proposals")
async def proposals(id: Id, viewer: CurrentViewer, engine: CurrentEngine, roads: CurrentRoads) -> models.Proposals:
    """Return the units quickest by road, with why, who was passed over, and what is missing."""
    async with visit(engine) as session:
        return proposals_answer(await sending.propose(session, viewer, roads, id))


@router.post("/{id}/dispatches", status_code=status.HTTP_201_CREATED)
async def send(
    id: Id, order: models.Send, viewer: CurrentViewer, engine: CurrentEngine, roads: CurrentRoads
) -> models.Dispatches:
    """Send units, all or none: one that is bound elsewhere refuses the whole order with `unit_busy`."""
    require(viewer, "operate")
    async with visit(engine) as session:
        sent = await sending.send(session, viewer, roads, id, sorted(set(order.units)))
    return models.Dispatches(dispatches=[dispatch_answer(dispatch) for dispatch in sent])


@router.post("/{id}/notes", status_code=status.HTTP_201_CREATED)
async def note(id: Id, said: models.Note, viewer: CurrentViewer, engine: CurrentEngine) -> models.Incident:
    """Add a note to the timeline."""
    require(viewer, "operate")
    async with visit(engine) as session:
        incident = await _found(session, viewer, id)
        await incidents.add_entry(session, id, "note", viewer.name, {"text": said.text})
        answer = await incident_answer(session, viewer, incident)
        await ring(session, {"incidents": [id]})
        return answer


@router.post("/{id}/close")
async def close(
    id: Id, viewer: CurrentViewer, engine: CurrentEngine, how: models.Close | None = None
) -> models.Incident:
    """Close an incident once no unit is bound to it. Closed again, the answer is the same."""
    require(viewer, "operate")
    async with visit(engine) as session:
        incident = await sending.close(session, viewer, id, how.note if how else None)
        return await incident_answer(session, viewer, incident)


async def _found(session: Session, viewer: Viewer, incident_id: int) -> Incident:
    incident = await incidents.find(session, viewer, incident_id)
    if incident is None:
        raise Refusal("no_such_incident", id=incident_id)
    return incident


def _opened(new: models.NewIncident, viewer: Viewer) -> NewIncident:
    caller = new.caller
    return NewIncident(
        category=new.category,
        priority=new.priority or catalogue().category(new.category).priority,
        place=LonLat(lon=new.place.lon, lat=new.place.lat),
        opened_by=viewer.name,
        description=new.description or "",
        address=new.address,
        caller=Caller(name=caller.name, phone=caller.phone) if caller else None,
    )

"""From the frozen values of the ground floor to the shapes that are sent."""

from collections.abc import Sequence

from geo_server.access.masking import masked_name, masked_phone, without_caller
from geo_server.api import models
from geo_server.operations import sending
from geo_server.operations.deciding import Proposed, propose
from geo_server.operations.triage import Join
from layers.database import Session
from layers.dispatches import queries as dispatches
from layers.dispatches.rules import NEXT
from layers.dispatches.schema import Dispatch
from layers.events import queries as events
from layers.events.schema import Event
from layers.incidents import queries as incidents
from layers.incidents.schema import Caller, Incident
from layers.roads.queries import SeenClosure
from layers.viewer import Viewer


async def events_answer(session: Session, viewer: Viewer, found: Sequence[Event]) -> list[models.Event]:
    """Return events with what is proposed for the new ones."""
    proposed = await propose(session, viewer, found)
    return [_event(event, proposed.get(event.id)) for event in found]


async def event_answer(session: Session, viewer: Viewer, event: Event) -> models.Event:
    """Return one event with what is proposed for it."""
    return (await events_answer(session, viewer, [event]))[0]


async def incident_answer(session: Session, viewer: Viewer, incident: Incident) -> models.Incident:
    """Return an incident with its events, dispatches and timeline."""
    own_events = await events.of_incident(session, viewer, incident.id)
    sent = await dispatches.of_incident(session, viewer, incident.id)
    timeline = await incidents.timeline(session, incident.id)
    return models.Incident(
        **dict(brief_answer(incident)),
        events=[_event(event, None) for event in own_events],
        dispatches=[dispatch_answer(dispatch) for dispatch in sent],
        timeline=[models.Entry.model_validate(entry) for entry in timeline],
    )


def brief_answer(incident: Incident) -> models.IncidentBrief:
    """Return an incident as a list shows it, its caller masked."""
    brief = models.IncidentBrief.model_validate(incident)
    return brief.model_copy(update={"caller": None if incident.caller is None else _masked(incident.caller)})


def _masked(caller: Caller) -> models.Caller:
    return models.Caller(name=masked_name(caller.name), phone=masked_phone(caller.phone))


def dispatch_answer(dispatch: Dispatch) -> models.Dispatch:
    """Return a dispatch with its route as GeoJSON."""
    plain = ("id", "incident_id", "incident_number", "status", "dispatched_at", "dispatched_by", "status_at", "eta_at")
    return models.Dispatch(
        **{name: getattr(dispatch, name) for name in (*plain, "route_s", "route_m", "straight")},
        next=list(NEXT[dispatch.status]),
        unit=models.SentUnit.model_validate(dispatch.unit),
        route=models.LineString(coordinates=dispatch.route),
        entries=[models.StatusEntry.model_validate(entry) for entry in dispatch.entries],
    )


def proposals_answer(found: sending.Proposals) -> models.Proposals:
    """Return the shortlist of an incident."""
    ranked = found.shortlist
    return models.Proposals(
        incident_id=found.incident_id,
        services=list(found.services),
        router=found.router,
        straight=found.straight,
        took_ms=found.took_ms,
        proposals=[
            models.Proposal(
                unit=models.Unit.model_validate(one.unit),
                eta_s=one.eta_s,
                route_m=one.route_m,
                straight_m=one.straight_m,
                position_age_s=one.position_age_s,
                straight=one.straight,
                route=models.LineString(coordinates=one.route),
                reasons=[models.Title.model_validate(reason) for reason in one.reasons],
            )
            for one in ranked.proposals
        ],
        passed_over=[models.PassedOver.model_validate(one) for one in ranked.passed_over],
        shortfall=[models.Shortfall.model_validate(one) for one in ranked.shortfall],
    )


def closure_answer(closure: SeenClosure) -> models.Closure:
    """Return a closure with its line as GeoJSON."""
    plain = ("id", "road_id", "road_name", "reason", "closed_at", "opens_at", "closed_by")
    line = models.LineString(coordinates=closure.line)
    return models.Closure(**{name: getattr(closure, name) for name in plain}, line=line)


def _event(event: Event, proposed: Proposed | None) -> models.Event:
    plain = ("id", "kind", "source", "at", "received_at", "certainty", "state", "decided_at", "decided_by", "reason")
    return models.Event(
        **{name: getattr(event, name) for name in (*plain, "placed_by", "incident_id")},
        camera=None if event.camera is None else models.Camera.model_validate(event.camera),
        place=models.Place.model_validate(event.place),
        ellipse=None if event.ellipse is None else models.Ellipse.model_validate(event.ellipse),
        area=models.Area.model_validate(event.area),
        picture=_picture(event),
        details=without_caller(event.details),
        proposal=None if proposed is None else _proposal(proposed),
    )


def _picture(event: Event) -> models.Picture | None:
    if event.picture is None:
        return None
    size = event.picture
    url = f"/api/events/{event.id}/picture"
    return models.Picture(url=url, width_px=size.width_px, height_px=size.height_px, box=size.box)


def _proposal(proposed: Proposed) -> models.JoinProposal | models.OpenProposal:
    decision = proposed.decision
    reason = models.Title.model_validate(decision.reason)
    if isinstance(decision, Join):
        incident = models.JoinedIncident.model_validate(proposed.incident)
        return models.JoinProposal(
            incident=incident, distance_m=decision.distance_m, age_s=decision.age_s, reason=reason
        )
    return models.OpenProposal(category=decision.category, priority=proposed.priority, reason=reason)

"""From the frozen values of the ground floor to the shapes that are sent."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import shapely

from geo_server.access.masking import masked_name, masked_phone, without_caller, without_message, without_plate
from geo_server.access.policy import may
from geo_server.api import models
from geo_server.api.models import recordings
from geo_server.clocks import queries as clock_queries
from geo_server.clocks import standing
from geo_server.crews.labels import spoken
from geo_server.notify.words import timers
from geo_server.operations import dispatch, sending
from geo_server.operations.clocks import Clock, most_urgent
from geo_server.operations.deciding import Proposed, propose
from geo_server.operations.triage import Join
from layers.asking import together
from layers.calls import queries as calls
from layers.calls.layer import LAYER as CALLS
from layers.calls.rules import Outcome
from layers.closures.schema import Closure
from layers.database import Session
from layers.dispatches import queries as dispatches
from layers.dispatches.rules import next_of_desk
from layers.dispatches.schema import Dispatch
from layers.events import queries as events
from layers.events.schema import Event
from layers.features import may_see
from layers.incidents import lineage_queries as lineage
from layers.incidents import queries as incidents
from layers.incidents.schema import Caller, Entry, Incident, Link, Tie
from layers.recordings import clip_queries
from layers.recordings.schema import Clip
from layers.units.schema import Unit
from layers.viewer import Viewer


async def events_answer(session: Session, viewer: Viewer, found: Sequence[Event]) -> list[models.Event]:
    """Return events with what is proposed for the new ones."""
    proposed = await propose(session, viewer, found)
    clips = await clip_queries.of_events(session, [event.id for event in found if event.camera is not None])
    return [_event(viewer, event, proposed.get(event.id), clips.get(event.id)) for event in found]


async def event_answer(session: Session, viewer: Viewer, event: Event) -> models.Event:
    """Return one event with what is proposed for it."""
    return (await events_answer(session, viewer, [event]))[0]


async def incident_answer(session: Session, viewer: Viewer, incident: Incident) -> models.Incident:
    """Return an incident with its events, dispatches and timeline."""
    async with together(session) as ask:
        own_events = ask(events.asked_of_incident(viewer, incident.id))
        sent = ask(dispatches.asked_of_incident(viewer, incident.id))
        timeline = ask(incidents.asked_timeline(incident.id))
        linked = ask(lineage.asked_links(viewer, incident.id))
        timed = ask(clock_queries.asked_timed(incident.id))
        rang = ask(calls.asked_of_incident(viewer, incident.id)) if may_see(CALLS, viewer) else None
        stood = ask(lineage.asked_places(incident.id))
    clocks = await standing.of_timed(session, timed.value)
    links = linked.value
    return models.Incident(
        **dict(brief_answer(incident, most_urgent(clocks, datetime.now(UTC)))),
        clocks=[models.Clock.model_validate(clock) for clock in clocks],
        calls=[models.CallBrief.model_validate(call) for call in (rang.value if rang else ())],
        events=[_event(viewer, event, None) for event in own_events.value],
        dispatches=[dispatch_answer(dispatch) for dispatch in sent.value],
        timeline=_timeline(viewer, timeline.value),
        reopened_at=incident.reopened_at,
        disposition=[models.Disposition.model_validate(one) for one in incident.disposition],
        merged_into=_survivor(links),
        links=[models.Link.model_validate(link) for link in links],
        places=[models.Stood.model_validate(one) for one in stood.value],
    )


def _timeline(viewer: Viewer, entries: Sequence[Entry]) -> list[models.Entry]:
    """Return the lines; what crew and desk wrote is read by the desk's people alone."""
    told = [models.Entry.model_validate(entry) for entry in entries]
    if may(viewer.role, "units.message"):
        return told
    return [one.model_copy(update={"details": without_message(one.kind, one.details)}) for one in told]


def _survivor(links: Sequence[Link]) -> models.LinkedIncident | None:
    merged = next((link for link in links if link.kind is Tie.REPLACED_BY), None)
    return None if merged is None else models.LinkedIncident.model_validate(merged.other)


def brief_answer(incident: Incident, clock: Clock | None = None) -> models.IncidentBrief:
    """Return an incident as a list shows it, its caller masked, with its most urgent clock."""
    brief = models.IncidentBrief.model_validate(incident)
    shown = None if clock is None else models.Clock.model_validate(clock)
    caller = None if incident.caller is None else _masked(incident.caller)
    return brief.model_copy(update={"caller": caller, "clock": shown, "answer_by": _answer_by(incident)})


def _answer_by(incident: Incident) -> datetime | None:
    """Return until when a crew is to say that it goes; later its notice is with somebody else."""
    since = incident.unanswered_since
    return None if since is None else since + timedelta(seconds=timers()[incident.priority].acknowledge_s)


def call_counts(counts: Mapping[Outcome, int]) -> list[models.CallCount]:
    """Return how many calls came to no incident, by what became of them."""
    return [models.CallCount.model_validate({"outcome": how.value, "count": n}) for how, n in counts.items()]


def _masked(caller: Caller) -> models.Caller:
    return models.Caller(name=masked_name(caller.name), phone=masked_phone(caller.phone))


def dispatch_answer(dispatch: Dispatch) -> models.Dispatch:
    """Return a dispatch with its route as GeoJSON."""
    plain = ("id", "incident_id", "incident_number", "status", "dispatched_at", "dispatched_by", "status_at", "eta_at")
    return models.Dispatch(
        **{
            name: getattr(dispatch, name)
            for name in (*plain, "route_s", "route_m", "straight", "routed_at", "silent_since")
        },
        diverted_to=None if dispatch.diverted_to is None else models.Target.model_validate(dispatch.diverted_to),
        next=list(next_of_desk(dispatch.status)),
        unit=models.SentUnit.model_validate(dispatch.unit),
        route=models.LineString(coordinates=dispatch.route),
        entries=[models.StatusEntry.model_validate(entry) for entry in dispatch.entries],
    )


def proposals_answer(found: sending.Proposals) -> models.Proposals:
    """Return the shortlist of an incident's plan."""
    ranked, plan = found.shortlist, found.plan
    chosen = [one for one in ranked.proposals if one.chosen]
    return models.Proposals(
        incident_id=found.incident_id,
        plan=models.ProposedPlan.model_validate(plan),
        needs=[
            models.ProposedNeed(
                service=need.service,
                kinds=sorted(need.kinds),
                skills=sorted(need.skills),
                asked=whole.count,
                wanted=need.count,
                chosen=[one.unit.id for one in chosen if one.need == i],
            )
            for i, (need, whole) in enumerate(zip(found.needs, plan.needs, strict=True))
        ],
        chosen=[one.unit.id for one in chosen],
        services=list(found.services),
        blue_light=sorted(found.blue_light),
        router=found.router,
        straight=found.straight,
        took_ms=found.took_ms,
        proposals=[_proposed_unit(one) for one in ranked.proposals],
        passed_over=[_passed_over(one) for one in ranked.passed_over],
        shortfall=[models.Shortfall.model_validate(one) for one in ranked.shortfall],
    )


def _unit(unit: Unit) -> models.Unit:
    """Return a unit of the shortlist; who rides in it and what it wrote is told with the unit itself, by role."""
    label = spoken(unit.task, unit.service, unit.local_status)
    apart = {"label": label, "shift": None, "unread": None}
    told = {name: getattr(unit, name) for name in models.Unit.model_fields if name not in apart}
    return models.Unit.model_validate({**told, **apart})


def _passed_over(one: dispatch.PassedOver) -> models.PassedOver:
    plain = {name: getattr(one, name) for name in ("code", "straight_m", "eta_s", "reason")}
    return models.PassedOver.model_validate({**plain, "unit": _unit(one.unit)})


def _proposed_unit(one: dispatch.Proposal) -> models.Proposal:
    plain = ("need", "chosen", "eta_s", "route_m", "straight_m", "position_age_s", "straight")
    return models.Proposal(
        **{name: getattr(one, name) for name in plain},
        unit=_unit(one.unit),
        route=models.LineString(coordinates=one.route),
        cover=None if one.cover is None else models.CoverLost.model_validate(one.cover),
        reasons=[models.Title.model_validate(reason) for reason in one.reasons],
    )


def dragged_answer(found: dispatch.Dragged) -> models.Dragged:
    """Return how one unit would do."""
    way = found.way
    return models.Dragged(
        unit=_unit(found.unit),
        need=found.need,
        code=found.code,
        eta_s=None if way is None else way.seconds,
        route_m=None if way is None else way.metres,
        straight=way is None or way.straight,
        route=None if way is None else models.LineString(coordinates=way.path),
        cover=None if found.cover is None else models.CoverLost.model_validate(found.cover),
        reasons=[models.Title.model_validate(reason) for reason in found.reasons],
    )


def closure_answer(closure: Closure) -> models.Closure:
    """Return a closure with its shape as GeoJSON."""
    plain = ("id", "kind", "state", "reason", "begins_at", "ends_at", "roads", "road_id", "road_name")
    line = [(lon, lat) for lon, lat, *_ in closure.shape.coords] if closure.kind == "road" else None
    return models.Closure(
        **{name: getattr(closure, name) for name in plain},
        closed_at=closure.begins_at,
        opens_at=closure.ends_at,
        closed_by=closure.made_by,
        shape=shapely.geometry.mapping(closure.shape),
        line=None if line is None else models.LineString(coordinates=tuple(line)),
    )


def _event(viewer: Viewer, event: Event, proposed: Proposed | None, clip: Clip | None = None) -> models.Event:
    plain = ("id", "kind", "source", "at", "received_at", "certainty", "state", "decided_at", "decided_by", "reason")
    return models.Event(
        **{name: getattr(event, name) for name in (*plain, "placed_by", "incident_id")},
        camera=None if event.camera is None else models.Camera.model_validate(event.camera),
        place=models.Place.model_validate(event.place),
        ellipse=None if event.ellipse is None else models.Ellipse.model_validate(event.ellipse),
        area=models.Area.model_validate(event.area),
        picture=_picture(event),
        clip=_clip(clip),
        details=_details(viewer, event),
        proposal=None if proposed is None else _proposal(proposed),
        likenesses=[models.Likeness.model_validate(one) for one in (proposed.likenesses if proposed else ())],
    )


def _clip(clip: Clip | None) -> recordings.Clip | None:
    if clip is None:
        return None
    told = {name: getattr(clip, name) for name in ("state", "reason", "begins_at", "ends_at", "codec")}
    return recordings.Clip(bytes=clip.size, sha256=None if clip.sha256 is None else clip.sha256.hex(), **told)


def _details(viewer: Viewer, event: Event) -> dict[str, Any]:
    """Return them without who called; without the plate that was looked for, but to those who may see its hits."""
    told = without_caller(event.details)
    return told if may(viewer.role, "hotlist.hits") else without_plate(event.kind, told)


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
        like = decision.likeness
        incident = models.JoinedIncident.model_validate(like.incident)
        age_s = like.minutes * 60
        return models.JoinProposal(incident=incident, distance_m=like.distance_m, age_s=age_s, reason=reason)
    return models.OpenProposal(category=decision.category, priority=proposed.priority, reason=reason)

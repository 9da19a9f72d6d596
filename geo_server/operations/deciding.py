"""A person's yes or no to an event, and what follows from it; the caller's visit is the transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from geo_server.errors import Refusal
from geo_server.operations import concerning, lifecycle
from geo_server.operations.catalogue import Catalogue
from geo_server.operations.duplicates import MOST_OFF_M, Likeness, Report, likenesses
from geo_server.operations.kinship import furthest_m
from geo_server.operations.planning_ahead import opening
from geo_server.operations.triage import Join, Open, triage
from geo_server.plans import versions
from layers.changes import ring
from layers.database import Session
from layers.events import queries as events
from layers.events.rules import Decided, Otherwise, State, decide
from layers.events.schema import Event
from layers.incidents import queries as incidents
from layers.incidents.rules import State as IncidentState
from layers.incidents.rules import is_open
from layers.incidents.schema import Caller, Incident, NewIncident, OpenNearby
from layers.viewer import Viewer


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """What triage proposes for an event, and all open incidents that it may be about, the likeliest first."""

    decision: Join | Open
    priority: int
    likenesses: tuple[Likeness, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Yes:
    """What a dispatcher said with the yes: which incident to `join`; None opens one.

    `description` is the text of an incident that is opened and a note on one that is joined; `category` and `priority`
    are for an incident that is opened, and refused with one that is joined.
    """

    join: int | None = None
    category: str | None = None
    priority: int | None = None
    description: str | None = None


async def propose(session: Session, viewer: Viewer, new: Sequence[Event]) -> dict[int, Proposed]:
    """Return the proposal for each new event, by event id; decided ones get none."""
    known = await versions.current(session)
    waiting = [event for event in new if event.state is State.NEW]
    reports = [_report(known, event) for event in waiting]
    reach_m = {name: furthest_m(known, name) for name in {category_of(known, event) for event in waiting}}
    spots = [
        (event.place, reach_m[category_of(known, event)] + report.radius_m)
        for event, report in zip(waiting, reports, strict=True)
    ]
    near = await incidents.open_near(session, viewer, spots)
    by_spot: dict[int, list[OpenNearby]] = {}
    for found in near:
        by_spot.setdefault(found.spot, []).append(found)
    told = enumerate(zip(waiting, reports, strict=True))
    return {event.id: _propose(known, event, report, by_spot.get(i, ())) for i, (event, report) in told}


async def confirm(session: Session, viewer: Viewer, event_id: int, yes: Yes) -> tuple[Event, Incident]:
    """Write the yes: open an incident, or join the one that was named; ring. Said again it answers the same.

    Raises Refusal: no_such_event, already_decided, no_such_incident, incident_closed, incident_merged,
    no_such_category, joined_keeps_its_own.
    """
    event = await _held(session, viewer, event_id)
    outcome = decide(event.state, State.CONFIRMED)
    if isinstance(outcome, Otherwise):
        raise _already(event)
    if isinstance(outcome, Decided):
        incident_id = await _incident_for(session, viewer, event, yes)
        await events.confirm(session, event_id, who=viewer.name, incident_id=incident_id)
        await ring(session, {"events": [event_id], "incidents": [incident_id]})
    return await _after(session, viewer, event_id)


async def reject(session: Session, viewer: Viewer, event_id: int, reason: str) -> Event:
    """Archive the event with a reason (Almaty 213, art. 23), ring; said again it answers the same.

    Raises Refusal: no_such_event, already_decided.
    """
    event = await _held(session, viewer, event_id)
    outcome = decide(event.state, State.REJECTED)
    if isinstance(outcome, Otherwise):
        raise _already(event)
    if isinstance(outcome, Decided):
        await events.reject(session, event_id, who=viewer.name, reason=reason)
        event = await _held(session, viewer, event_id)
        await ring(session, {"events": [event_id]})
    return event


def category_of(known: Catalogue, event: Event) -> str:
    """Return the category an event speaks of: what its sender said, where that is one, else that of its kind."""
    said = event.details.get("category")
    return said if isinstance(said, str) and said in known.categories else known.kind(event.kind).category


def _propose(known: Catalogue, event: Event, report: Report, near: Sequence[OpenNearby]) -> Proposed:
    category = category_of(known, event)
    alike = likenesses(known, report, near)
    decision = triage(known, category, report, alike)
    return Proposed(decision=decision, priority=known.category(category).priority, likenesses=tuple(alike))


def _report(known: Catalogue, event: Event) -> Report:
    """Return an event as calls are held against incidents: off by the larger axis of its 95 % ellipse, metres."""
    off_m = 0.0 if event.ellipse is None else event.ellipse.major_m
    return Report(category=category_of(known, event), at=event.at, radius_m=min(off_m, MOST_OFF_M))


async def _held(session: Session, viewer: Viewer, event_id: int) -> Event:
    event = await events.hold(session, viewer, event_id)
    if event is None:
        raise Refusal("no_such_event", id=event_id)
    return event


async def _after(session: Session, viewer: Viewer, event_id: int) -> tuple[Event, Incident]:
    event = await _held(session, viewer, event_id)
    incident = await incidents.find(session, viewer, event.incident_id or 0)
    if incident is None:  # somebody else joined it to an incident beyond this viewer's area
        raise _already(event)
    return event, incident


def _already(event: Event) -> Refusal:
    return Refusal("already_decided", id=event.id, state=event.state.value, by=event.decided_by)


async def _incident_for(session: Session, viewer: Viewer, event: Event, yes: Yes) -> int:
    if yes.join is not None:
        return await _join(session, viewer, event, yes.join, yes)
    return await _open(session, viewer, event, yes)


async def _join(session: Session, viewer: Viewer, event: Event, incident_id: int, yes: Yes) -> int:
    if yes.category is not None or yes.priority is not None:
        raise Refusal("joined_keeps_its_own", id=incident_id)
    incident = await incidents.hold(session, viewer, incident_id)
    if incident is None:
        raise Refusal("no_such_incident", id=incident_id)
    if incident.state is IncidentState.MERGED:
        raise await lifecycle.merged(session, viewer, incident)
    if not is_open(incident.state):
        raise Refusal("incident_closed", id=incident_id)
    await incidents.add_entry(session, incident_id, "joined", viewer, {"event_id": event.id, "kind": event.kind})
    if yes.description:
        await incidents.add_entry(session, incident_id, "note", viewer, {"text": yes.description})
    return incident_id


async def _open(session: Session, viewer: Viewer, event: Event, yes: Yes) -> int:
    category = yes.category or category_of(await versions.current(session), event)
    opens = await opening(session, category, priority=yes.priority)
    new = NewIncident(
        category=category,
        priority=opens.priority,
        priority_said=opens.priority_said,
        urgency=opens.urgency,
        plan_version_id=opens.plan_version_id,
        place=event.place,
        opened_by=viewer.name,
        description=yes.description or _text(event.details, "description") or "",
        address=_text(event.details, "address"),
        caller=_caller(event.details),
    )
    incident_id = await incidents.open_new(session, new, viewer)
    await incidents.add_entry(session, incident_id, "joined", viewer, {"event_id": event.id, "kind": event.kind})
    await concerning.opened(session, viewer, incident_id)
    return incident_id


def _text(details: Mapping[str, Any], name: str) -> str | None:
    value = details.get(name)
    return value if isinstance(value, str) and value else None


def _caller(details: Mapping[str, Any]) -> Caller | None:
    """Read who called: `{"caller": {"name", "phone"}}`, or `caller_name` and `caller_phone`."""
    nested = details.get("caller")
    said = nested if isinstance(nested, Mapping) else {}
    name = _text(said, "name") or _text(details, "caller_name")
    phone = _text(said, "phone") or _text(details, "caller_phone")
    return Caller(name=name, phone=phone) if name or phone else None

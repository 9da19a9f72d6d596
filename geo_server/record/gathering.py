"""Putting the record of one incident together, masked unless it was asked for whole."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from geo_server.access.masking import masked_name, masked_phone
from geo_server.errors import Refusal
from geo_server.plans import versions
from geo_server.record import queries
from geo_server.record.schema import LogLine, Record
from layers.calls import queries as calls
from layers.calls.schema import Call
from layers.database import Session
from layers.dispatches import queries as dispatches
from layers.events import queries as events
from layers.events.schema import Event
from layers.incidents import queries as incidents
from layers.incidents.schema import Caller, Incident
from layers.units import queries as units
from layers.values import Role
from layers.viewer import Viewer

DESK = frozenset({Role.DISPATCHER, Role.COMMANDER})
_PERSONAL = frozenset({"caller", "caller_name", "caller_phone", "phone"})


async def of_incident(session: Session, viewer: Viewer, incident_id: int, *, whole: bool) -> Record:
    """Return the record of an incident; raises Refusal no_such_incident."""
    incident = await incidents.find(session, viewer, incident_id)
    if incident is None:
        raise Refusal("no_such_incident", id=incident_id)
    desk = viewer.role in DESK
    found = await calls.of_incident(session, viewer, incident_id) if desk else []
    sent = await dispatches.of_incident(session, viewer, incident_id)
    seen = await units.by_ids(session, viewer, {one.unit.id for one in sent})
    log = await queries.log(session, incident_id, desk=desk)
    known = await versions.of(session, incident.plan_version_id)
    return Record(
        incident=incident if whole else _masked(incident),
        category=known.category(incident.category).title,
        questions=known.questions,
        area=incident.area.name,
        events=tuple(_event(event, whole) for event in await events.of_incident(session, viewer, incident_id)),
        calls=tuple(call if whole else _masked_call(call) for call in found),
        dispatches=tuple(sent),
        primary={unit.id: unit.primary for unit in seen},
        log=tuple(log if whole else map(masked_line, log)),
        whole=whole,
        made_at=datetime.now(UTC),
        made_by=viewer.name,
    )


def masked_line(line: LogLine) -> LogLine:
    """Return a line without who called, however deep in its details that stands."""
    return replace(line, details=_without(line.details))


def _without(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _without(item) for key, item in value.items() if key not in _PERSONAL}
    return [_without(item) for item in value] if isinstance(value, (list, tuple)) else value


def _masked(incident: Incident) -> Incident:
    caller = incident.caller
    if caller is None:
        return incident
    return replace(incident, caller=Caller(name=masked_name(caller.name), phone=masked_phone(caller.phone)))


def _masked_call(call: Call) -> Call:
    return replace(call, caller_name=masked_name(call.caller_name), phone=masked_phone(call.phone))


def _event(event: Event, whole: bool) -> Event:
    return event if whole else replace(event, details=_without(event.details))

"""Units to an incident and their steps there; the caller's visit is the transaction."""

import asyncio
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError

from geo_server.errors import Refusal
from geo_server.operations import command
from geo_server.operations.catalogue import catalogue
from geo_server.operations.dispatch import Shortlist, shortlist
from geo_server.routing.roads import RoadsNow
from geo_server.routing.router import Reached, Router, Stands
from geo_server.routing.straight_line import StraightLine
from layers.changes import ring
from layers.database import Session
from layers.dispatches import queries as dispatches
from layers.dispatches.rules import NEEDS_REASON, Moved, Wrong, is_open, step
from layers.dispatches.schema import Dispatch, NewDispatch, NewStatus
from layers.incidents import queries as incidents
from layers.incidents import rules as incident_rules
from layers.incidents.schema import Incident
from layers.units import queries as units
from layers.units.rules import Availability
from layers.units.schema import Unit
from layers.values import LonLat, Service
from layers.viewer import Viewer


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposals:
    """The shortlist for an incident: by which router, in how many milliseconds."""

    incident_id: int
    services: tuple[Service, ...]
    router: str
    straight: bool
    took_ms: float
    shortlist: Shortlist


async def propose(session: Session, viewer: Viewer, roads: RoadsNow, incident_id: int) -> Proposals:
    """Rank the units for an incident by road; raises Refusal no_such_incident."""
    incident = await incidents.find(session, viewer, incident_id)
    if incident is None:
        raise Refusal("no_such_incident", id=incident_id)
    wanted = await still_wanted(session, viewer, incident)
    candidates = await units.of_services(session, viewer, list(wanted))
    router = await roads.router(session, incident.place)
    began = time.perf_counter()
    ranked = await asyncio.to_thread(shortlist, incident.place, candidates, wanted, router)
    return Proposals(
        incident_id=incident_id,
        services=tuple(wanted),
        router=router.name,
        straight=router.straight,
        took_ms=round((time.perf_counter() - began) * 1000, 3),
        shortlist=ranked,
    )


async def still_wanted(session: Session, viewer: Viewer, incident: Incident) -> dict[Service, int]:
    """Return how many more units of each of the category's services are to be sent."""
    sent = await dispatches.of_incident(session, viewer, incident.id)
    bound = Counter(dispatch.unit.service for dispatch in sent if is_open(dispatch.status))
    wanted = catalogue().category(incident.category).units
    return {service: max(0, count - bound[service]) for service, count in wanted.items()}


async def send(
    session: Session, viewer: Viewer, roads: RoadsNow, incident_id: int, unit_ids: Sequence[int]
) -> list[Dispatch]:
    """Send all of these units or none; ring.

    Raises Refusal: no_such_incident, incident_closed, no_such_unit, unit_busy, unit_off_duty, unit_not_placed.
    """
    incident = await _held(session, viewer, incident_id)
    if not incident_rules.is_open(incident.state):
        raise Refusal("incident_closed", id=incident_id)
    await command.require(session, viewer, incident)
    await units.lock(session, unit_ids)
    chosen = await units.by_ids(session, viewer, unit_ids)
    _check(chosen, unit_ids)
    ways = await _ways(await roads.router(session, incident.place), incident.place, chosen)
    sent = [await _send(session, _new(incident, unit, ways[unit.id], viewer), unit) for unit in chosen]
    told = {"units": [unit.call_sign for unit in chosen], "dispatches": sent}
    await incidents.add_entry(session, incident_id, "dispatched", viewer, told)
    await _derive(session, incident)
    answer = await dispatches.by_ids(session, viewer, sent)
    await ring(session, {"dispatches": sent, "incidents": [incident_id], "units": list(ways)})
    return answer


async def advance(session: Session, viewer: Viewer, dispatch_id: int, new: NewStatus) -> Dispatch:
    """Take a dispatch a step on; ring. The same step, or the same client event id, again changes nothing.

    Raises Refusal: no_such_dispatch, wrong_transition with what is allowed, reason_needed.
    """
    found = await _dispatch(session, viewer, dispatch_id)
    # Whoever acts on an incident or its dispatches holds the incident first, so steps come one after another.
    incident = await _held(session, viewer, found.incident_id)
    dispatch = await _dispatch(session, viewer, dispatch_id)
    if new.client_event_id and await dispatches.said_before(session, dispatch_id, new.client_event_id):
        return dispatch
    outcome = step(dispatch.status, new.status)
    if isinstance(outcome, Wrong):
        raise Refusal("wrong_transition", status=outcome.status.value, allowed=[s.value for s in outcome.allowed])
    if not isinstance(outcome, Moved):
        return dispatch
    if new.status in NEEDS_REASON and not new.reason:
        raise Refusal("reason_needed", status=new.status.value)
    await dispatches.advance(session, dispatch_id, new)
    told = {"dispatch_id": dispatch_id, "unit": dispatch.unit.call_sign, "status": new.status.value}
    told |= {"means": new.means} | ({"reason": new.reason} if new.reason else {})
    await incidents.add_entry(session, incident.id, "status", viewer, told)
    await _derive(session, incident)
    answer = await _dispatch(session, viewer, dispatch_id)
    await ring(session, {"dispatches": [dispatch_id], "incidents": [incident.id], "units": [dispatch.unit.id]})
    return answer


async def close(session: Session, viewer: Viewer, incident_id: int, note: str | None) -> Incident:
    """Close an incident that no unit is bound to any more; ring. Closed again it answers the same.

    Raises Refusal: no_such_incident, units_still_bound.
    """
    incident = await _held(session, viewer, incident_id)
    if not incident_rules.is_open(incident.state):
        return incident
    await command.require(session, viewer, incident)
    bound = [d for d in await dispatches.of_incident(session, viewer, incident_id) if is_open(d.status)]
    if bound:
        signs = ", ".join(dispatch.unit.call_sign for dispatch in bound)
        raise Refusal("units_still_bound", id=incident_id, call_signs=signs)
    await incidents.set_state(session, incident_id, incident_rules.State.CLOSED)
    await incidents.add_entry(session, incident_id, "closed", viewer, {"note": note} if note else {})
    closed = await _held(session, viewer, incident_id)
    await ring(session, {"incidents": [incident_id]})
    return closed


async def _held(session: Session, viewer: Viewer, incident_id: int) -> Incident:
    incident = await incidents.hold(session, viewer, incident_id)
    if incident is None:
        raise Refusal("no_such_incident", id=incident_id)
    return incident


async def _dispatch(session: Session, viewer: Viewer, dispatch_id: int) -> Dispatch:
    dispatch = await dispatches.find(session, viewer, dispatch_id)
    if dispatch is None:
        raise Refusal("no_such_dispatch", id=dispatch_id)
    return dispatch


async def _derive(session: Session, incident: Incident) -> None:
    state = incident_rules.derived(incident.state, await dispatches.statuses(session, incident.id))
    if state is not incident.state:
        await incidents.set_state(session, incident.id, state)


def _check(chosen: Sequence[Unit], asked: Sequence[int]) -> None:
    """Refuse the whole order where one unit cannot go. A stale position is the dispatcher's to judge, not a bar."""
    missing = sorted(set(asked) - {unit.id for unit in chosen})
    if missing:
        raise Refusal("no_such_unit", ids=missing)
    for code, bad in (
        ("unit_busy", [unit for unit in chosen if unit.task is not None]),
        ("unit_off_duty", [unit for unit in chosen if unit.availability is Availability.OFF_DUTY]),
        ("unit_not_placed", [unit for unit in chosen if unit.place is None]),
    ):
        if bad:
            raise Refusal(code, units=[unit.id for unit in bad], call_signs=", ".join(unit.call_sign for unit in bad))


async def _ways(router: Router, place: LonLat, chosen: Sequence[Unit]) -> Mapping[int, Reached]:
    """Return each unit's way; one that no road leads from goes by a straight line, flagged."""
    stands = Stands.of([(unit.id, unit.place) for unit in chosen if unit.place is not None])
    found = await asyncio.to_thread(router.reach, place, stands, len(stands))
    straight = {way.unit_id: way for way in StraightLine().reach(place, stands, len(stands))}
    return straight | {way.unit_id: way for way in found}


async def _send(session: Session, new: NewDispatch, unit: Unit) -> int:
    """Write one dispatch; a unit that is bound to an incident out of the viewer's sight is refused like any other."""
    try:
        return await dispatches.send(session, new)
    except IntegrityError as error:
        raise Refusal("unit_busy", units=[unit.id], call_signs=unit.call_sign) from error


def _new(incident: Incident, unit: Unit, way: Reached, viewer: Viewer) -> NewDispatch:
    return NewDispatch(
        incident_id=incident.id,
        unit_id=unit.id,
        dispatched_by=viewer.name,
        route_s=way.seconds,
        route_m=way.metres,
        straight=way.straight,
        route=way.path,
    )

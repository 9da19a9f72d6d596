"""Units to an incident and their steps there; the caller's visit is the transaction."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.exc import IntegrityError

from geo_server.errors import Refusal
from geo_server.notify import notices
from geo_server.operations import diverting, lifecycle
from geo_server.operations.choosing import Asked, choose
from geo_server.operations.covers import Covers
from geo_server.operations.dispatch import Dragged, Shortlist, drag, shortlist
from geo_server.operations.needs import Bound, Need, left
from geo_server.operations.planning_ahead import of_incident
from geo_server.operations.plans import Plan
from geo_server.routing import queries
from geo_server.routing.profiles import profiles
from geo_server.routing.roads import RoadsNow
from geo_server.routing.router import Reached, Router, Stands
from geo_server.routing.standing import Standing
from geo_server.routing.straight_line import StraightLine
from layers.asking import together
from layers.changes import ring
from layers.database import Session
from layers.dispatches import queries as dispatches
from layers.dispatches.rules import NEEDS_REASON, Moved, Recorded, Status, Wrong, happened, is_open, step
from layers.dispatches.schema import Dispatch, NewDispatch, NewStatus
from layers.incidents import queries as incidents
from layers.incidents.rules import State
from layers.incidents.schema import Incident
from layers.units import queries as units
from layers.units.rules import Availability
from layers.units.schema import Unit
from layers.values import Service
from layers.viewer import Viewer


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposals:
    """The shortlist for an incident's plan: by which router, in how many milliseconds of reading and ranking.

    `needs` are the plan's, each with how many are still to be sent; `blue_light` the services that drive with it.
    """

    incident_id: int
    plan: Plan
    needs: tuple[Need, ...]
    services: tuple[Service, ...]
    blue_light: frozenset[Service]
    router: str
    straight: bool
    took_ms: float
    shortlist: Shortlist


async def propose(session: Session, viewer: Viewer, roads: RoadsNow, covers: Covers, incident_id: int) -> Proposals:
    """Rank the units for an incident's plan by road; raises Refusal no_such_incident."""
    incident = await _seen(session, viewer, incident_id)
    plan = await of_incident(session, viewer, incident)
    services = tuple(dict.fromkeys(need.service for need in plan.needs))
    began = time.perf_counter()
    skilled = any(need.skills for need in plan.needs)
    standing = await queries.standing(session, viewer, services, skilled=skilled)
    asked = await _asked(session, viewer, roads, covers, incident, plan, standing)
    choice = await asyncio.to_thread(choose, asked, standing)
    spoken_of = await units.by_ids(session, viewer, choice.ids)
    ranked = await asyncio.to_thread(shortlist, asked, choice, spoken_of)
    router = asked.router(services[0]) if services else await roads.router(session, incident.place)
    return Proposals(
        incident_id=incident_id,
        plan=plan,
        needs=tuple(asked.needs),
        services=services,
        blue_light=asked.blue_light,
        router=router.name,
        straight=router.straight,
        took_ms=round((time.perf_counter() - began) * 1000, 3),
        shortlist=ranked,
    )


async def preview(
    session: Session, viewer: Viewer, roads: RoadsNow, covers: Covers, incident_id: int, unit_id: int
) -> Dragged:
    """Say how one unit would do at an incident, for whoever drags it there; raises no_such_incident, no_such_unit."""
    incident = await _seen(session, viewer, incident_id)
    found = await units.by_ids(session, viewer, [unit_id])
    if not found:
        raise Refusal("no_such_unit", ids=[unit_id])
    plan = await of_incident(session, viewer, incident)
    asked = await _asked(session, viewer, roads, covers, incident, plan, None)
    return await asyncio.to_thread(drag, asked, found[0])


async def _asked(
    session: Session,
    viewer: Viewer,
    roads: RoadsNow,
    covers: Covers,
    incident: Incident,
    plan: Plan,
    among: Standing | None,
) -> Asked:
    services = dict.fromkeys(need.service for need in plan.needs)
    routers = await _routers(session, roads, incident)
    known = {service: await covers.of(session, viewer, service, among) for service in services}
    blue_light = profiles().blue_light
    return Asked(
        place=incident.place,
        needs=await _still_needed(session, viewer, incident, plan),
        router=routers,
        priority=incident.priority,
        covers={service: cover for service, cover in known.items() if cover is not None},
        blue_light=frozenset(service for service in services if blue_light.drives(service, incident.priority)),
    )


async def _routers(session: Session, roads: RoadsNow, incident: Incident) -> Callable[[Service], Router]:
    """Return the router of each service: blue light is for those that have it, and for what is urgent enough."""
    routers = await roads.routers(session, incident.place)
    return lambda service: routers[profiles().blue_light.drives(service, incident.priority)]


async def _still_needed(session: Session, viewer: Viewer, incident: Incident, plan: Plan) -> tuple[Need, ...]:
    """Return the plan's needs, each with how many units are still to be sent; a bound unit answers one of them."""
    if not incident.units:
        return plan.needs
    bound = [d.unit for d in await dispatches.of_incident(session, viewer, incident.id) if is_open(d.status)]
    seen = {unit.id: unit for unit in await units.by_ids(session, viewer, [unit.id for unit in bound])}
    able = {id: unit.able for id, unit in seen.items()}
    known = [Bound(service=u.service, kind=u.kind, skills=able.get(u.id, frozenset())) for u in bound]
    open_ = {(n.service, n.kinds, n.skills): n.count for n in left(plan.needs, known)}
    return tuple(replace(n, count=open_.get((n.service, n.kinds, n.skills), 0)) for n in plan.needs)


async def send(
    session: Session,
    viewer: Viewer,
    roads: RoadsNow,
    incident_id: int,
    unit_ids: Sequence[int],
    *,
    diverted: Sequence[int] = (),
) -> list[Dispatch]:
    """Send all of these units or none; ring. The open dispatches `diverted` end for it, and no other does.

    Raises Refusal: no_such_incident, incident_closed, incident_merged, no_such_unit, unit_busy, unit_off_duty,
    unit_not_placed, no_such_dispatch, bad_value.
    """
    incident, losing = await _hold(session, viewer, incident_id, diverted)
    await lifecycle.require_open(session, viewer, incident)
    await units.lock(session, unit_ids)
    chosen = await units.by_ids(session, viewer, unit_ids)
    gone = await diverting.leaving(session, viewer, diverted, unit_ids, losing) if diverted else diverting.NOBODY
    await _check(session, viewer, chosen, unit_ids, gone)
    ways = await _ways(session, roads, incident, chosen)
    for old in gone.values():
        await diverting.end(session, viewer, old)
    sent = [await _send(session, _new(incident, unit, ways[unit.id], viewer), unit) for unit in chosen]
    told = {"units": [unit.call_sign for unit in chosen], "dispatches": sent}
    await incidents.add_entry(session, incident_id, "dispatched", viewer, told)
    async with together(session) as ask:
        stand = ask(dispatches.asked_statuses(incident_id))
        written = ask(dispatches.asked_by_ids(viewer, sent))
    await lifecycle.follow(session, incident.id, incident.state, stand.value)
    answer = written.value
    await diverting.link(session, gone, answer, losing)
    await notices.queue(session, viewer, incident, notices.crews_of(answer), "dispatch")
    ended, lost = diverting.rung(gone)
    await ring(session, {"dispatches": [*ended, *sent], "incidents": [incident_id, *lost], "units": list(ways)})
    return answer


async def advance(
    session: Session, viewer: Viewer, dispatch_id: int, new: NewStatus, *, as_fact: bool = False
) -> Dispatch:
    """Take a dispatch a step on; ring. The same step, or the same client event id, again changes nothing.

    `as_fact` is what a crew or its position tells: what lies behind by now is kept on the record, see `rules.happened`.
    Raises Refusal: divert_by_sending, no_such_dispatch, wrong_transition with what is allowed, reason_needed.
    """
    if new.status is Status.DIVERTED:  # nobody would know where to: `send` says it
        raise Refusal("divert_by_sending")
    stands, dispatch = await _in_hand(session, viewer, dispatch_id)
    incident_id = dispatch.incident_id
    if new.client_event_id and await dispatches.said_before(session, dispatch_id, new.client_event_id):
        return dispatch
    outcome = happened(dispatch.status, new.status, late=new.late) if as_fact else step(dispatch.status, new.status)
    if isinstance(outcome, Recorded):
        return await _keep(session, viewer, dispatch, new)
    if isinstance(outcome, Wrong):
        allowed = [status.value for status in outcome.allowed if status is not Status.DIVERTED]
        raise Refusal("wrong_transition", status=outcome.status.value, allowed=allowed)
    if not isinstance(outcome, Moved):
        return dispatch
    if new.status in NEEDS_REASON and not new.reason:
        raise Refusal("reason_needed", status=new.status.value)
    async with together(session) as ask:
        for act in dispatches.advancing(dispatch_id, new):
            ask.act(*act)
        ask.act(*incidents.adding(incident_id, "status", viewer, _told(dispatch, new)))
        sent = ask(dispatches.asked_statuses(incident_id))
        after = ask(dispatches.asked_one(viewer, dispatch_id))
    await lifecycle.follow(session, incident_id, stands, sent.value)
    await ring(session, {"dispatches": [dispatch_id], "incidents": [incident_id], "units": [dispatch.unit.id]})
    return _seen_dispatch(after.value, dispatch_id)


async def _keep(session: Session, viewer: Viewer, dispatch: Dispatch, new: NewStatus) -> Dispatch:
    """Keep a step on the record that came too late, or out of order, to change anything."""
    await dispatches.record(session, dispatch.id, new)
    await incidents.add_entry(session, dispatch.incident_id, "status_kept", viewer, _told(dispatch, new))
    await ring(session, {"dispatches": [dispatch.id], "incidents": [dispatch.incident_id]})
    return await _dispatch(session, viewer, dispatch.id)


def _told(dispatch: Dispatch, new: NewStatus) -> dict[str, object]:
    told: dict[str, object] = {"dispatch_id": dispatch.id, "unit": dispatch.unit.call_sign, "status": new.status.value}
    told |= {"means": new.means} | ({"reason": new.reason} if new.reason else {})
    return told | ({"late": True, "pressed_at": new.at.isoformat()} if new.late else {})


async def _seen(session: Session, viewer: Viewer, incident_id: int) -> Incident:
    incident = await incidents.find(session, viewer, incident_id)
    if incident is None:
        raise Refusal("no_such_incident", id=incident_id)
    return incident


async def _hold(
    session: Session, viewer: Viewer, incident_id: int, diverted: Sequence[int]
) -> tuple[Incident, dict[int, Incident]]:
    """Hold the incident, and those that units are to be diverted from."""
    if diverted:
        return await diverting.hold(session, viewer, incident_id, diverted)
    incident = await incidents.hold(session, viewer, incident_id)
    if incident is None:
        raise Refusal("no_such_incident", id=incident_id)
    return incident, {}


async def _dispatch(session: Session, viewer: Viewer, dispatch_id: int) -> Dispatch:
    return _seen_dispatch(await dispatches.asked_one(viewer, dispatch_id).of(session), dispatch_id)


def _seen_dispatch(found: Sequence[Dispatch], dispatch_id: int) -> Dispatch:
    if not found:
        raise Refusal("no_such_dispatch", id=dispatch_id)
    return found[0]


async def _in_hand(session: Session, viewer: Viewer, dispatch_id: int) -> tuple[State, Dispatch]:
    """Return a dispatch and how its incident stands; whoever acts on either holds that first, one after another.

    While this waits the incident may be merged or split, and the dispatch go to another.
    """
    while True:
        async with together(session) as ask:
            held = ask(dispatches.asked_of_held(dispatch_id))
            found = ask(dispatches.asked_one(viewer, dispatch_id))
        dispatch = _seen_dispatch(found.value, dispatch_id)
        if held.value is None:
            raise Refusal("no_such_incident", id=dispatch.incident_id)
        if held.value[0] == dispatch.incident_id:
            return held.value[1], dispatch


async def _check(
    session: Session, viewer: Viewer, chosen: Sequence[Unit], asked: Sequence[int], gone: diverting.Leaving
) -> None:
    """Refuse the whole order where one unit cannot go. A stale position is the dispatcher's to judge, not a bar."""
    missing = sorted(set(asked) - {unit.id for unit in chosen})
    if missing:
        raise Refusal("no_such_unit", ids=missing)
    busy = [unit for unit in chosen if unit.task is not None and unit.id not in gone]
    if busy:
        raise await _busy(session, viewer, busy)
    for code, bad in (
        ("unit_off_duty", [unit for unit in chosen if unit.availability is Availability.OFF_DUTY]),
        ("unit_not_placed", [unit for unit in chosen if unit.place is None]),
    ):
        if bad:
            raise Refusal(code, units=[unit.id for unit in bad], call_signs=", ".join(unit.call_sign for unit in bad))


async def _busy(session: Session, viewer: Viewer, taken: Sequence[Unit]) -> Refusal:
    """Say which units are taken, by whom and for what, as far as the viewer sees the incident."""
    ids = [unit.dispatch.id for unit in taken if unit.dispatch is not None]
    known = await dispatches.by_ids(session, viewer, ids) if ids else []
    by = sorted({dispatch.dispatched_by for dispatch in known})
    numbers = sorted({dispatch.incident_number for dispatch in known})
    signs = ", ".join(unit.call_sign for unit in taken)
    units_ = [unit.id for unit in taken]
    return Refusal("unit_busy", units=units_, call_signs=signs, by=", ".join(by) or "—", incidents=numbers)


async def _ways(session: Session, roads: RoadsNow, incident: Incident, chosen: Sequence[Unit]) -> Mapping[int, Reached]:
    """Return each unit's way; one that no road leads from goes by a straight line, flagged."""
    ways: dict[int, Reached] = {}
    router_of = await _routers(session, roads, incident)
    for service in {unit.service for unit in chosen}:
        mine = [(unit.id, unit.place) for unit in chosen if unit.service is service and unit.place is not None]
        stands = Stands.of(mine)
        ways |= {way.unit_id: way for way in StraightLine().reach(incident.place, stands, len(stands))}
        ways |= {
            way.unit_id: way
            for way in await asyncio.to_thread(router_of(service).reach, incident.place, stands, len(stands))
        }
    return ways


async def _send(session: Session, new: NewDispatch, unit: Unit) -> int:
    """Write one dispatch; a unit that is bound to an incident out of the viewer's sight is refused like any other."""
    try:
        return await dispatches.send(session, new)
    except IntegrityError as error:
        raise Refusal("unit_busy", units=[unit.id], call_signs=unit.call_sign, by="—", incidents=[]) from error


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

"""What a person says of an incident's life: where it stands, where it is, how it ended, and that it did not.

The caller's visit is the transaction, and whoever acts on an incident holds it first, so acts come one after another.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime

from geo_server.errors import Refusal
from geo_server.notify import notices
from geo_server.operations import command, concerning
from geo_server.operations.catalogue import catalogue
from layers.areas import queries as areas
from layers.changes import ring
from layers.database import Session
from layers.dispatches import queries as dispatches
from layers.dispatches import rules as dispatch_rules
from layers.dispatches.rules import Moved, Status, step
from layers.dispatches.schema import Dispatch, NewStatus
from layers.incidents import lineage_queries as lineage
from layers.incidents import queries as incidents
from layers.incidents.rules import REOPENED, SAID, State, derived, is_open
from layers.incidents.schema import Disposition, Incident
from layers.values import LonLat
from layers.viewer import Viewer


async def close(
    session: Session, viewer: Viewer, incident_id: int, note: str | None, how: Sequence[Disposition] = ()
) -> Incident:
    """Close an incident that no unit is bound to any more, with how it ended for each agency; ring.

    Closed again it answers the same. Raises Refusal: no_such_incident, incident_merged, held_above, units_still_bound,
    no_such_disposition, disposed_twice.
    """
    incident = await held(session, viewer, incident_id)
    if incident.state in REOPENED:
        return incident
    _check(how)
    await require_open(session, viewer, incident)
    bound = [one for one in await _sent(session, viewer, incident_id) if dispatch_rules.is_open(one.status)]
    if bound:
        raise _still_bound(incident_id, bound)
    await incidents.set_state(session, incident_id, State.CLOSED, how)
    told = ({"note": note} if note else {}) | ({"dispositions": [asdict(one) for one in how]} if how else {})
    return await _told(session, viewer, incident_id, "closed", told)


async def cancel(session: Session, viewer: Viewer, incident_id: int, reason: str) -> Incident:
    """Cancel an incident and call its units off; ring. Cancelled again it answers the same.

    Raises Refusal: no_such_incident, incident_closed, incident_merged, held_above, units_still_bound where one has a
    patient and cannot be called off.
    """
    incident = await held(session, viewer, incident_id)
    if incident.state is State.CANCELLED:
        return incident
    await require_open(session, viewer, incident)
    bound = [one for one in await _sent(session, viewer, incident_id) if dispatch_rules.is_open(one.status)]
    staying = [one for one in bound if not isinstance(step(one.status, Status.CANCELLED), Moved)]
    if staying:
        raise _still_bound(incident_id, staying)
    for one in bound:
        await _call_off(session, viewer, one, reason)
    await incidents.set_state(session, incident_id, State.CANCELLED)
    rung = {"dispatches": [one.id for one in bound], "units": [one.unit.id for one in bound]}
    return await _told(session, viewer, incident_id, "cancelled", {"reason": reason}, rung)


async def reopen(session: Session, viewer: Viewer, incident_id: int, reason: str) -> Incident:
    """Open an incident again that was closed or cancelled; ring. One that is open stays as it is.

    What its units did before counts no more: it waits for units anew. Raises Refusal: no_such_incident,
    incident_merged, held_above.
    """
    incident = await held(session, viewer, incident_id)
    if is_open(incident.state):
        return incident
    if incident.state not in REOPENED:
        raise await merged(session, viewer, incident)
    await command.require(session, viewer, incident)
    await lineage.restore(session, incident_id)
    told = {"reason": reason, "from": incident.state.value}
    return await _told(session, viewer, incident_id, "reopened", told)


async def say(session: Session, viewer: Viewer, incident_id: int, state: State) -> Incident:
    """Say where an open incident stands; ring. Said again it answers the same.

    Raises Refusal: no_such_incident, incident_closed, incident_merged, held_above, wrong_stage with what may be said.
    """
    incident = await held(session, viewer, incident_id)
    await require_open(session, viewer, incident)
    if state is incident.state:
        return incident
    may = SAID.get(incident.state, ())
    if state not in may:
        raise Refusal("wrong_stage", stage=incident.state.value, stages=[one.value for one in may])
    await incidents.set_state(session, incident_id, state)
    told = {"from": incident.state.value, "to": state.value}
    return await _told(session, viewer, incident_id, "state", told)


async def relocate(
    session: Session, viewer: Viewer, incident_id: int, place: LonLat, address: str | None, reason: str
) -> Incident:
    """Say that an incident is elsewhere; every place it had is kept; ring.

    Crews under way are told anew. Its plan is the new place's: its priority may rise, and those newly
    concerned are told.

    Raises Refusal: no_such_incident, incident_closed, incident_merged, held_above, outside_your_area.
    """
    incident = await held(session, viewer, incident_id)
    await require_open(session, viewer, incident)
    if (place, address) == (incident.place, incident.address):
        return incident
    if not await areas.reaches(session, viewer, place):
        raise Refusal("outside_your_area", lon=place.lon, lat=place.lat)
    await lineage.move(session, incident_id, place, address=address, who=viewer.name, reason=reason)
    sent = await _sent(session, viewer, incident_id)
    await notices.redirected(session, viewer, incident, sent)
    told = {"from": _spot(incident.place, incident.address), "to": _spot(place, address), "reason": reason}
    await incidents.add_entry(session, incident_id, "relocated", viewer, told)
    await concerning.replanned(session, viewer, incident_id)
    return await _rung(session, viewer, incident_id, {"dispatches": [one.id for one in sent]})


async def held(session: Session, viewer: Viewer, incident_id: int) -> Incident:
    """Return an incident that others wait for until the transaction ends; raises Refusal `no_such_incident`."""
    incident = await incidents.hold(session, viewer, incident_id)
    if incident is None:
        raise Refusal("no_such_incident", id=incident_id)
    return incident


async def require_open(session: Session, viewer: Viewer, incident: Incident) -> None:
    """Raise Refusal incident_merged, incident_closed or held_above where the viewer cannot act on it any more."""
    if incident.state is State.MERGED:
        raise await merged(session, viewer, incident)
    if not is_open(incident.state):
        raise Refusal("incident_closed", id=incident.id)
    await command.require(session, viewer, incident)


async def merged(session: Session, viewer: Viewer, incident: Incident) -> Refusal:
    """Return the refusal of what another stands for now, naming that one where the viewer sees it."""
    stands = await incidents.find(session, viewer, await lineage.survivor(session, incident.id) or 0)
    into = {"into": stands.number, "into_id": stands.id} if stands is not None and stands.id != incident.id else {}
    return Refusal("incident_merged", id=incident.id, number=incident.number, **into)


async def derive(session: Session, incident_id: int, present: State) -> State:
    """Write and return the state that an incident's dispatches give it."""
    return await follow(session, incident_id, present, await dispatches.statuses(session, incident_id))


async def follow(session: Session, incident_id: int, present: State, sent: Sequence[Status]) -> State:
    """Write and return the state that dispatches of such statuses give an incident."""
    state = derived(present, sent)
    if state is not present:
        await incidents.set_state(session, incident_id, state)
    return state


async def _sent(session: Session, viewer: Viewer, incident_id: int) -> list[Dispatch]:
    return await dispatches.of_incident(session, viewer, incident_id)


async def _call_off(session: Session, viewer: Viewer, sent: Dispatch, reason: str) -> None:
    new = NewStatus(status=Status.CANCELLED, at=datetime.now(UTC), who=viewer.name, means="dispatcher", reason=reason)
    await dispatches.advance(session, sent.id, new)
    told = {"dispatch_id": sent.id, "unit": sent.unit.call_sign, "status": new.status.value, "means": new.means}
    await incidents.add_entry(session, sent.incident_id, "status", viewer, {**told, "reason": reason})


async def _told(
    session: Session,
    viewer: Viewer,
    incident_id: int,
    kind: str,
    details: Mapping[str, object],
    also: Mapping[str, list[int]] | None = None,
) -> Incident:
    await incidents.add_entry(session, incident_id, kind, viewer, details)
    return await _rung(session, viewer, incident_id, also)


async def _rung(
    session: Session, viewer: Viewer, incident_id: int, also: Mapping[str, list[int]] | None = None
) -> Incident:
    incident = await incidents.find(session, viewer, incident_id)
    assert incident is not None  # it is held
    await ring(session, {**(also or {}), "incidents": [incident_id]})
    return incident


def _check(how: Sequence[Disposition]) -> None:
    known = catalogue().dispositions
    for one in how:
        if one.code not in known:
            raise Refusal("no_such_disposition", name=one.code, codes=sorted(known))
    if len({one.service for one in how}) < len(how):
        raise Refusal("disposed_twice")


def _still_bound(incident_id: int, bound: Sequence[Dispatch]) -> Refusal:
    signs = ", ".join(one.unit.call_sign for one in bound)
    return Refusal("units_still_bound", id=incident_id, call_signs=signs)


def _spot(place: LonLat, address: str | None) -> dict[str, object]:
    return {"lon": place.lon, "lat": place.lat, "address": address}

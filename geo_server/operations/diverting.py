"""Units that are on their way and sent elsewhere: the old dispatch ends as diverted, with where its unit went."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from geo_server.errors import Refusal
from geo_server.operations import lifecycle
from layers.database import Session
from layers.dispatches import queries as dispatches
from layers.dispatches.rules import Status, is_open
from layers.dispatches.schema import Dispatch, NewStatus
from layers.incidents import queries as incidents
from layers.incidents.schema import Incident
from layers.units.rules import on_its_way
from layers.viewer import Viewer

Leaving = Mapping[int, Dispatch]  # by the unit
NOBODY: Leaving = {}


async def hold(
    session: Session, viewer: Viewer, incident_id: int, diverted: Sequence[int]
) -> tuple[Incident, dict[int, Incident]]:
    """Hold an incident and those that units are taken from, in the one order that everybody keeps; return both.

    Raises Refusal: no_such_incident, no_such_dispatch.
    """
    named = await _named(session, viewer, diverted)
    held = await incidents.hold_all(session, viewer, {incident_id, *(one.incident_id for one in named)})
    if incident_id not in held:
        raise Refusal("no_such_incident", id=incident_id)
    return held[incident_id], {id: incident for id, incident in held.items() if id != incident_id}


async def leaving(
    session: Session, viewer: Viewer, diverted: Sequence[int], unit_ids: Sequence[int], held: Mapping[int, Incident]
) -> Leaving:
    """Return the named dispatches that can end as diverted now, by their unit; what ended meanwhile is left out.

    Raises Refusal `bad_value` where one is not of a unit that is sent.
    """
    named = await _named(session, viewer, diverted)
    if any(one.unit.id not in unit_ids for one in named):
        raise Refusal("bad_value", field="divert")
    may = [one for one in named if one.incident_id in held and is_open(one.status) and on_its_way(one.status)]
    return {one.unit.id: one for one in may}


async def end(session: Session, viewer: Viewer, old: Dispatch) -> None:
    """End a dispatch as diverted; to which incident, the log says to who sees that one too (`link`)."""
    new = NewStatus(status=Status.DIVERTED, at=datetime.now(UTC), who=viewer.name, means="dispatcher")
    await dispatches.advance(session, old.id, new)
    told = {"dispatch_id": old.id, "unit": old.unit.call_sign, "status": new.status.value, "means": new.means}
    await incidents.add_entry(session, old.incident_id, "status", viewer, told)


async def link(session: Session, gone: Leaving, sent: Sequence[Dispatch], held: Mapping[int, Incident]) -> None:
    """Write of each that was diverted where its unit went, and let the incidents that lost it follow."""
    for one in sent:
        if one.unit.id in gone:
            await dispatches.link(session, gone[one.unit.id].id, one.id)
    for incident_id in {one.incident_id for one in gone.values()}:
        stand = await dispatches.statuses(session, incident_id)
        await lifecycle.follow(session, incident_id, held[incident_id].state, stand)


def rung(gone: Leaving) -> tuple[list[int], list[int]]:
    """Return the dispatches and the incidents to ring for."""
    return [one.id for one in gone.values()], [one.incident_id for one in gone.values()]


async def _named(session: Session, viewer: Viewer, ids: Sequence[int]) -> list[Dispatch]:
    found = await dispatches.by_ids(session, viewer, ids)
    missing = sorted(set(ids) - {one.id for one in found})
    if missing:
        raise Refusal("no_such_dispatch", id=missing[0])
    return found

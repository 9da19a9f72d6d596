"""Who commands an incident: its own area, or a level above that took it over (MIA 897 §6.5); both sides read who."""

from geo_server.errors import Refusal
from layers.areas import queries as areas
from layers.areas.schema import Area
from layers.changes import ring
from layers.database import Session
from layers.incidents import queries as incidents
from layers.incidents.rules import is_open
from layers.incidents.schema import Incident
from layers.viewer import Viewer


async def require(session: Session, viewer: Viewer, incident: Incident) -> None:
    """Raise `Refusal("held_above")` where a level above the viewer's took the incident over."""
    if incident.held_by is None or await areas.stands_below(session, incident.held_by.id, viewer.own_area_id):
        return
    raise Refusal("held_above", id=incident.id, area=incident.held_by.name)


async def take_over(session: Session, viewer: Viewer, incident_id: int, reason: str) -> Incident:
    """Take the command of an incident below; ring. Taken again by the same area, nothing changes.

    Raises Refusal: no_such_incident, incident_closed, not_below_you, held_above.
    """
    incident = await _held(session, viewer, incident_id)
    if not is_open(incident.state):
        raise Refusal("incident_closed", id=incident_id)
    await require(session, viewer, incident)
    if incident.held_by is not None and incident.held_by.id == viewer.own_area_id:
        return incident
    below = await areas.stands_below(session, incident.area.id, viewer.own_area_id)
    if not below or incident.area.id == viewer.own_area_id:
        raise Refusal("not_below_you", id=incident_id)
    await incidents.set_holder(session, incident_id, viewer.own_area_id)
    return await _told(session, viewer, incident_id, "taken_over", {"reason": reason})


async def release(session: Session, viewer: Viewer, incident_id: int) -> Incident:
    """Give the command back to the incident's own area; ring. Raises Refusal: no_such_incident, held_above."""
    incident = await _held(session, viewer, incident_id)
    await require(session, viewer, incident)
    if incident.held_by is None:
        return incident
    await incidents.set_holder(session, incident_id, None)
    return await _told(session, viewer, incident_id, "released", {})


async def escalate(session: Session, viewer: Viewer, incident_id: int, to_area_id: int | None, reason: str) -> Area:
    """Return the level above that is called to an incident: the next one up where none is named; ring.

    Raises Refusal: no_such_incident, incident_closed, not_above.
    """
    incident = await _held(session, viewer, incident_id)
    if not is_open(incident.state):
        raise Refusal("incident_closed", id=incident_id)
    above = await areas.above(session, viewer.own_area_id)
    if not above or to_area_id not in (None, *(area.id for area in above)):
        raise Refusal("not_above")
    to = next((area for area in above if area.id == to_area_id), above[0])
    await incidents.set_escalated(session, incident_id, to.id)
    name = {"kk": to.name.kk, "ru": to.name.ru, "en": to.name.en}
    await _told(session, viewer, incident_id, "escalated", {"reason": reason, "to": {"id": to.id, **name}})
    return to


async def _told(session: Session, viewer: Viewer, incident_id: int, kind: str, details: dict[str, object]) -> Incident:
    await incidents.add_entry(session, incident_id, kind, viewer, details)
    incident = await _held(session, viewer, incident_id)
    await ring(session, {"incidents": [incident_id]})
    return incident


async def _held(session: Session, viewer: Viewer, incident_id: int) -> Incident:
    incident = await incidents.hold(session, viewer, incident_id)
    if incident is None:
        raise Refusal("no_such_incident", id=incident_id)
    return incident

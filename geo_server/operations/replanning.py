"""What a person changes about an open incident's plan: its alarm level, its category, what of the checklist is done."""

from dataclasses import asdict, dataclass, replace
from typing import cast

from geo_server.errors import Refusal
from geo_server.notify import notices
from geo_server.operations import command, concerning
from geo_server.operations.content import Urgency
from geo_server.operations.planning_ahead import of_incident
from geo_server.operations.plans import Plan
from geo_server.plans import queries, versions
from layers.changes import ring
from layers.database import Session
from layers.incidents import queries as incidents
from layers.incidents.rules import is_open
from layers.incidents.schema import Incident
from layers.viewer import Viewer


@dataclass(frozen=True, slots=True, kw_only=True)
class Recast:
    """Another category of an incident, and why.

    Where none is said, priority and urgency are its plan's there; where the category stays, those that stand stay.
    """

    category: str
    reason: str
    priority: int | None = None
    urgency: Urgency | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Urgent:
    """How urgent an incident is; `said`: a person said its priority, no plan."""

    priority: int
    said: bool
    urgency: Urgency | None

    @classmethod
    def of(cls, incident: Incident) -> "_Urgent":
        urgency = cast(Urgency | None, incident.urgency)
        return cls(priority=incident.priority, said=incident.priority_said, urgency=urgency)


async def call_alarm(session: Session, viewer: Viewer, incident_id: int, level: int, reason: str) -> Plan:
    """Call an alarm level, up or down; ring. Called again, nothing changes.

    Raises Refusal: no_such_incident, incident_closed, held_above, no_such_alarm with the plan's highest.
    """
    incident = await _in_hand(session, viewer, incident_id)
    plan = await of_incident(session, viewer, incident)
    if not 1 <= level <= plan.highest_alarm:
        raise Refusal("no_such_alarm", level=level, highest=plan.highest_alarm)
    if level == incident.alarm:
        return plan
    await queries.set_alarm(session, incident_id, level)
    told = {"from": incident.alarm, "to": level, "reason": reason}
    await incidents.add_entry(session, incident_id, "alarm", viewer, told)
    raised = await _after(session, viewer, incident_id)
    if level > incident.alarm:
        await notices.queue(session, viewer, incident, notices.responsible_by(raised), "alarm", alarm=level)
    await ring(session, {"incidents": [incident_id]})
    return raised


async def recast(session: Session, viewer: Viewer, incident_id: int, new: Recast) -> Plan:
    """Give an open incident another category of the version it was opened under; ring.

    An alarm level that the new plan does not have becomes its highest; those newly concerned are told.
    Raises Refusal: no_such_incident, incident_closed, held_above, no_such_category.
    """
    incident = await _in_hand(session, viewer, incident_id)
    catalogue = await versions.of(session, incident.plan_version_id)
    known = catalogue.categories.get(new.category)
    if known is None:
        raise Refusal("no_such_category", name=new.category)
    asked = await of_incident(session, viewer, replace(incident, category=new.category))
    after = _urgent(incident, new, asked, known.urgency)
    if new.category == incident.category and after == _Urgent.of(incident):
        return await of_incident(session, viewer, incident)
    await queries.set_category(session, incident_id, category=new.category, **asdict(after))
    highest = len(catalogue.content.plans[new.category].levels)
    if incident.alarm > highest:
        await queries.set_alarm(session, incident_id, highest)
    told = {"from": incident.category, "to": new.category, "priority": after.priority, "urgency": after.urgency}
    why = {} if after.said else {"because": [asdict(one) for one in asked.urgent_because]}
    await incidents.add_entry(session, incident_id, "category", viewer, {**told, "reason": new.reason, **why})
    plan = await concerning.replanned(session, viewer, incident_id)
    await ring(session, {"incidents": [incident_id]})
    return plan


def _urgent(incident: Incident, new: Recast, asked: Plan, urgency: Urgency | None) -> _Urgent:
    """Return how urgent an incident then is: as the category brings it, or as it stands where the category stays."""
    brought = _Urgent(priority=asked.priority, said=False, urgency=urgency)
    stands = _Urgent.of(incident) if new.category == incident.category else brought
    priority, said = (new.priority, True) if new.priority else (stands.priority, stands.said)
    return _Urgent(priority=priority, said=said, urgency=new.urgency or stands.urgency or urgency)


async def tick(session: Session, viewer: Viewer, incident_id: int, item: str, *, done: bool) -> Plan:
    """Mark a line of the checklist; ring. Marked again, nothing changes.

    Raises Refusal: no_such_incident, incident_closed, no_such_step.
    """
    incident = await incidents.hold(session, viewer, incident_id)
    if incident is None:
        raise Refusal("no_such_incident", id=incident_id)
    if not is_open(incident.state):
        raise Refusal("incident_closed", id=incident_id)
    plan = await of_incident(session, viewer, incident)
    before = (await queries.ticks(session, incident_id)).get(item)
    if before is None and item not in {step.item for step in plan.checklist}:
        raise Refusal("no_such_step", item=item)
    if done is (before is not None and before.done):
        return plan
    await queries.tick(session, incident_id, item, done=done, who=viewer.name)
    await incidents.add_entry(session, incident_id, "checklist", viewer, {"item": item, "done": done})
    await ring(session, {"incidents": [incident_id]})
    return plan


async def _in_hand(session: Session, viewer: Viewer, incident_id: int) -> Incident:
    incident = await incidents.hold(session, viewer, incident_id)
    if incident is None:
        raise Refusal("no_such_incident", id=incident_id)
    if not is_open(incident.state):
        raise Refusal("incident_closed", id=incident_id)
    await command.require(session, viewer, incident)
    return incident


async def _after(session: Session, viewer: Viewer, incident_id: int) -> Plan:
    incident = await incidents.find(session, viewer, incident_id)
    assert incident is not None  # it is held
    return await of_incident(session, viewer, incident)

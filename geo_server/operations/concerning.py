"""What an incident's plan sets going by itself: the priority that place and time ask for, and who is told.

The caller's visit is the transaction, and rings for the incident.
"""

from dataclasses import asdict, replace

from geo_server.notify import chain_queries, notices
from geo_server.operations.planning_ahead import of_incident
from geo_server.operations.plans import Plan
from geo_server.plans import queries
from layers.database import Session
from layers.incidents import queries as incidents
from layers.incidents.schema import Incident
from layers.viewer import Viewer

WHO = "qyran"  # the log says so where nobody did it


async def opened(session: Session, viewer: Viewer, incident_id: int) -> None:
    """Let an incident that was just opened have the priority its plan asks for, and whom it names be told."""
    incident = await incidents.find(session, viewer, incident_id)
    if incident is None:
        return
    plan = await of_incident(session, viewer, incident)
    urgent = await raised(session, incident, plan)
    await notices.queue(session, viewer, urgent, notices.responsible_by(plan), "incident")


async def replanned(session: Session, viewer: Viewer, incident_id: int) -> Plan:
    """Return the plan of an incident whose place, category or regime is another now, and let the same follow.

    Who was told of the incident, or of an alarm level of it, is not told again.
    """
    incident = await incidents.find(session, viewer, incident_id)
    assert incident is not None  # it is held, or stands in the viewer's area
    plan = await of_incident(session, viewer, incident)
    urgent = await raised(session, incident, plan)
    know = await chain_queries.roles_told(session, incident_id)
    new = [to for to in notices.responsible_by(plan) if to.role not in know]
    await notices.queue(session, viewer, urgent, new, "incident")
    return plan


async def raised(session: Session, incident: Incident, plan: Plan) -> Incident:
    """Return the incident with what place and time make its priority at least; what a person said stands."""
    if incident.priority_said or plan.priority >= incident.priority:
        return incident
    if not await queries.raise_priority(session, incident.id, plan.priority):
        return incident  # somebody said one this very moment
    why = [asdict(one) for one in plan.urgent_because]
    told = {"from": incident.priority, "to": plan.priority, "because": why}
    await incidents.add_entry(session, incident.id, "priority", WHO, told)
    return replace(incident, priority=plan.priority)

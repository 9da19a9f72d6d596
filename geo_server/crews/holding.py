"""Holding a unit while something is decided about it, in the one order that everybody keeps; what it is bound to."""

from datetime import datetime

from geo_server.errors import Refusal
from layers.database import Session
from layers.dispatches import queries as dispatches
from layers.incidents import queries as incidents
from layers.panics.rules import DOUBT
from layers.units import queries as units
from layers.units.schema import Unit
from layers.viewer import Viewer


async def seen(session: Session, viewer: Viewer, unit_id: int) -> Unit:
    """Return a unit the viewer sees; raises Refusal `no_such_unit`."""
    found = await units.by_ids(session, viewer, [unit_id])
    if not found:
        raise Refusal("no_such_unit", ids=[unit_id])
    return found[0]


async def held(session: Session, viewer: Viewer, unit_id: int) -> Unit:
    """Return a unit and keep others from acting on it; raises Refusal `no_such_unit`.

    Who steps a dispatch holds the incident and then writes the unit's row: so the incident is held first here too.
    """
    before = await seen(session, viewer, unit_id)
    if before.dispatch is not None:
        await incidents.hold(session, viewer, before.dispatch.incident_id)
    await units.lock(session, [unit_id])
    return await seen(session, viewer, unit_id)


def bound_now(unit: Unit) -> list[int]:
    """Return the incident that a unit is bound to, as far as whoever read it sees that."""
    return [] if unit.dispatch is None else [unit.dispatch.incident_id]


async def bound_then(session: Session, unit: Unit, at: datetime) -> list[int]:
    """Return the incident that a unit was bound to at a moment of its device's clock, which may be a little slow."""
    found = await dispatches.bound_at(session, unit.id, at, doubt=DOUBT)
    return [] if found is None else [found]


def own(viewer: Viewer) -> int:
    """Return the unit whose crew it is; raises Refusal `not_your_role` for everybody else."""
    if viewer.unit_id is None:
        raise Refusal("not_your_role", role=viewer.role.value, operation="crew")
    return viewer.unit_id

"""A crew is asked to stand by at a post: told in a message, and remembered while it is on its way there."""

from datetime import timedelta

from geo_server.crews import messaging
from geo_server.errors import Refusal
from layers.database import Session
from layers.places import queries as places
from layers.units import queries as units
from layers.units import standby_queries
from layers.units.rules import Availability
from layers.units.schema import Unit
from layers.viewer import Viewer

LEAST = timedelta(minutes=10)
SLOWER = 1.5  # than was reckoned: nobody drives there with blue light
TO_SET_OUT = timedelta(minutes=5)


async def ask(session: Session, viewer: Viewer, unit_id: int, place_id: int, *, drive_s: float, text: str) -> Unit:
    """Ask a free unit to stand by at a place that it reaches in so many seconds; ring. Return the unit.

    Raises Refusal: no_such_unit, no_such_station, unit_bound, unit_off_duty.
    """
    found = await units.by_ids(session, viewer, [unit_id])
    if not found:
        raise Refusal("no_such_unit", ids=[unit_id])
    if not await places.exists(session, place_id):
        raise Refusal("no_such_station", id=place_id)
    _check(unit := found[0])
    within = max(LEAST, TO_SET_OUT + timedelta(seconds=SLOWER * drive_s))
    await standby_queries.add(session, unit_id, place_id, by=viewer.name, within=within)
    await messaging.tell(session, viewer, unit_id, text)
    return unit


def _check(unit: Unit) -> None:
    if unit.task is not None:
        raise Refusal("unit_bound", call_sign=unit.call_sign)
    if unit.availability is Availability.OFF_DUTY:
        raise Refusal("unit_off_duty", units=[unit.id], call_signs=unit.call_sign)

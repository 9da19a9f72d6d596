"""What the desk does with a unit beside sending it: what it can do, its shifts, the whole of it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from geo_server.crews.holding import held, seen
from geo_server.errors import Refusal
from layers.changes import ring
from layers.database import Session
from layers.dispatches import proposal_queries
from layers.dispatches.schema import Proposed
from layers.units import crew_queries, message_queries
from layers.units.schema import DutyWord, Member, Message, NewShift, Shift, Unit, UnitChange
from layers.viewer import Viewer


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A unit with its shifts and messages, its duty on record, and what its position proposes."""

    unit: Unit
    shifts: list[Shift]
    messages: list[Message]
    proposals: list[Proposed]
    duties: list[DutyWord]


async def whole(session: Session, viewer: Viewer, unit_id: int) -> Whole:
    """Return all there is to know of a unit; raises Refusal `no_such_unit`."""
    return Whole(
        unit=await seen(session, viewer, unit_id),
        shifts=await crew_queries.shifts(session, unit_id),
        messages=await message_queries.of_unit(session, unit_id),
        proposals=await proposal_queries.of_unit(session, viewer, unit_id),
        duties=await crew_queries.duties(session, unit_id),
    )


async def change(session: Session, viewer: Viewer, unit_id: int, asked: UnitChange) -> Unit:
    """Change what a unit can do and has; ring. Return it as it was before; raises Refusal `no_such_unit`."""
    before = await held(session, viewer, unit_id)
    await crew_queries.change(session, unit_id, asked)
    await ring(session, {"units": [unit_id]})
    return before


async def add_shift(
    session: Session, viewer: Viewer, unit_id: int, begins_at: datetime, ends_at: datetime, crew: tuple[Member, ...]
) -> int:
    """Put a shift on the roster and return its id; ring. Raises Refusal: no_such_unit, shift_overlaps."""
    await held(session, viewer, unit_id)
    new = NewShift(unit_id=unit_id, begins_at=begins_at, ends_at=ends_at, crew=crew, made_by=viewer.name)
    try:
        async with session.begin_nested():
            shift_id = await crew_queries.add_shift(session, new)
    except IntegrityError as error:
        raise Refusal("shift_overlaps") from error
    await ring(session, {"units": [unit_id]})
    return shift_id


async def remove_shift(session: Session, viewer: Viewer, unit_id: int, shift_id: int) -> None:
    """Strike a shift off the roster; ring. Raises Refusal: no_such_unit, no_such_shift."""
    await held(session, viewer, unit_id)
    if not await crew_queries.remove_shift(session, unit_id, shift_id):
        raise Refusal("no_such_shift", id=shift_id)
    await ring(session, {"units": [unit_id]})

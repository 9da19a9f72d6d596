"""Every question about a unit's crew: duty on record, shifts, what its device sent, its position."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Row, case, delete, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as insert_once

from layers.changes import ring_positions
from layers.database import Session
from layers.units.queries import shift_in
from layers.units.rules import Duty
from layers.units.schema import CrewEvent, DutyWord, Had, NewShift, Shift, UnitChange
from layers.units.table import crew_event, unit, unit_duty, unit_shift

_SHIFT = tuple(unit_shift.c[name].label(f"shift_{name}") for name in ("id", "begins_at", "ends_at", "crew"))


async def remember(session: Session, event: CrewEvent) -> Had | None:
    """Write a press and return None; where it was had before, return what it was then and what became of it.

    Of two that come at once, the second waits here for the first.
    """
    row = insert_once(crew_event).values(asdict(event)).on_conflict_do_nothing(constraint="crew_event_once")
    if (await session.execute(row.returning(crew_event.c.id))).first() is not None:
        return None
    same = crew_event.c.unit_id == event.unit_id, crew_event.c.client_event_id == event.client_event_id
    known = crew_event.c.kind, crew_event.c.taken, crew_event.c.late
    return Had(**(await session.execute(select(*known).where(*same))).mappings().one())


async def set_untaken(session: Session, unit_id: int, client_event_id: str) -> None:
    """Write that a press changed nothing, so that it is answered the same where it comes again."""
    this = crew_event.c.unit_id == unit_id, crew_event.c.client_event_id == client_event_id
    await session.execute(update(crew_event).where(*this).values(taken=False))


# ── duty ────────────────────────────────────────────────────────────────────────────────────────────────────


async def set_duty(session: Session, unit_id: int, duty: Duty, local_status: str | None) -> None:
    """Write a unit's duty, and the local word for it."""
    values = {"duty": duty.value, "local_status": local_status}
    await session.execute(update(unit).where(unit.c.id == unit_id).values(values))


async def add_duty(session: Session, unit_id: int, word: DutyWord) -> None:
    """Write a word of a unit's duty into its record; nothing ever changes or removes one."""
    row = {name: value for name, value in asdict(word).items() if name != "received_at"}
    await session.execute(insert(unit_duty).values(unit_id=unit_id, **row | {"duty": word.duty.value}))


async def duties(session: Session, unit_id: int, *, limit: int = 50) -> list[DutyWord]:
    """Return a unit's duty on record, newest first."""
    asked = select(unit_duty).where(unit_duty.c.unit_id == unit_id).order_by(unit_duty.c.id.desc()).limit(limit)
    return [_duty_word(row) for row in await session.execute(asked)]


async def duty_that_stands(session: Session, unit_id: int) -> DutyWord | None:
    """Return the last word that turned a unit's duty, None where nobody ever said one."""
    asked = select(unit_duty).where(unit_duty.c.unit_id == unit_id, unit_duty.c.taken)
    row = (await session.execute(asked.order_by(unit_duty.c.id.desc()).limit(1))).one_or_none()
    return None if row is None else _duty_word(row)


# ── what it can do, and who rides in it ─────────────────────────────────────────────────────────────────────


async def change(session: Session, unit_id: int, asked: UnitChange) -> None:
    """Write what is asked to change; something is."""
    given: dict[str, Any] = {"skills": asked.skills, "equipment": asked.equipment, "vehicle": asked.vehicle}
    given |= {"radio_name": asked.radio_name, "crew": asked.crew}
    values: Mapping[str, Any] = {
        name: value for name, value in given.items() if value is not None or name in asked.cleared
    }
    await session.execute(update(unit).where(unit.c.id == unit_id).values(values))


async def shifts(session: Session, unit_id: int, *, limit: int = 50) -> list[Shift]:
    """Return a unit's shifts: those that run and come, soonest first, then those that are over, newest first."""
    over = unit_shift.c.ends_at <= func.now()
    begins = func.extract("epoch", unit_shift.c.begins_at)
    asked = select(*_SHIFT).where(unit_shift.c.unit_id == unit_id).order_by(over, case((over, -begins), else_=begins))
    return [shift_in(row) for row in await session.execute(asked.limit(limit))]


async def add_shift(session: Session, new: NewShift) -> int:
    """Write a shift and return its id; raises IntegrityError where it lies over another of the unit."""
    row = insert(unit_shift).values(asdict(new))
    return int((await session.execute(row.returning(unit_shift.c.id))).scalar_one())


async def remove_shift(session: Session, unit_id: int, shift_id: int) -> bool:
    """Strike a shift off; False where the unit has none of that id."""
    gone = delete(unit_shift).where(unit_shift.c.id == shift_id, unit_shift.c.unit_id == unit_id)
    return (await session.execute(gone)).rowcount > 0


# ── where a crew's phone says it is ─────────────────────────────────────────────────────────────────────────


async def take_fixes(session: Session, unit_id: int, fixes: Iterable[Mapping[str, Any]]) -> int:
    """Write where a crew's phone was and is, and return how many fixes were new; ring for the live map.

    Each has `at` (ISO 8601), `lon`, `lat` in degrees and maybe `speed_kmh`, `heading_deg`. The store refuses every unit
    but the one whose crew's scope this visit entered.
    """
    batch = await ring_positions(session)
    asked = {"unit": unit_id, "batch": batch, "sent": json.dumps([dict(fix) for fix in fixes])}
    taken = await session.execute(text("SELECT take_crew_fixes(:unit, :batch, CAST(:sent AS jsonb))"), asked)
    return int(taken.scalar_one())


async def now(session: Session) -> datetime:
    """Return the store's clock."""
    moment: datetime = (await session.execute(select(func.clock_timestamp()))).scalar_one()
    return moment


def _duty_word(row: Row[Any]) -> DutyWord:
    return DutyWord(
        duty=Duty(row.duty),
        at=row.at,
        who=row.who,
        means=row.means,
        reason=row.reason,
        taken=row.taken,
        late=row.late,
        received_at=row.received_at,
    )

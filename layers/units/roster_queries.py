"""Every question about the roster across units: who is on when, and whose duty it turns."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, text, update

from layers.database import Session
from layers.locks import AdvisoryLock
from layers.units.queries import every, shift_in
from layers.units.rules import Duty, Rostered
from layers.units.schema import OnRoster, Shift
from layers.units.table import unit, unit_shift
from layers.viewer import Viewer

# Of each unit that nobody signed on for: the shift that runs or comes soon, and the word by which its duty stands. A
# word about when the shift before ended is of the crew that went home then, and says nothing of the crew that comes.
_ROSTERED = text("""
SELECT u.id, u.duty, u.crew, s.begins_at IS NOT NULL AS due, coalesce(jsonb_array_length(s.crew), 0) AS aboard,
       coalesce(w.means = 'roster', false) AS by_roster,
       coalesce(w.duty = 'off' AND w.means <> 'roster' AND w.at >= s.begins_at - CAST(:ahead AS interval), false)
           AND NOT EXISTS (SELECT FROM unit_shift b WHERE b.unit_id = u.id AND b.ends_at <= s.begins_at
               AND b.ends_at BETWEEN w.at - CAST(:ahead AS interval) AND w.at + CAST(:ahead AS interval)) AS home
  FROM unit u
  LEFT JOIN LATERAL (SELECT begins_at, crew FROM unit_shift
      WHERE unit_id = u.id AND ends_at > now() AND begins_at <= now() + CAST(:ahead AS interval)
      ORDER BY begins_at LIMIT 1) s ON true
  LEFT JOIN LATERAL (SELECT duty, at, means FROM unit_duty WHERE unit_id = u.id AND taken ORDER BY id DESC LIMIT 1) w
    ON true
 WHERE u.retired_at IS NULL AND u.duty IN ('off', 'roster')
   AND (CAST(:ids AS bigint[]) IS NULL OR u.id = ANY (CAST(:ids AS bigint[])))
 ORDER BY u.id
""")


async def between(session: Session, viewer: Viewer, since: datetime, until: datetime) -> list[OnRoster]:
    """Return every unit that the viewer sees, by call sign, with its shifts that lie in the time, earliest first."""
    units = await every(session, viewer)
    shifts: dict[int, list[Shift]] = {one.id: [] for one in units}
    columns = [unit_shift.c[name].label(f"shift_{name}") for name in ("id", "begins_at", "ends_at", "crew")]
    within = unit_shift.c.begins_at < until, unit_shift.c.ends_at > since, unit_shift.c.unit_id.in_(list(shifts))
    asked = select(unit_shift.c.unit_id, *columns).where(*within).order_by(unit_shift.c.begins_at)
    for row in await session.execute(asked):
        shifts[row.unit_id].append(shift_in(row))
    return [OnRoster(unit=one, shifts=tuple(shifts[one.id])) for one in units]


async def may_keep(session: Session) -> bool:
    """Say whether this server keeps the roster until its transaction ends; of several one does."""
    asked = text("SELECT pg_try_advisory_xact_lock(:lock)")
    return bool((await session.execute(asked, {"lock": AdvisoryLock.ROSTER})).scalar_one())


async def rostered(session: Session, *, ahead: timedelta, ids: Collection[int] | None = None) -> list[Rostered]:
    """Return the units, all or these, that nobody signed on for, with what the roster says of them."""
    asked: dict[str, Any] = {"ahead": ahead, "ids": None if ids is None else list(ids)}
    return [Rostered(**row) for row in (await session.execute(_ROSTERED, asked)).mappings()]


async def turn(session: Session, unit_id: int, duty: Duty, crew: int) -> None:
    """Write what the roster says of a unit: its duty, and how many ride in it."""
    values = {"duty": duty.value, "crew": crew, "local_status": None}
    await session.execute(update(unit).where(unit.c.id == unit_id).values(values))

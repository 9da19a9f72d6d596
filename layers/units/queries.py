"""Every question about units as people and the dispatcher's desk ask them."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Row, Select, any_, bindparam, func, or_, select

from layers.areas.queries import bound_to, seen_by
from layers.asking import ask
from layers.database import Session
from layers.dispatches.rules import ENDED, Status
from layers.dispatches.table import dispatch
from layers.incidents.table import incident
from layers.panics.table import panic
from layers.places.table import place
from layers.units.rules import Duty
from layers.units.schema import Member, OpenPanic, Shift, Task, Unit
from layers.units.table import unit, unit_position, unit_shift
from layers.values import LonLat, Service, Title
from layers.viewer import Viewer, built_once

_at = unit_position.c
_any_of_ids = any_(bindparam("ids", type_=ARRAY(BigInteger)))
_HELD = select(unit.c.id).where(unit.c.id == _any_of_ids).order_by(unit.c.id).with_for_update(key_share=True)


async def every(session: Session, viewer: Viewer) -> list[Unit]:
    """Return every unit the viewer sees, by call sign."""
    return await _read(session, _units(viewer).order_by(unit.c.call_sign))


async def of_services(session: Session, viewer: Viewer, services: Collection[Service]) -> list[Unit]:
    """Return every unit of these services that the viewer sees, free or not: why one is passed over is told."""
    wanted = [service.value for service in services]
    return await _read(session, _units(viewer).where(unit.c.service.in_(wanted)).order_by(unit.c.id))


async def by_ids(session: Session, viewer: Viewer, ids: Collection[int]) -> list[Unit]:
    """Return those of these units that the viewer sees, by id."""
    return [_unit(row) for row in await ask(session, _these(viewer), {"ids": list(ids)})]


@built_once
def _these(viewer: Viewer) -> Select[Any]:
    return _units(viewer).where(unit.c.id == _any_of_ids).order_by(unit.c.id)


async def by_sign(session: Session, call_sign: str) -> int | None:
    """Return the id of the unit in use of that call sign, for the command line, which sees the whole store."""
    named = unit.c.call_sign == call_sign, unit.c.retired_at.is_(None)
    found: int | None = (await session.execute(select(unit.c.id).where(*named))).scalar()
    return found


async def sign_of_device(session: Session, device: str) -> str | None:
    """Return the call sign of the unit that carries a device, for the command line."""
    carries = unit.c.device == device, unit.c.retired_at.is_(None)
    found: str | None = (await session.execute(select(unit.c.call_sign).where(*carries))).scalar()
    return found


async def lock(session: Session, ids: Collection[int]) -> None:
    """Hold these units until the transaction ends, in one order for everybody, so that nobody waits in a ring.

    Rows that only name a unit are written meanwhile: two presses of one device would else wait for each other.
    """
    await ask(session, _HELD, {"ids": list(ids)})


def _seen(viewer: Viewer) -> ColumnElement[bool]:
    """A unit is theirs in whose area it is now, as on the map; its home's only until it first says where it is.

    Whom an incident was granted to sees the units that are bound to it.
    """
    if viewer.unit_id is not None:
        return unit.c.id == viewer.unit_id
    there = seen_by(viewer, unit.c.area_id)
    if not viewer.also_incidents:
        return there
    return or_(there, unit.c.id.in_(bound_to(viewer.also_incidents)))


def _units(viewer: Viewer) -> Select[Any]:
    task = dispatch.c
    is_open = task.status.not_in([status.value for status in ENDED])
    joined = (
        unit.outerjoin(unit_position, _at.unit_id == unit.c.id)
        .outerjoin(place, place.c.id == unit.c.station_id)
        .outerjoin(dispatch, (task.unit_id == unit.c.id) & is_open)
        .outerjoin(incident, incident.c.id == task.incident_id)
        .outerjoin(panic, (panic.c.unit_id == unit.c.id) & panic.c.ended_at.is_(None))
        .outerjoin(unit_shift, (unit_shift.c.unit_id == unit.c.id) & _runs())
    )
    columns = (
        *(unit.c[name] for name in ("id", "call_sign", "service", "kind", "crew", "duty", "home_area_id", "task")),
        *(unit.c[name] for name in ("skills", "equipment", "vehicle", "radio_name", "local_status")),
        *(panic.c[name].label(f"panic_{name}") for name in ("id", "raised_at", "acknowledged_at")),
        *(unit_shift.c[name].label(f"shift_{name}") for name in ("id", "begins_at", "ends_at", "crew")),
        *(place.c[name].label(f"station_{name}") for name in ("name", "name_kk", "name_ru", "name_en")),
        *(_at[name] for name in ("lon", "lat", "at", "speed_kmh", "heading_deg", "area_id")),
        (func.extract("epoch", func.clock_timestamp() - _at.at)).label("age_s"),
        *(task[name].label(f"task_{name}") for name in ("id", "incident_id", "status", "eta_at")),
        incident.c.number.label("task_number"),
        incident.c.priority.label("task_priority"),
    )
    return select(*columns).select_from(joined).where(_seen(viewer), unit.c.retired_at.is_(None))


def _runs() -> ColumnElement[bool]:
    # No two shifts of a unit lie over each other, so one runs at most. Compared by moments, not as ranges: what looks
    # into a range may not look at rows before their policy has, and every shift of years would be read.
    return (unit_shift.c.ends_at > func.now()) & (unit_shift.c.begins_at <= func.now())


async def _read(session: Session, asked: Select[Any]) -> list[Unit]:
    return [_unit(row) for row in await session.execute(asked)]


def _unit(row: Row[Any]) -> Unit:
    placed = row.at is not None
    return Unit(
        id=row.id,
        call_sign=row.call_sign,
        service=Service(row.service),
        kind=row.kind,
        crew=row.crew,
        duty=Duty(row.duty),
        station=station_in(row),
        place=LonLat(lon=row.lon, lat=row.lat) if placed else None,
        at=row.at,
        position_age_s=max(0.0, float(row.age_s)) if placed else None,
        speed_kmh=row.speed_kmh,
        heading_deg=row.heading_deg,
        area_id=row.area_id if placed else row.home_area_id,
        task=None if row.task is None else Status(row.task),
        dispatch=_task(row),
        skills=tuple(row.skills),
        equipment=row.equipment,
        vehicle=row.vehicle,
        radio_name=row.radio_name,
        local_status=row.local_status,
        shift=None if row.shift_id is None else shift_in(row),
        panic=_panic(row),
    )


def shift_in(row: Row[Any]) -> Shift:
    """Read a shift out of a row whose columns are named `shift_…`."""
    crew = tuple(Member(name=one["name"], role=one["role"]) for one in row.shift_crew)
    return Shift(id=row.shift_id, begins_at=row.shift_begins_at, ends_at=row.shift_ends_at, crew=crew)


def _panic(row: Row[Any]) -> OpenPanic | None:
    if row.panic_id is None:
        return None
    return OpenPanic(id=row.panic_id, raised_at=row.panic_raised_at, acknowledged_at=row.panic_acknowledged_at)


def _task(row: Row[Any]) -> Task | None:
    if row.task_id is None:
        return None
    return Task(
        id=row.task_id,
        incident_id=row.task_incident_id,
        incident_number=row.task_number,
        priority=row.task_priority,
        status=Status(row.task_status),
        eta_at=row.task_eta_at,
    )


def station_in(row: Row[Any]) -> Title | None:
    """Read the name of a station out of a row whose columns are named `station_name…`; None where it has none."""
    names: Sequence[str | None] = (row.station_name_kk, row.station_name_ru, row.station_name_en)
    known = next((name for name in (row.station_name, *names) if name), None)
    if known is None:
        return None
    kk, ru, en = (name or known for name in names)
    return Title(kk=kk, ru=ru, en=en)

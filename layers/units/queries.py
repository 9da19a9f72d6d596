"""Every question about units as people and the dispatcher's desk ask them."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, or_, select

from layers.areas.queries import bound_to, seen_by
from layers.database import Session
from layers.dispatches.rules import ENDED, Status
from layers.dispatches.table import dispatch
from layers.incidents.table import incident
from layers.places.table import place
from layers.units.rules import Duty
from layers.units.schema import Task, Unit
from layers.units.table import unit, unit_position
from layers.values import LonLat, Service, Title
from layers.viewer import Viewer

_at = unit_position.c


async def every(session: Session, viewer: Viewer) -> list[Unit]:
    """Return every unit the viewer sees, by call sign."""
    return await _read(session, _units(viewer).order_by(unit.c.call_sign))


async def of_services(session: Session, viewer: Viewer, services: Collection[Service]) -> list[Unit]:
    """Return every unit of these services that the viewer sees, free or not: why one is passed over is told."""
    wanted = [service.value for service in services]
    return await _read(session, _units(viewer).where(unit.c.service.in_(wanted)).order_by(unit.c.id))


async def by_ids(session: Session, viewer: Viewer, ids: Collection[int]) -> list[Unit]:
    """Return those of these units that the viewer sees, by id."""
    return await _read(session, _units(viewer).where(unit.c.id.in_(ids)).order_by(unit.c.id))


async def lock(session: Session, ids: Collection[int]) -> None:
    """Hold these units until the transaction ends, in one order for everybody, so that nobody waits in a ring."""
    await session.execute(select(unit.c.id).where(unit.c.id.in_(ids)).order_by(unit.c.id).with_for_update())


def _seen(viewer: Viewer) -> ColumnElement[bool]:
    """A unit is theirs in whose area it is now, as on the map; its home's only until it first says where it is.

    Whom an incident was granted to sees the units that are bound to it.
    """
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
    )
    columns = (
        *(unit.c[name] for name in ("id", "call_sign", "service", "kind", "crew", "duty", "home_area_id", "task")),
        *(place.c[name].label(f"station_{name}") for name in ("name", "name_kk", "name_ru", "name_en")),
        *(_at[name] for name in ("lon", "lat", "at", "speed_kmh", "heading_deg", "area_id")),
        (func.extract("epoch", func.clock_timestamp() - _at.at)).label("age_s"),
        *(task[name].label(f"task_{name}") for name in ("id", "incident_id", "status", "eta_at")),
        incident.c.number.label("task_number"),
    )
    return select(*columns).select_from(joined).where(_seen(viewer))


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
        station=_station(row),
        place=LonLat(lon=row.lon, lat=row.lat) if placed else None,
        at=row.at,
        position_age_s=max(0.0, float(row.age_s)) if placed else None,
        speed_kmh=row.speed_kmh,
        heading_deg=row.heading_deg,
        area_id=row.area_id if placed else row.home_area_id,
        task=None if row.task is None else Status(row.task),
        dispatch=_task(row),
    )


def _task(row: Row[Any]) -> Task | None:
    if row.task_id is None:
        return None
    return Task(
        id=row.task_id,
        incident_id=row.task_incident_id,
        incident_number=row.task_number,
        status=Status(row.task_status),
        eta_at=row.task_eta_at,
    )


def _station(row: Row[Any]) -> Title | None:
    names: Sequence[str | None] = (row.station_name_kk, row.station_name_ru, row.station_name_en)
    known = next((name for name in (row.station_name, *names) if name), None)
    if known is None:
        return None
    kk, ru, en = (name or known for name in names)
    return Title(kk=kk, ru=ru, en=en)

"""Every question about dispatches; one is seen by whoever sees its incident, however far its route runs."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import shapely
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Row,
    Select,
    any_,
    bindparam,
    case,
    func,
    insert,
    literal_column,
    or_,
    select,
    true,
    update,
)

from layers.areas.queries import seen_by
from layers.database import Session
from layers.dispatches.rules import ENDED, Status
from layers.dispatches.schema import Dispatch, NewDispatch, NewStatus, SentUnit, StatusEntry
from layers.dispatches.table import dispatch, dispatch_entry
from layers.incidents.table import incident
from layers.units.table import unit
from layers.values import Service
from layers.viewer import Viewer, built_once

_UNIT = ("call_sign", "service", "kind")
_ENDED = sorted(status.value for status in ENDED)
_any_of_ids = any_(bindparam("ids", type_=ARRAY(BigInteger)))
_ENTRIES = select(dispatch_entry).where(dispatch_entry.c.dispatch_id == _any_of_ids).order_by(dispatch_entry.c.id)


async def open_ones(session: Session, viewer: Viewer, *, limit: int = 1000) -> list[Dispatch]:
    """Return the dispatches that have not ended, newest first."""
    asked = _dispatches(viewer).where(dispatch.c.status.not_in(_ENDED))
    return await _read(session, asked.order_by(dispatch.c.id.desc()).limit(limit))


async def recent(session: Session, viewer: Viewer, *, limit: int = 1000) -> list[Dispatch]:
    """Return the newest dispatches, ended ones included."""
    return await _read(session, _dispatches(viewer).order_by(dispatch.c.id.desc()).limit(limit))


async def of_incident(session: Session, viewer: Viewer, incident_id: int) -> list[Dispatch]:
    """Return an incident's dispatches in the order they were sent."""
    return await _read(session, _of_incident(viewer), {"incident": incident_id})


async def find(session: Session, viewer: Viewer, dispatch_id: int) -> Dispatch | None:
    """Return one dispatch, None where there is none that the viewer sees."""
    found = await by_ids(session, viewer, [dispatch_id])
    return found[0] if found else None


async def by_ids(session: Session, viewer: Viewer, ids: Collection[int]) -> list[Dispatch]:
    """Return these dispatches in the order they were sent."""
    return await _read(session, _these(viewer), {"ids": list(ids)})


async def statuses(session: Session, incident_id: int) -> list[Status]:
    """Return the status of each of an incident's dispatches; what ended before it was reopened counts no more."""
    since = func.coalesce(incident.c.reopened_at, literal_column("'-infinity'::timestamptz"))
    counts = or_(dispatch.c.status.not_in(_ENDED), dispatch.c.status_at >= since)
    asked = select(dispatch.c.status).join(incident, incident.c.id == dispatch.c.incident_id)
    found = await session.execute(asked.where(dispatch.c.incident_id == incident_id, counts))
    return [Status(word) for word in found.scalars()]


async def send(session: Session, new: NewDispatch) -> int:
    """Write a dispatch and its first step, return its id; raises IntegrityError where the unit is bound already."""
    route = shapely.LineString(new.route).wkb_hex
    row = {
        "incident_id": new.incident_id,
        "unit_id": new.unit_id,
        "area_id": select(incident.c.area_id).where(incident.c.id == new.incident_id).scalar_subquery(),
        "status": Status.DISPATCHED.value,
        "dispatched_by": new.dispatched_by,
        "eta_at": func.now() + timedelta(seconds=new.route_s),
        "route_s": new.route_s,
        "route_m": new.route_m,
        "straight": new.straight,
        "geom": func.ST_SetSRID(func.ST_GeomFromWKB(func.decode(route, "hex")), 4326),
    }
    written = await session.execute(insert(dispatch).values(row).returning(dispatch.c.id, dispatch.c.dispatched_at))
    sent = written.one()
    first = NewStatus(status=Status.DISPATCHED, at=sent.dispatched_at, who=new.dispatched_by, means="dispatcher")
    await _add_entry(session, sent.id, first)
    return int(sent.id)


async def record(session: Session, dispatch_id: int, step: NewStatus) -> None:
    """Write a step that came too late or out of order: the record has it, the dispatch stands as it stood."""
    await _add_entry(session, dispatch_id, replace(step, taken=False))


async def advance(session: Session, dispatch_id: int, step: NewStatus) -> None:
    """Write a step that the rules allowed."""
    changed = update(dispatch).where(dispatch.c.id == dispatch_id)
    await session.execute(changed.values(status=step.status.value, status_at=func.now()))
    await _add_entry(session, dispatch_id, step)


async def said_before(session: Session, dispatch_id: int, client_event_id: str) -> bool:
    """Say whether a device has sent this step already."""
    entry = dispatch_entry.c
    asked = select(entry.id).where(entry.dispatch_id == dispatch_id, entry.client_event_id == client_event_id)
    return (await session.execute(asked)).first() is not None


async def _add_entry(session: Session, dispatch_id: int, step: NewStatus) -> None:
    entry = {
        "dispatch_id": dispatch_id,
        "status": step.status.value,
        "at": step.at,
        "received_at": func.clock_timestamp(),
        "who": step.who,
        "means": step.means,
        "reason": step.reason,
        "client_event_id": step.client_event_id,
        "taken": step.taken,
        "late": step.late,
        "lon": None if step.place is None else step.place.lon,
        "lat": None if step.place is None else step.place.lat,
    }
    await session.execute(insert(dispatch_entry).values(entry))


@built_once
def _of_incident(viewer: Viewer) -> Select[Any]:
    return _dispatches(viewer).where(dispatch.c.incident_id == bindparam("incident")).order_by(dispatch.c.id)


@built_once
def _these(viewer: Viewer) -> Select[Any]:
    return _dispatches(viewer).where(dispatch.c.id == _any_of_ids).order_by(dispatch.c.id)


def _dispatches(viewer: Viewer) -> Select[Any]:
    joined = dispatch.join(incident, incident.c.id == dispatch.c.incident_id)
    joined = joined.outerjoin(unit, unit.c.id == dispatch.c.unit_id)
    # The unit's own row may be out of sight by now, in another area: then the store tells its name alone.
    away = func.sent_unit(case((unit.c.id.is_(None), dispatch.c.id)))
    told = away.table_valued(*_UNIT, name="away").render_derived()
    joined = joined.outerjoin(told.lateral("away"), true())
    columns = (
        *(column for column in dispatch.c if column.name not in ("geom", "service")),
        func.ST_AsBinary(dispatch.c.geom).label("route"),
        incident.c.number,
        *(func.coalesce(unit.c[name], literal_column(f"away.{name}")).label(name) for name in _UNIT),
    )
    return select(*columns).select_from(joined).where(seen_by(viewer, dispatch.c.area_id, dispatch.c.incident_id))


async def _read(session: Session, asked: Select[Any], bound: Mapping[str, Any] | None = None) -> list[Dispatch]:
    rows = (await session.execute(asked, bound)).all()
    entries = await _entries(session, [row.id for row in rows])
    return [_dispatch(row, entries[row.id]) for row in rows]


async def _entries(session: Session, ids: Sequence[int]) -> defaultdict[int, list[StatusEntry]]:
    found = defaultdict[int, list[StatusEntry]](list)
    for row in await session.execute(_ENTRIES, {"ids": list(ids)}):
        entry = StatusEntry(
            status=Status(row.status),
            at=row.at,
            received_at=row.received_at,
            who=row.who,
            means=row.means,
            reason=row.reason,
            taken=row.taken,
            late=row.late,
        )
        found[row.dispatch_id].append(entry)
    return found


def _dispatch(row: Row[Any], entries: Sequence[StatusEntry]) -> Dispatch:
    route = shapely.get_coordinates(shapely.from_wkb(bytes(row.route))).tolist()
    return Dispatch(
        id=row.id,
        incident_id=row.incident_id,
        incident_number=row.number,
        unit=SentUnit(id=row.unit_id, call_sign=row.call_sign, service=Service(row.service), kind=row.kind),
        status=Status(row.status),
        dispatched_at=row.dispatched_at,
        dispatched_by=row.dispatched_by,
        status_at=row.status_at,
        eta_at=row.eta_at,
        route_s=row.route_s,
        route_m=row.route_m,
        straight=row.straight,
        route=tuple((lon, lat) for lon, lat in route),
        entries=tuple(entries),
        routed_at=row.routed_at,
        silent_since=row.silent_since,
    )

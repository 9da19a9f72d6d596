"""Every question about dispatches; one is seen by whoever sees its incident, however far its route runs."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, cast

import shapely
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Executable,
    Interval,
    LargeBinary,
    Row,
    Select,
    any_,
    bindparam,
    case,
    exists,
    func,
    insert,
    literal_column,
    or_,
    select,
    true,
    update,
)

from layers.areas.queries import seen_by
from layers.asking import Reading, Told, ask, ask_each
from layers.database import Session
from layers.dispatches.rules import ENDED, Status
from layers.dispatches.schema import Dispatch, NewDispatch, NewStatus, SentUnit, StatusEntry, Target
from layers.dispatches.table import dispatch, dispatch_entry
from layers.incidents.rules import State
from layers.incidents.table import incident
from layers.units.table import unit
from layers.values import Service
from layers.viewer import Viewer, built_once

_UNIT = ("call_sign", "service", "kind")
_ENDED = sorted(status.value for status in ENDED)
_any_of_ids = any_(bindparam("ids", type_=ARRAY(BigInteger)))
_of = bindparam("incident", type_=BigInteger)
_entry = dispatch_entry.c
_ENTRIES = select(dispatch_entry).where(_entry.dispatch_id == _any_of_ids).order_by(_entry.id)
_its_incident = select(dispatch.c.incident_id).where(dispatch.c.id == bindparam("id_")).scalar_subquery()
_HOLD = (
    select(incident.c.id, incident.c.state)
    .where(incident.c.id == _its_incident)
    .with_for_update(key_share=True, of=incident)
)
_ENTRIES_OF_ONE = select(dispatch_entry).where(_entry.dispatch_id == bindparam("id_")).order_by(_entry.id)
_ENTRIES_OF_INCIDENT = (
    select(dispatch_entry)
    .join(dispatch, dispatch.c.id == _entry.dispatch_id)
    .where(dispatch.c.incident_id == _of)
    .order_by(_entry.id)
)
# What ended before an incident was reopened counts no more.
_counts = or_(
    dispatch.c.status.not_in(_ENDED),
    dispatch.c.status_at >= func.coalesce(incident.c.reopened_at, literal_column("'-infinity'::timestamptz")),
)
_STATUSES = (
    select(dispatch.c.status)
    .join(incident, incident.c.id == dispatch.c.incident_id)
    .where(dispatch.c.incident_id == _of, _counts)
)
_STEP = ("dispatch_id", "status", "at", "who", "means", "reason", "client_event_id", "taken", "late", "lon", "lat")
_ADD_ENTRY = (
    insert(dispatch_entry)
    .values({name: bindparam(name) for name in _STEP} | {"received_at": func.clock_timestamp()})
    .inline()
)
_route = bindparam("route", type_=LargeBinary)
_SEND = (
    insert(dispatch)
    .values(
        {name: bindparam(name) for name in ("unit_id", "dispatched_by", "route_s", "route_m", "straight")}
        | {
            "incident_id": _of,
            "area_id": select(incident.c.area_id).where(incident.c.id == _of).scalar_subquery(),
            "status": literal_column(f"'{Status.DISPATCHED.value}'"),
            "eta_at": func.now() + bindparam("arrives_in", type_=Interval),
            "geom": func.ST_SetSRID(func.ST_GeomFromWKB(_route), 4326),
        }
    )
    .returning(dispatch.c.id, dispatch.c.dispatched_at)
)
_ADVANCE = (
    update(dispatch).where(dispatch.c.id == bindparam("id_")).values(status=bindparam("status"), status_at=func.now())
)
_target, _there = dispatch.alias("target"), incident.alias("there")  # where the unit of a diverted one went


async def open_ones(session: Session, viewer: Viewer, *, limit: int = 1000) -> list[Dispatch]:
    """Return the dispatches that have not ended, newest first."""
    asked = _dispatches(viewer).where(dispatch.c.status.not_in(_ENDED))
    return await _ask(session, asked.order_by(dispatch.c.id.desc()).limit(limit))


async def recent(session: Session, viewer: Viewer, *, limit: int = 1000) -> list[Dispatch]:
    """Return the newest dispatches, ended ones included."""
    return await _ask(session, _dispatches(viewer).order_by(dispatch.c.id.desc()).limit(limit))


async def of_incident(session: Session, viewer: Viewer, incident_id: int) -> list[Dispatch]:
    """Return an incident's dispatches in the order they were sent."""
    return await asked_of_incident(viewer, incident_id).of(session)


async def find(session: Session, viewer: Viewer, dispatch_id: int) -> Dispatch | None:
    """Return one dispatch, None where there is none that the viewer sees."""
    found = await asked_one(viewer, dispatch_id).of(session)
    return found[0] if found else None


async def by_ids(session: Session, viewer: Viewer, ids: Collection[int]) -> list[Dispatch]:
    """Return these dispatches in the order they were sent."""
    return await asked_by_ids(viewer, ids).of(session)


def asked_of_incident(viewer: Viewer, incident_id: int) -> Reading[list[Dispatch]]:
    """Return the reading of an incident's dispatches, in the order they were sent."""
    of = {"incident": incident_id}
    return Reading(_read, ((_of_incident(viewer), of), (_ENTRIES_OF_INCIDENT, of)))


def asked_one(viewer: Viewer, dispatch_id: int) -> Reading[list[Dispatch]]:
    """Return the reading of one dispatch, in a list that is empty where there is none that the viewer sees.

    It is asked by its id and not by a list: of a list the store cannot know that it is one, and plans each time anew.
    """
    one = {"id_": dispatch_id}
    return Reading(_read, ((_this(viewer), one), (_ENTRIES_OF_ONE, one)))


def asked_of_held(dispatch_id: int) -> Reading[tuple[int, State] | None]:
    """Return the reading of the incident of a dispatch, its id and state, which is held from then on.

    Only what the visit's scope shows is held. Whoever acts on an incident or its dispatches holds it first.
    """
    return Reading(lambda rows: (rows[0].id, State(rows[0].state)) if rows else None, ((_HOLD, {"id_": dispatch_id}),))


def asked_by_ids(viewer: Viewer, ids: Collection[int]) -> Reading[list[Dispatch]]:
    """Return the reading of these dispatches, in the order they were sent."""
    those = {"ids": list(ids)}
    return Reading(_read, ((_these(viewer), those), (_ENTRIES, those)))


def asked_statuses(incident_id: int) -> Reading[list[Status]]:
    """Return the reading of the status of each of an incident's dispatches, as `statuses` tells them."""
    return Reading(lambda rows: [Status(row.status) for row in rows], ((_STATUSES, {"incident": incident_id}),))


async def statuses(session: Session, incident_id: int) -> list[Status]:
    """Return the status of each of an incident's dispatches; what ended before it was reopened counts no more."""
    return await asked_statuses(incident_id).of(session)


async def send(session: Session, new: NewDispatch) -> int:
    """Write a dispatch and its first step, return its id; raises IntegrityError where the unit is bound already."""
    row = {
        "incident": new.incident_id,
        "unit_id": new.unit_id,
        "dispatched_by": new.dispatched_by,
        "arrives_in": timedelta(seconds=new.route_s),
        "route_s": new.route_s,
        "route_m": new.route_m,
        "straight": new.straight,
        "route": shapely.LineString(new.route).wkb,
    }
    (sent,) = await ask(session, _SEND, row)
    first = NewStatus(status=Status.DISPATCHED, at=sent.dispatched_at, who=new.dispatched_by, means="dispatcher")
    await _add_entry(session, sent.id, first)
    return int(sent.id)


async def record(session: Session, dispatch_id: int, step: NewStatus) -> None:
    """Write a step that came too late or out of order: the record has it, the dispatch stands as it stood."""
    await _add_entry(session, dispatch_id, replace(step, taken=False))


async def advance(session: Session, dispatch_id: int, step: NewStatus) -> None:
    """Write a step that the rules allowed."""
    await ask_each(session, *advancing(dispatch_id, step))


def advancing(dispatch_id: int, step: NewStatus) -> tuple[tuple[Executable, Told], ...]:
    """Return the acts that write a step which the rules allowed."""
    return (
        (_ADVANCE, {"id_": dispatch_id, "status": step.status.value}),
        (_ADD_ENTRY, _entry_row(dispatch_id, step)),
    )


async def link(session: Session, diverted_id: int, to_id: int) -> None:
    """Write to which dispatch the unit of a diverted one went."""
    await session.execute(update(dispatch).where(dispatch.c.id == diverted_id).values(diverted_to=to_id))


async def diverted_from(session: Session, dispatch_id: int) -> str | None:
    """Return the number of the incident that a dispatch took its unit from; None where it was free, or out of sight."""
    joined = dispatch.join(incident, incident.c.id == dispatch.c.incident_id)
    asked = select(incident.c.number).select_from(joined).where(dispatch.c.diverted_to == dispatch_id)
    found: str | None = (await session.execute(asked)).scalar_one_or_none()
    return found


async def bound_at(session: Session, unit_id: int, at: datetime, *, doubt: timedelta) -> int | None:
    """Return the incident that a unit was bound to at a moment; None where to none, or to one out of sight.

    A dispatch is over when its crew says that it was. Where none ran, one that was sent within `doubt` after counts: by
    so much the clock that tells the moment may be slow.
    """
    over = func.counted_at(_entry.at, dispatch.c.dispatched_at, _entry.received_at) < at
    ended = exists().where(_entry.dispatch_id == dispatch.c.id, _entry.taken, _entry.status.in_(_ENDED), over)
    sent = dispatch.c.unit_id == unit_id, dispatch.c.dispatched_at <= at + doubt
    asked = select(dispatch.c.incident_id).where(*sent, ~ended)
    found = await session.execute(asked.order_by(dispatch.c.dispatched_at > at, dispatch.c.id.desc()).limit(1))
    return cast(int | None, found.scalar_one_or_none())


async def said_before(session: Session, dispatch_id: int, client_event_id: str) -> bool:
    """Say whether a device has sent this step already."""
    entry = dispatch_entry.c
    asked = select(entry.id).where(entry.dispatch_id == dispatch_id, entry.client_event_id == client_event_id)
    return (await session.execute(asked)).first() is not None


async def _add_entry(session: Session, dispatch_id: int, step: NewStatus) -> None:
    await ask(session, _ADD_ENTRY, _entry_row(dispatch_id, step))


def _entry_row(dispatch_id: int, step: NewStatus) -> dict[str, Any]:
    return {
        "dispatch_id": dispatch_id,
        "status": step.status.value,
        "at": step.at,
        "who": step.who,
        "means": step.means,
        "reason": step.reason,
        "client_event_id": step.client_event_id,
        "taken": step.taken,
        "late": step.late,
        "lon": None if step.place is None else step.place.lon,
        "lat": None if step.place is None else step.place.lat,
    }


@built_once
def _of_incident(viewer: Viewer) -> Select[Any]:
    return _dispatches(viewer).where(dispatch.c.incident_id == _of).order_by(dispatch.c.id)


@built_once
def _this(viewer: Viewer) -> Select[Any]:
    return _dispatches(viewer).where(dispatch.c.id == bindparam("id_"))


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
    joined = joined.outerjoin(_target, _target.c.id == dispatch.c.diverted_to)
    joined = joined.outerjoin(_there, _there.c.id == _target.c.incident_id)
    columns = (
        *(column for column in dispatch.c if column.name not in ("geom", "service")),
        _there.c.id.label("to_incident_id"),
        _there.c.number.label("to_number"),
        func.ST_AsBinary(dispatch.c.geom).label("route"),
        incident.c.number,
        *(func.coalesce(unit.c[name], literal_column(f"away.{name}")).label(name) for name in _UNIT),
    )
    return select(*columns).select_from(joined).where(seen_by(viewer, dispatch.c.area_id, dispatch.c.incident_id))


async def _ask(session: Session, asked: Select[Any]) -> list[Dispatch]:
    rows = (await session.execute(asked)).all()
    return _read(rows, await ask(session, _ENTRIES, {"ids": [row.id for row in rows]}))


def _read(rows: Sequence[Row[Any]], lines: Sequence[Row[Any]]) -> list[Dispatch]:
    entries = _entries(lines)
    return [_dispatch(row, entries[row.id]) for row in rows]


def _entries(lines: Sequence[Row[Any]]) -> defaultdict[int, list[StatusEntry]]:
    found = defaultdict[int, list[StatusEntry]](list)
    for row in lines:
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
        diverted_to=_target_in(row),
    )


def _target_in(row: Row[Any]) -> Target | None:
    if row.to_number is None:
        return None
    return Target(dispatch_id=row.diverted_to, incident_id=row.to_incident_id, incident_number=row.to_number)

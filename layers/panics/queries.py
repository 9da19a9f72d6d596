"""Every question about panics."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, insert, or_, select, update

from layers.areas.queries import bound_to, seen_by
from layers.database import Session
from layers.dispatches.rules import ENDED
from layers.dispatches.table import dispatch
from layers.incidents.table import incident
from layers.near import point
from layers.panics.rules import Latest
from layers.panics.schema import Heard, InDanger, NewPanic, Panic
from layers.panics.table import panic
from layers.units.table import unit, unit_position
from layers.values import LonLat, Service
from layers.viewer import Viewer

_p = panic.c


async def recent(session: Session, viewer: Viewer, *, is_open: bool | None = None, limit: int = 200) -> list[Panic]:
    """Return panics the viewer sees, newest first."""
    asked = _panics(viewer).order_by(_p.id.desc()).limit(limit)
    if is_open is not None:
        asked = asked.where(_p.ended_at.is_(None) if is_open else _p.ended_at.is_not(None))
    return [_panic(row) for row in await session.execute(asked)]


async def find(session: Session, viewer: Viewer, panic_id: int) -> Panic | None:
    """Return one panic, None where there is none that the viewer sees."""
    row = (await session.execute(_panics(viewer).where(_p.id == panic_id))).one_or_none()
    return None if row is None else _panic(row)


async def hold(session: Session, viewer: Viewer, panic_id: int) -> Panic | None:
    """Return one panic and keep others from acting on it until the transaction ends."""
    await session.execute(select(_p.id).where(_p.id == panic_id).with_for_update())
    return await find(session, viewer, panic_id)


async def latest_of(session: Session, unit_id: int) -> Latest | None:
    """Return a unit's latest panic, held; hold the unit before, so that two presses come one after another."""
    known = (_p.id, _p.raised_at, _p.acknowledged_at, _p.ended_at)
    asked = select(*known).where(_p.unit_id == unit_id).order_by(_p.id.desc()).limit(1)
    row = (await session.execute(asked.with_for_update())).mappings().one_or_none()
    return None if row is None else Latest(**row)


async def write(session: Session, new: NewPanic) -> int:
    """Write a panic and return its id."""
    row = {
        "unit_id": new.unit_id,
        "raised_at": new.raised_at,
        "raised_by": new.raised_by,
        "geom": _where(new.unit_id, new.place),
    }
    return int((await session.execute(insert(panic).values(row).returning(_p.id))).scalar_one())


async def repeat(session: Session, panic_id: int, at: datetime) -> None:
    """Write that it was pressed once more."""
    values = {"repeats": _p.repeats + 1, "repeated_at": func.greatest(_p.repeated_at, at)}
    await session.execute(update(panic).where(_p.id == panic_id).values(values))


async def raise_anew(session: Session, panic_id: int, unit_id: int, at: datetime, place: LonLat | None) -> int:
    """Make one loud again that was heard, where its crew is now; return how often it was heard before."""
    heard = func.jsonb_build_object("at", _p.acknowledged_at, "by", _p.acknowledged_by)
    values = {
        "acknowledged_at": None,
        "acknowledged_by": None,
        "heard_before": _p.heard_before.op("||")(heard),
        "geom": func.coalesce(_where(unit_id, place), _p.geom),
    }
    again = update(panic).where(_p.id == panic_id).values(values).returning(func.jsonb_array_length(_p.heard_before))
    times = int((await session.execute(again)).scalar_one())
    await repeat(session, panic_id, at)
    return times


async def acknowledge(session: Session, panic_id: int, by: str) -> None:
    """Write who has heard it."""
    heard = update(panic).where(_p.id == panic_id, _p.acknowledged_at.is_(None))
    await session.execute(heard.values(acknowledged_at=func.clock_timestamp(), acknowledged_by=by))


async def end(session: Session, panic_id: int, by: str, reason: str) -> None:
    """Write that it is over, and why; whoever ends it has heard it."""
    await acknowledge(session, panic_id, by)
    over = update(panic).where(_p.id == panic_id, _p.ended_at.is_(None))
    await session.execute(over.values(ended_at=func.clock_timestamp(), ended_by=by, reason=reason))


def _where(unit_id: int, place: LonLat | None) -> Any:
    """Return the place that a press tells, else the last position of its unit."""
    if place is not None:
        return point(place)
    last = select(func.ST_SetSRID(func.ST_MakePoint(unit_position.c.lon, unit_position.c.lat), 4326))
    return last.where(unit_position.c.unit_id == unit_id).scalar_subquery()


def _panics(viewer: Viewer) -> Select[Any]:
    bound = (dispatch.c.unit_id == unit.c.id) & dispatch.c.status.not_in(sorted(s.value for s in ENDED))
    joined = panic.outerjoin(unit, unit.c.id == _p.unit_id).outerjoin(dispatch, bound)
    joined = joined.outerjoin(incident, incident.c.id == dispatch.c.incident_id)
    seen = seen_by(viewer, _p.area_id)
    if viewer.unit_id is not None:
        seen = _p.unit_id == viewer.unit_id
    elif viewer.also_incidents:
        seen = or_(seen, _p.unit_id.in_(bound_to(viewer.also_incidents)))
    columns = (
        *(column for column in _p if column.name != "geom"),
        func.ST_X(_p.geom).label("lon"),
        func.ST_Y(_p.geom).label("lat"),
        incident.c.id.label("incident_id"),
        incident.c.number,
    )
    return select(*columns).select_from(joined).where(seen)


def _panic(row: Row[Any]) -> Panic:
    return Panic(
        id=row.id,
        unit=InDanger(id=row.unit_id, call_sign=row.call_sign, service=Service(row.service)),
        place=None if row.lon is None else LonLat(lon=row.lon, lat=row.lat),
        raised_at=row.raised_at,
        received_at=row.received_at,
        raised_by=row.raised_by,
        repeats=row.repeats,
        repeated_at=row.repeated_at,
        acknowledged_at=row.acknowledged_at,
        acknowledged_by=row.acknowledged_by,
        heard_before=tuple(Heard(at=datetime.fromisoformat(one["at"]), by=one["by"]) for one in row.heard_before),
        ended_at=row.ended_at,
        ended_by=row.ended_by,
        reason=row.reason,
        incident=None if row.incident_id is None else (row.incident_id, row.number),
    )

"""Every question about incidents; each is asked for somebody, and answers with what they see."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    BindParameter,
    Boolean,
    ColumnElement,
    DateTime,
    Double,
    Executable,
    Insert,
    Integer,
    Row,
    Select,
    Text,
    and_,
    any_,
    bindparam,
    case,
    cast,
    func,
    insert,
    literal,
    literal_column,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB

from layers.areas.queries import seen_by
from layers.areas.table import area
from layers.asking import Reading, Told, ask, ask_each
from layers.calls.queries import key_of
from layers.calls.table import call
from layers.database import Session
from layers.dispatches.rules import ENDED as DISPATCH_ENDED
from layers.dispatches.table import dispatch
from layers.events.table import event
from layers.incidents.diversion_queries import DETAILS
from layers.incidents.rules import ENDED, State
from layers.incidents.schema import (
    AreaName,
    Caller,
    Disposition,
    Entry,
    Incident,
    NewIncident,
    OpenNearby,
    Past,
    PastIncident,
)
from layers.incidents.table import incident, incident_entry, incident_number
from layers.near import POINT, around, away_from_m, box_around, cells_around, in_box, in_reach, sphere_m
from layers.values import KAZAKHSTAN, LonLat, Service, Title
from layers.viewer import Viewer, built_once

_ENDED = sorted(state.value for state in ENDED)
# By words and not by parameters: the partial index of what is open near a place serves no other question.
_STANDS = incident.c.state.not_in([literal_column(f"'{word}'") for word in _ENDED])
_PAST_OPEN = (("since", DateTime(timezone=True)), ("but", BigInteger), ("most", Integer))
_SPOT = ("lon", "lat", "radius_m", "west", "south", "east", "north")
_NAMES = ("name_kk", "name_ru", "name_en")


def _adding(told: ColumnElement[Any]) -> Insert:
    """Return the statement that writes a line of the timeline: the same each time, and it is written often."""
    said: dict[str, ColumnElement[Any]] = {name: bindparam(name) for name in ("kind", "who", "device_at")}
    line = {"incident_id": bindparam("of"), "details": told, "at": func.clock_timestamp(), **said}
    return insert(incident_entry).values(line).inline()


def _by_whom() -> ColumnElement[Any]:
    names = (text for name in ("kk", "ru", "en") for text in (name, area.c[f"name_{name}"]))
    own = func.jsonb_build_object("id", area.c.id, *names)
    role = bindparam("role", type_=Text)
    by = func.jsonb_build_object("by", func.jsonb_build_object("role", role, "area", own))
    return select(by).where(area.c.id == bindparam("own", type_=BigInteger)).scalar_subquery()


_NEXT_NUMBER = select(func.nextval(incident_number.name).label("running"))
_TOLD_AT_OPENING = (
    "number", "category", "priority", "state", "opened_by", "description", "address", "caller_name", "caller_phone",
    "urgency", "plan_version_id", "priority_said",
)  # fmt: skip
_OPEN = (
    insert(incident)
    .values({name: bindparam(name) for name in _TOLD_AT_OPENING})
    .values(opened_at=func.now(), geom=POINT)
    .returning(incident.c.id)
)
_told, _how = bindparam("told", type_=JSONB), bindparam("how", type_=JSONB(none_as_null=True))
_SET_STATE = (
    update(incident)
    .where(incident.c.id == bindparam("id_"))
    .values(
        state=bindparam("state"),
        closed_at=case((bindparam("ends", type_=Boolean), func.now()), else_=incident.c.closed_at),
        disposition=func.coalesce(_how, incident.c.disposition),
    )
)
_ADD, _ADD_OF_VIEWER = _adding(_told), _adding(_told.op("||")(_by_whom()))
_any_of_ids = any_(bindparam("ids", type_=ARRAY(BigInteger)))
_holder, _called = area.alias("held_by"), area.alias("escalated_to")
_lon, _lat = func.ST_X(incident.c.geom).label("lon"), func.ST_Y(incident.c.geom).label("lat")


async def recent(
    session: Session, viewer: Viewer, *, is_open: bool | None = None, limit: int = 100, after: int | None = None
) -> list[Incident]:
    """Return incidents, newest first; `after` is the id of the last one already had."""
    asked = _incidents(viewer).order_by(incident.c.id.desc()).limit(limit)
    if is_open is not None:
        asked = asked.where(incident.c.state.not_in(_ENDED) if is_open else incident.c.state.in_(_ENDED))
    if after is not None:
        asked = asked.where(incident.c.id < after)
    return [_incident(row) for row in await session.execute(asked)]


async def find(session: Session, viewer: Viewer, incident_id: int) -> Incident | None:
    """Return one incident, None where there is none that the viewer sees."""
    return await asked_one(viewer, incident_id).of(session)


def asked_one(viewer: Viewer, incident_id: int) -> Reading[Incident | None]:
    """Return the reading of one incident, None where there is none that the viewer sees."""
    return Reading(_one, ((_this(viewer), {"id_": incident_id}),))


async def hold(session: Session, viewer: Viewer, incident_id: int) -> Incident | None:
    """Return one incident and keep others from acting on it until the transaction ends.

    What only names it, a clock or a line of its timeline, need not wait: the key of an incident never changes.
    """
    one = {"id_": incident_id}
    _, rows = await ask_each(session, (_held_one(viewer), one), (_this(viewer), one))
    return _one(rows)


async def hold_all(session: Session, viewer: Viewer, incident_ids: Collection[int]) -> dict[int, Incident]:
    """Hold several incidents, always in the order of their ids, and return those that the viewer sees, by id."""
    asked = {"ids": list(incident_ids)}
    _, rows = await ask_each(session, (_held(viewer), asked), (_these(viewer), asked))
    return {row.id: _incident(row) for row in rows}


async def open_new(session: Session, new: NewIncident, by: Viewer | None = None, state: State = State.PENDING) -> int:
    """Open an incident with the next number, write the first line of its timeline, return its id.

    Its `state` is `intake` while a call is still being taken.
    """
    running = int((await ask(session, _NEXT_NUMBER))[0].running)
    # the year on the wall
    number = f"{datetime.now(KAZAKHSTAN).year % 100:02d}-{running:06d}"
    row = {
        "number": number,
        "category": new.category,
        "priority": new.priority,
        "state": state.value,
        "opened_by": new.opened_by,
        "description": new.description,
        "address": new.address,
        "caller_name": new.caller.name if new.caller else None,
        "caller_phone": new.caller.phone if new.caller else None,
        "urgency": new.urgency,
        "plan_version_id": new.plan_version_id,
        "priority_said": new.priority_said,
        "lon": new.place.lon,
        "lat": new.place.lat,
    }
    incident_id = int((await ask(session, _OPEN, row))[0].id)
    await add_entry(session, incident_id, "opened", by or new.opened_by, {"number": number, "category": new.category})
    return incident_id


async def add_entry(
    session: Session,
    incident_id: int,
    kind: str,
    who: Viewer | str,
    details: Mapping[str, Any],
    *,
    device_at: datetime | None = None,
) -> None:
    """Write a line of the timeline; nothing ever changes or removes one.

    Of a viewer the role and the area are told too, so that each level reads who of another one did it. `device_at` is
    when by the clock of whoever says it, where that is another than ours.
    """
    await ask(session, *adding(incident_id, kind, who, details, device_at=device_at))


def adding(
    incident_id: int, kind: str, who: Viewer | str, details: Mapping[str, Any], *, device_at: datetime | None = None
) -> tuple[Executable, Told]:
    """Return the act that writes a line of the timeline, as `add_entry` does it."""
    line = {"of": incident_id, "kind": kind, "told": dict(details), "device_at": device_at}
    if isinstance(who, Viewer):
        return _ADD_OF_VIEWER, line | {"who": who.name, "role": who.role.value, "own": who.own_area_id}
    return _ADD, line | {"who": who}


async def set_holder(session: Session, incident_id: int, area_id: int | None) -> None:
    """Write which level above commands an incident; None gives it back to its own area."""
    await session.execute(update(incident).where(incident.c.id == incident_id).values(held_by_area_id=area_id))


async def set_escalated(session: Session, incident_id: int, area_id: int) -> None:
    """Write which level above was called to an incident."""
    await session.execute(update(incident).where(incident.c.id == incident_id).values(escalated_to_area_id=area_id))


async def of_caller(session: Session, viewer: Viewer, phone: str, *, limit: int = 100) -> list[Incident]:
    """Return the incidents that a phone reported or called about, newest first; digits alone count, the last ten."""
    key = key_of(phone)
    own = select(incident.c.id).where(incident.c.caller_key == key)
    rung = select(call.c.incident_id).where(call.c.caller_key == key, call.c.incident_id.is_not(None))
    asked = _incidents(viewer).where(incident.c.id.in_(own.union(rung)))
    return [_incident(row) for row in await session.execute(asked.order_by(incident.c.id.desc()).limit(limit))]


async def timeline(session: Session, incident_id: int) -> list[Entry]:
    """Return the lines of an incident that was found for the viewer and of those merged into it, oldest first."""
    return await asked_timeline(incident_id).of(session)


def asked_timeline(incident_id: int) -> Reading[list[Entry]]:
    """Return the reading of an incident's timeline, as `timeline` tells it."""
    return Reading(lambda rows: [Entry(**row._mapping) for row in rows], ((_timeline(), {"of": incident_id}),))


def family(incident_id: int | BindParameter[int]) -> Select[Any]:
    """Return the question for an incident and all that were merged into it, into those, and so on."""
    of = incident_id if isinstance(incident_id, BindParameter) else literal(incident_id, BigInteger)
    own = select(of.label("id")).cte("family", recursive=True)
    merged = select(incident.c.id).where(incident.c.merged_into_id == own.c.id)
    return select(own.union(merged).c.id)


async def set_state(session: Session, incident_id: int, state: State, disposition: Sequence[Disposition] = ()) -> None:
    """Write an incident's state; an end gets its time, and how it ended for each agency."""
    told = {"id_": incident_id, "state": state.value, "ends": state in ENDED}
    await ask(session, _SET_STATE, told | {"how": [asdict(one) for one in disposition] or None})


async def open_near(session: Session, viewer: Viewer, spots: Sequence[tuple[LonLat, float]]) -> list[OpenNearby]:
    """Return the open incidents within each spot's radius in metres, in one question for all spots."""
    if not spots:
        return []
    boxes = [box_around(place, radius_m) for place, radius_m in spots]
    columns = {
        "lon": [place.lon for place, _ in spots],
        "lat": [place.lat for place, _ in spots],
        "radius_m": [radius_m for _, radius_m in spots],
        **{side: [getattr(box, side) for box in boxes] for side in _SPOT[3:]},
    }
    return [_open_nearby(row) for row in await ask(session, _near_spots(viewer), columns)]


async def past(
    session: Session, viewer: Viewer, place: LonLat, *, radius_m: float, days: float, but: int, limit: int = 100
) -> Past:
    """Return what happened within `radius_m` metres and `days` days, the incident `but` left out."""
    cells = cells_around(place, radius_m)
    values = {**around(place, radius_m), "since": datetime.now(UTC) - timedelta(days=days), "but": but, "most": limit}
    asked = _asked_past(viewer, few=cells is not None)
    rows = (await session.execute(asked, values if cells is None else {**values, "cells": cells})).all()
    by_category: dict[str, int] = json.loads(rows[0].counts) if rows else {}
    return Past(total=sum(by_category.values()), by_category=by_category, nearest=tuple(map(_past, rows)))


@built_once
def _asked_past(viewer: Viewer, *, few: bool) -> Select[Any]:
    """Build the question.

    With `few` cells it is by them: their index holds all that is compared here, and the rows need not be read.
    """
    since, but, most = (bindparam(name, type_=form) for name, form in _PAST_OPEN)
    cells = incident.c.cell == any_(bindparam("cells", type_=ARRAY(BigInteger)))
    boxed = (
        select(
            incident.c.id, incident.c.category, away_from_m(incident.c.at_lon, incident.c.at_lat).label("distance_m")
        )
        .where(cells if few else in_box(incident.c.geom), incident.c.opened_at >= since, incident.c.id != but)
        .where(seen_by(viewer, incident.c.area_id, incident.c.id))
        .cte("boxed")
        .prefix_with("MATERIALIZED")  # each distance is computed once, then compared, counted and sorted
    )
    near = select(boxed).where(in_reach(boxed.c.distance_m)).cte("near").prefix_with("MATERIALIZED")
    counted = select(near.c.category, func.count().label("n")).group_by(near.c.category).subquery("counted")
    # As text: the driver would read the same JSON again in each row.
    counts = select(cast(func.json_object_agg(counted.c.category, counted.c.n), Text)).scalar_subquery()
    nearest = select(near).order_by(near.c.distance_m, near.c.id).limit(most).subquery("nearest")
    names = ("id", "number", "category", "priority", "state", "opened_at", "closed_at", "address")
    return (
        select(*(incident.c[name] for name in names), _lon, _lat, nearest.c.distance_m, counts.label("counts"))
        .select_from(nearest.join(incident, incident.c.id == nearest.c.id))
        .order_by(nearest.c.distance_m, nearest.c.id)
    )


@built_once
def _near_spots(viewer: Viewer) -> Select[Any]:
    sent = [bindparam(name, type_=ARRAY(Double)) for name in _SPOT]
    spot = func.unnest(*sent).table_valued(*_SPOT, with_ordinality="spot", name="spot").render_derived()
    away = sphere_m(func.ST_X(incident.c.geom), func.ST_Y(incident.c.geom), spot.c.lon, spot.c.lat)
    box = func.ST_MakeEnvelope(spot.c.west, spot.c.south, spot.c.east, spot.c.north, 4326)
    latest = select(func.max(event.c.at)).where(event.c.incident_id == incident.c.id).scalar_subquery()
    rang = select(func.max(call.c.rang_at)).where(call.c.incident_id == incident.c.id).scalar_subquery()
    near = and_(incident.c.geom.op("&&")(box), away <= spot.c.radius_m)
    seen = and_(_STANDS, seen_by(viewer, incident.c.area_id, incident.c.id))
    return (
        select(
            (spot.c.spot - 1).label("spot"),
            *(incident.c[name] for name in ("id", "number", "category", "priority", "state", "opened_at", "address")),
            _lon,
            _lat,
            away.label("distance_m"),
            func.greatest(incident.c.opened_at, latest, rang).label("last_at"),
        )
        .select_from(spot.join(incident, near))
        .where(seen)
    )


@cache
def _timeline() -> Select[Any]:
    line = incident_entry.alias("e").c
    details: ColumnElement[Any] = literal_column(DETAILS, JSONB).label("details")
    columns = (line.id, line.incident_id, line.at, line.kind, line.who, details)
    return select(*columns).where(line.incident_id.in_(family(bindparam("of", type_=BigInteger)))).order_by(line.id)


@built_once
def _this(viewer: Viewer) -> Select[Any]:
    return _incidents(viewer).where(incident.c.id == bindparam("id_"))


@built_once
def _held_one(viewer: Viewer) -> Select[Any]:
    mine = select(incident.c.id).where(incident.c.id == bindparam("id_"))
    return mine.where(seen_by(viewer, incident.c.area_id, incident.c.id)).with_for_update(key_share=True)


@built_once
def _these(viewer: Viewer) -> Select[Any]:
    return _incidents(viewer).where(incident.c.id == _any_of_ids)


@built_once
def _held(viewer: Viewer) -> Select[Any]:
    mine = select(incident.c.id).where(incident.c.id == _any_of_ids, seen_by(viewer, incident.c.area_id, incident.c.id))
    return mine.order_by(incident.c.id).with_for_update(key_share=True)


def _incidents(viewer: Viewer) -> Select[Any]:
    is_open = dispatch.c.status.not_in([status.value for status in DISPATCH_ENDED])
    told = (
        func.count().label("units"),
        func.count(dispatch.c.silent_since).label("silent"),
        func.min(dispatch.c.dispatched_at).filter(dispatch.c.status == "dispatched").label("unanswered_since"),
    )
    bound = select(*told).where(dispatch.c.incident_id == incident.c.id, is_open).lateral("bound")
    columns = (*(column for column in incident.c if column.name != "geom"), _lon, _lat, *bound.c)
    names = (area.c[name] for name in _NAMES)
    above = (of.c[name].label(f"{of.name}_{name}") for of in (_holder, _called) for name in _NAMES)
    joined = incident.join(area, area.c.id == incident.c.area_id)
    joined = joined.outerjoin(_holder, _holder.c.id == incident.c.held_by_area_id)
    joined = joined.outerjoin(_called, _called.c.id == incident.c.escalated_to_area_id).join(bound, true())
    return (
        select(*columns, *names, *above).select_from(joined).where(seen_by(viewer, incident.c.area_id, incident.c.id))
    )


def _one(rows: Sequence[Row[Any]]) -> Incident | None:
    return _incident(rows[0]) if rows else None


def _incident(row: Row[Any]) -> Incident:
    caller = Caller(name=row.caller_name, phone=row.caller_phone)
    return Incident(
        id=row.id,
        number=row.number,
        category=row.category,
        priority=row.priority,
        state=State(row.state),
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        opened_by=row.opened_by,
        description=row.description,
        address=row.address,
        caller=caller if caller.name or caller.phone else None,
        place=LonLat(lon=row.lon, lat=row.lat),
        area=AreaName(id=row.area_id, name=Title(kk=row.name_kk, ru=row.name_ru, en=row.name_en)),
        held_by=_above(row, "held_by"),
        escalated_to=_above(row, "escalated_to"),
        units=row.units,
        silent=row.silent,
        unanswered_since=row.unanswered_since,
        plan_version_id=row.plan_version_id,
        alarm=row.alarm,
        urgency=row.urgency,
        merged_into_id=row.merged_into_id,
        priority_said=row.priority_said,
        reopened_at=row.reopened_at,
        disposition=tuple(
            Disposition(service=Service(one["service"]), code=one["code"], note=one.get("note"))
            for one in row.disposition
        ),
    )


def _above(row: Any, what: str) -> AreaName | None:
    area_id = getattr(row, f"{what}_area_id")
    if area_id is None:
        return None
    kk, ru, en = (getattr(row, f"{what}_{name}") for name in _NAMES)
    return AreaName(id=area_id, name=Title(kk=kk, ru=ru, en=en))


def _open_nearby(row: Any) -> OpenNearby:
    return OpenNearby(
        spot=int(row.spot),
        id=row.id,
        number=row.number,
        category=row.category,
        priority=row.priority,
        state=State(row.state),
        opened_at=row.opened_at,
        address=row.address,
        place=LonLat(lon=row.lon, lat=row.lat),
        distance_m=row.distance_m,
        last_at=row.last_at,
    )


def _past(row: Any) -> PastIncident:
    id_, number, category, priority, state, opened_at, closed_at, address, lon, lat, distance_m, _ = row
    return PastIncident(
        id=id_,
        number=number,
        category=category,
        priority=priority,
        state=State(state),
        opened_at=opened_at,
        closed_at=closed_at,
        address=address,
        place=LonLat(lon=lon, lat=lat),
        distance_m=distance_m,
    )

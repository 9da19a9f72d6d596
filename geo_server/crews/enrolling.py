"""Which units there are: whoever administers an area brings units at home there into use and takes them out of it."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import psycopg
from sqlalchemy.exc import IntegrityError

from geo_server.errors import Refusal
from geo_server.operations.catalogue import catalogue
from layers.areas import queries as areas
from layers.areas.scope import enter, enter_whole
from layers.changes import ring
from layers.database import Session
from layers.units import enrolment_queries as enrolment
from layers.units import queries as units
from layers.units.schema import Enrolled, NewUnit
from layers.values import Service
from layers.viewer import Viewer

_TAKEN = {"unit_call_sign_key": "call_sign_taken", "unit_device_key": "device_taken"}


async def found(session: Session, viewer: Viewer, unit_id: int) -> Enrolled:
    """Return a unit at home in the area entered or below it; raises Refusal `no_such_unit`."""
    async with _wherever_it_is(session, viewer):
        unit = await enrolment.find(session, viewer.area_id, unit_id)
    if unit is None:
        raise Refusal("no_such_unit", ids=[unit_id])
    return unit


async def enrol(session: Session, viewer: Viewer, new: NewUnit) -> int:
    """Bring a unit into use and return its id; ring.

    Raises Refusal: outside_your_area, area_closed, no_such_station, bad_value, call_sign_taken, device_taken.
    """
    await check_home(session, viewer.area_id, new.home_area_id)
    await check(session, new.service, new.kind, new.station_id)
    async with _untaken(session, new.call_sign, new.device):
        made = await enrolment.add(session, new)
    await ring(session, {"units": [made]})
    return made


async def change(session: Session, viewer: Viewer, unit_id: int, given: Mapping[str, Any]) -> Enrolled:
    """Change what a unit is called, carries or belongs to; ring. Return it as it was before.

    Raises Refusal as `enrol`, and no_such_unit, unit_retired, unit_bound.
    """
    before = await _held(session, viewer, unit_id)
    if before.bound and given.get("service", before.service) is not before.service:
        raise Refusal("unit_bound", call_sign=before.call_sign)
    if "home_area_id" in given:
        await check_home(session, viewer.area_id, given["home_area_id"])
    await check(session, given.get("service", before.service), given.get("kind", before.kind), given.get("station_id"))
    async with (
        _wherever_it_is(session, viewer),
        _untaken(session, given.get("call_sign", ""), given.get("device", "")),
    ):
        await enrolment.change(session, unit_id, given)
    await ring(session, {"units": [unit_id]})
    return before


async def retire(session: Session, viewer: Viewer, unit_id: int) -> Enrolled:
    """Take a unit out of use; ring. Return it as it was. Raises Refusal: no_such_unit, unit_retired, unit_bound."""
    await found(session, viewer, unit_id)
    async with _wherever_it_is(session, viewer):
        await enrolment.take_off_map(session, unit_id)
    before = await _held(session, viewer, unit_id)
    if before.bound:
        raise Refusal("unit_bound", call_sign=before.call_sign)
    async with _wherever_it_is(session, viewer):
        await enrolment.retire(session, unit_id)
    await ring(session, {"units": [unit_id]})
    return before


async def check_home(session: Session, root_id: int, area_id: int) -> None:
    """Refuse a home that is not at or below an area, or has closed; raises Refusal outside_your_area, area_closed."""
    home = await areas.find(session, area_id)
    if home is None or not await areas.stands_below(session, area_id, root_id):
        raise Refusal("outside_your_area")
    if home.closed_at is not None:
        raise Refusal("area_closed")


async def check(session: Session, service: Service, kind: str, station_id: int | None) -> None:
    """Refuse a kind that is another service's, and a station that is none; raises Refusal bad_value, no_such_station.

    A kind that the catalogue does not know may be anybody's.
    """
    known = catalogue().unit_kinds.get(kind)
    if known is not None and known.service is not service:
        raise Refusal("bad_value", field="kind")
    if station_id is not None and not await enrolment.is_station(session, station_id):
        raise Refusal("no_such_station", id=station_id)


async def _held(session: Session, viewer: Viewer, unit_id: int) -> Enrolled:
    """Return a unit in use and keep others from sending it; raises Refusal `no_such_unit`, `unit_retired`."""
    await found(session, viewer, unit_id)
    async with _wherever_it_is(session, viewer):
        await units.lock(session, [unit_id])
    unit = await found(session, viewer, unit_id)
    if unit.retired_at is not None:
        raise Refusal("unit_retired", call_sign=unit.call_sign)
    return unit


@asynccontextmanager
async def _wherever_it_is(session: Session, viewer: Viewer) -> AsyncIterator[None]:
    """See every row meanwhile: a unit may drive out of sight, what counts is where it is at home."""
    await enter_whole(session)
    yield
    await enter(session, viewer)


@asynccontextmanager
async def _untaken(session: Session, call_sign: str, device: str) -> AsyncIterator[None]:
    try:
        async with session.begin_nested():
            yield
    except IntegrityError as error:
        constraint = error.orig.diag.constraint_name if isinstance(error.orig, psycopg.Error) else None
        if constraint not in _TAKEN:
            raise
        raise Refusal(_TAKEN[constraint], call_sign=call_sign, device=device) from None

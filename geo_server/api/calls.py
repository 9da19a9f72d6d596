"""Calls to 112: the queue of them, one with what it may be about, and what a dispatcher does with it."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, status

from geo_server.access.masking import masked_details, masked_name, masked_phone
from geo_server.access.visiting import Visiting, permitted
from geo_server.api import models
from geo_server.api.answers import incident_answer
from geo_server.api.events import After, Limit
from geo_server.api.models import Id
from geo_server.api.models.calls import (
    Call,
    CallCaller,
    CallCard,
    CallEntry,
    Calls,
    EditCall,
    EndCall,
    HandCall,
    JoinCall,
    NewCall,
    OpenFromCall,
)
from geo_server.api.models.lifecycle import Likeness
from geo_server.errors import Refusal
from geo_server.operations import duplicates, intake
from geo_server.operations.intake import ToOpen, Written
from layers.calls import queries as calls
from layers.calls.places import Located, PlacedBy
from layers.calls.queries import Which
from layers.calls.rules import State
from layers.calls.schema import Call as Found
from layers.database import Session
from layers.incidents import queries as incidents
from layers.values import LonLat
from layers.viewer import Viewer

router = APIRouter(prefix="/calls", tags=["calls"])
_PERSONAL = ("phone", "caller_name")


@router.get("")
async def recent(
    visiting: Annotated[Visiting, permitted("calls.list")],
    state: Annotated[
        Which | None,
        Query(
            description="Only these; open: on the line, or nobody said yet what became of it; "
            "waiting: on the line, and nobody here has taken it."
        ),
    ] = None,
    limit: Limit = 100,
    after: After = None,
) -> Calls:
    """Return calls, newest first; those that wait oldest first, because whoever waits longest comes first."""
    viewer, total = visiting.viewer, None
    async with visiting.visit("calls") as session:
        found = await calls.recent(session, viewer, state=state, limit=limit, after=after)
        if state is not None and not isinstance(state, State):
            total = await calls.count_open(session, viewer, state)
    last = found[-1].id if len(found) == limit else None
    return Calls(calls=[call_answer(one) for one in found], next=last, total=total)


@router.post("", status_code=status.HTTP_201_CREATED)
async def take(new: NewCall, visiting: Annotated[Visiting, permitted("calls.take")]) -> CallCard:
    """Write down a call that came in beside the exchange."""
    visiting.say(personal=_personal(new))
    async with visiting.visit("calls") as session:
        call = await intake.take_by_hand(session, visiting.viewer, _written(new))
        visiting.say(about=("calls", call.id))
        return await _card(session, visiting.viewer, call)


@router.get("/{id}")
async def one(id: Id, visiting: Annotated[Visiting, permitted("calls.read")]) -> CallCard:
    """Return a call with the open incidents that it may be about, and its record."""
    async with visiting.visit("calls", id) as session:
        return await _card(session, visiting.viewer, await _found(session, visiting.viewer, id))


@router.post("/{id}/answer")
async def answer(id: Id, visiting: Annotated[Visiting, permitted("calls.answer")]) -> CallCard:
    """Take a call that rings; another who comes second is told who has it. Taken again, the answer is the same."""
    async with visiting.visit("calls", id) as session:
        return await _card(session, visiting.viewer, await intake.answer(session, visiting.viewer, id))


@router.patch("/{id}")
async def edit(id: Id, written: EditCall, visiting: Annotated[Visiting, permitted("calls.edit")]) -> CallCard:
    """Write down what was said, asked and found out, and where the caller is."""
    visiting.say(details={"changed": sorted(written.model_fields_set)}, personal=_personal(written))
    async with visiting.visit("calls", id) as session:
        call = await intake.write_down(session, visiting.viewer, id, _written(written))
        return await _card(session, visiting.viewer, call)


@router.post("/{id}/incident", status_code=status.HTTP_201_CREATED)
async def open_incident(
    id: Id, asked: OpenFromCall, visiting: Annotated[Visiting, permitted("calls.open")]
) -> models.Incident:
    """Open an incident from a call."""
    viewer = visiting.viewer
    wanted = ToOpen(**asked.model_dump(exclude={"place"}), place=_lon_lat(asked.place))
    async with visiting.visit("calls", id) as session:
        _, incident_id = await intake.open_incident(session, viewer, id, wanted)
        visiting.say(details={"incident_id": incident_id})
        return await _incident(session, viewer, incident_id)


@router.post("/{id}/join")
async def join(id: Id, asked: JoinCall, visiting: Annotated[Visiting, permitted("calls.join")]) -> CallCard:
    """Say that a call is about an incident that is open already. Joined again, the answer is the same."""
    visiting.say(details={"incident_id": asked.incident_id})
    async with visiting.visit("calls", id) as session:
        return await _card(session, visiting.viewer, await intake.join(session, visiting.viewer, id, asked.incident_id))


@router.post("/{id}/hand")
async def hand(id: Id, asked: HandCall, visiting: Annotated[Visiting, permitted("calls.hand")]) -> CallCard:
    """Give a call to another area: it is in their queue at once; who gave it reads it while it is open.

    Somebody there takes it anew. Handed to the same area again, the answer is the same.
    """
    visiting.say(details={"area_id": asked.area_id, "reason": asked.reason})
    async with visiting.visit("calls", id) as session:
        call = await intake.hand(session, visiting.viewer, id, asked.area_id, asked.reason)
        return await _card(session, visiting.viewer, call)


@router.post("/{id}/end")
async def end(id: Id, asked: EndCall, visiting: Annotated[Visiting, permitted("calls.end")]) -> CallCard:
    """Say what became of a call; the archive keeps the reason (Almaty 213, art. 23)."""
    visiting.say(details={"outcome": asked.outcome.value} | ({"reason": asked.reason} if asked.reason else {}))
    async with visiting.visit("calls", id) as session:
        call = await intake.end(session, visiting.viewer, id, asked.outcome, asked.reason)
        return await _card(session, visiting.viewer, call)


@router.post("/{id}/caller")
async def caller(id: Id, visiting: Annotated[Visiting, permitted("calls.caller")]) -> CallCaller:
    """Return who rings, unmasked; it asks for a purpose and is told in the audit (Almaty 213, art. 7)."""
    async with visiting.visit("calls", id) as session:
        call = await _found(session, visiting.viewer, id)
        later = [entry.details for entry in await calls.entries(session, id) if entry.kind == "told_later"]
        names, phones = ([told[key] for told in later if key in told] for key in ("caller_name", "phone"))
        return CallCaller(name=call.caller_name, phone=call.phone, later_names=names, later_phones=phones)


def call_answer(call: Found) -> Call:
    """Return a call with its caller masked."""
    told = Call.model_validate(call)
    return told.model_copy(update={"phone": masked_phone(call.phone), "caller_name": masked_name(call.caller_name)})


async def _card(session: Session, viewer: Viewer, call: Found) -> CallCard:
    likely = await _likenesses(session, viewer, call)
    entries = await calls.entries(session, call.id)
    return CallCard(
        **dict(call_answer(call)),
        likenesses=likely,
        entries=[CallEntry.model_validate(replace(entry, details=masked_details(entry.details))) for entry in entries],
    )


async def _likenesses(session: Session, viewer: Viewer, call: Found) -> list[Likeness]:
    if call.place is None or call.incident_id is not None:
        return []
    found = await duplicates.of_place(
        session, viewer, call.place, radius_m=call.radius_m or 0.0, category=call.category, at=call.rang_at
    )
    return [Likeness.model_validate(one) for one in found]


async def _incident(session: Session, viewer: Viewer, incident_id: int) -> models.Incident:
    incident = await incidents.find(session, viewer, incident_id)
    assert incident is not None  # it was opened within the viewer's reach
    return await incident_answer(session, viewer, incident)


async def _found(session: Session, viewer: Viewer, call_id: int) -> Found:
    call = await calls.find(session, viewer, call_id)
    if call is None:
        raise Refusal("no_such_call", id=call_id)
    return call


def _written(asked: EditCall) -> Written:
    told = asked.model_fields_set
    values = {name: getattr(asked, name) for name in told - {"place", "placed_by", "radius_m"}}
    located = None
    if asked.place is not None:
        located = Located(
            place=LonLat(lon=asked.place.lon, lat=asked.place.lat),
            by=PlacedBy(asked.placed_by),
            at=datetime.now(UTC),
            radius_m=asked.radius_m,
        )
    return Written(values=values, located=located, unplaced=asked.place is None and "place" in told)


def _lon_lat(place: models.AskedPlace | None) -> LonLat | None:
    return None if place is None else LonLat(lon=place.lon, lat=place.lat)


def _personal(asked: EditCall) -> dict[str, str]:
    told: dict[str, Any] = {name: getattr(asked, name) for name in _PERSONAL}
    return {name: value for name, value in told.items() if value}

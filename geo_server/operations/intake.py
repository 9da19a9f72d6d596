"""What a dispatcher does with a call: take it, write it down, open an incident from it or join one, end it.

The caller's visit is the transaction. A call is held before an incident, so that nobody waits for another in a ring.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from geo_server.access.masking import is_masked
from geo_server.errors import Refusal
from geo_server.operations import concerning, lifecycle
from geo_server.operations.content import Urgency
from geo_server.operations.planning_ahead import opening
from geo_server.plans import versions
from layers.areas import queries as areas
from layers.asking import together
from layers.calls import queries as calls
from layers.calls import rules
from layers.calls.places import Located, PlacedBy
from layers.calls.queries import place_columns, standing_columns
from layers.calls.rules import Outcome, Refused, Standing, State
from layers.calls.schema import Call
from layers.changes import ring
from layers.database import Session
from layers.incidents import queries as incidents
from layers.incidents.rules import State as IncidentState
from layers.incidents.rules import is_open
from layers.incidents.schema import Caller, NewIncident
from layers.values import LonLat
from layers.viewer import Viewer

# Kept with its words in the call's record; of the others only that they were changed: they are long, or personal.
_TOLD_WHOLE = ("category", "address", "common_name", "answers")
_OF_CALLER = ("phone", "caller_name")


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a dispatcher writes down: columns by name (`answers` are added to those there), and a place.

    `unplaced` takes the place away.
    """

    values: Mapping[str, Any]
    located: Located | None = None
    unplaced: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ToOpen:
    """What opens an incident from a call; what is None is the call's own."""

    category: str | None = None
    priority: int | None = None
    urgency: Urgency | None = None
    description: str | None = None
    address: str | None = None
    place: LonLat | None = None


async def take_by_hand(session: Session, viewer: Viewer, written: Written) -> Call:
    """Write a call that came in beside the exchange; ring. Raises Refusal: no_such_category, caller_masked."""
    await _check(session, written.values)
    begun = {"home_area_id": viewer.area_id, "state": State.ANSWERED.value, "answered_by": viewer.name}
    times = {"rang_at": calls.NOW, "answered_at": calls.NOW}
    answers = {"answers": _answers({}, written.values)} if "answers" in written.values else {}
    values = {name: text or "" if name in ("said", "line") else text for name, text in written.values.items()}
    call_id = await calls.add(session, {**values, **answers, **begun, **times}, written.located)
    await calls.add_entry(session, call_id, "answered", viewer.name, {"by_hand": True})
    await _tell_written(session, viewer, call_id, written)
    return await _done(session, viewer, call_id)


async def answer(session: Session, viewer: Viewer, call_id: int) -> Call:
    """Take a call that rings; its home becomes the viewer's area where that lies below. Said again it is the same.

    Raises Refusal: no_such_call, call_answered, call_ended.
    """
    call = await _held(session, viewer, call_id)
    after = _allowed(call, rules.answer(call.standing, viewer.name))
    if after == call.standing:
        return call
    home = await calls.narrower_home(session, viewer, call.home_area_id)
    values = standing_columns(call.standing, after, calls.NOW)
    return await _changed(session, viewer, call_id, values | {"home_area_id": home}, "answered", {})


async def write_down(session: Session, viewer: Viewer, call_id: int, written: Written) -> Call:
    """Write what was said and found out; ring.

    Raises Refusal: no_such_call, no_such_category, caller_masked, outside_your_area.
    """
    call = await _held(session, viewer, call_id)
    await _check(session, written.values)
    values = {name: text or "" if name == "said" else text for name, text in written.values.items()}
    if "answers" in values:
        values["answers"] = _answers(call.answers, values)
    if written.located is not None:
        await _check_reach(session, viewer, call, written.located.place)
        values |= place_columns(written.located)
    elif written.unplaced:
        values |= {"geom": None, "placed_by": PlacedBy.NONE.value, "placed_at": None}
        values |= {"radius_m": None, "confidence_pct": None}
        # Without a place it is its home's: that of who writes, lest it leave their sight.
        values |= {"home_area_id": await calls.narrower_home(session, viewer, call.home_area_id)}
    await calls.change(session, call_id, values)
    await _tell_written(session, viewer, call_id, written, said_before=call.said)
    if call.incident_id is not None:
        await ring(session, {"incidents": [call.incident_id]})  # its card tells what the caller says
    return await _done(session, viewer, call_id)


async def open_incident(session: Session, viewer: Viewer, call_id: int, asked: ToOpen) -> tuple[Call, int]:
    """Open an incident from a call, link both, have those told whom its plan names; ring.

    Raises Refusal: no_such_call, call_has_incident, no_such_category, call_without_category, call_without_place,
    outside_your_area.
    """
    call = await _held(session, viewer, call_id)
    _allowed(call, rules.link(call.standing, 0, Outcome.NEW_INCIDENT, viewer.name))  # before anything is opened
    incident_id = await incidents.open_new(session, await _opened(session, viewer, call, asked), viewer)
    await concerning.opened(session, viewer, incident_id)
    return await _link(session, viewer, call, incident_id, Outcome.NEW_INCIDENT), incident_id


async def join(session: Session, viewer: Viewer, call_id: int, incident_id: int) -> Call:
    """Say that a call is about an incident that is open already; its timeline tells so; ring.

    Said again it is the same. Raises Refusal: no_such_call, call_has_incident, no_such_incident, incident_closed,
    incident_merged with the one that stands for it now.
    """
    call = await _held(session, viewer, call_id)
    _allowed(call, rules.link(call.standing, incident_id, Outcome.DUPLICATE, viewer.name))
    if call.incident_id == incident_id:
        return call
    incident = await incidents.hold(session, viewer, incident_id)
    if incident is None:
        raise Refusal("no_such_incident", id=incident_id)
    if incident.state is IncidentState.MERGED:
        raise await lifecycle.merged(session, viewer, incident)
    if not is_open(incident.state):
        raise Refusal("incident_closed", id=incident_id)
    return await _link(session, viewer, call, incident_id, Outcome.DUPLICATE)


async def hand(session: Session, viewer: Viewer, call_id: int, area_id: int, reason: str) -> Call:
    """Give a call that is still open to another area, where somebody has to take it anew; ring.

    The side that gave it reads it while it is open. Said again it is the same. Raises Refusal: no_such_call,
    call_handed, call_has_incident, call_decided, no_such_area, call_there_already.
    """
    call = await _seen_and_held(session, viewer, call_id)
    if not call.ours and call.home_area_id == area_id:
        return call
    _require_ours(call)
    after = _allowed(call, rules.hand(call.standing))
    taker = await areas.find(session, area_id)
    if taker is None or taker.closed_at is not None:
        raise Refusal("no_such_area", id=area_id)
    if await areas.stands_below(session, call.area.id, area_id):
        raise Refusal("call_there_already", id=call_id, area=taker.name)
    await calls.change(session, call_id, standing_columns(call.standing, after, calls.NOW))
    await calls.hand(session, call, area_id, by=viewer.name, why=reason)
    sides = {"from_area_id": call.area.id, "to_area_id": taker.id}
    told = {**sides, "from": asdict(call.area.name), "to": asdict(taker.name), "reason": reason}
    await calls.add_entry(session, call_id, "handed", viewer.name, told)
    return await _done(session, viewer, call_id)


async def end(session: Session, viewer: Viewer, call_id: int, outcome: Outcome, reason: str | None) -> Call:
    """Say what became of a call; ring. Said again it is the same.

    Raises Refusal: no_such_call, outcome_of_incident, outcome_needs_incident, reason_needed.
    """
    call = await _held(session, viewer, call_id)
    after = _allowed(call, rules.end(call.standing, outcome, viewer.name, reason or call.reason))
    if after == call.standing and reason in (None, call.reason):
        return call
    why = {"reason": reason} if reason else {}
    values = standing_columns(call.standing, after, calls.NOW) | why
    return await _changed(session, viewer, call_id, values, "ended", {"outcome": outcome.value} | why)


async def _link(session: Session, viewer: Viewer, call: Call, incident_id: int, outcome: Outcome) -> Call:
    after = _allowed(call, rules.link(call.standing, incident_id, outcome, viewer.name))
    kind = "opened" if outcome is Outcome.NEW_INCIDENT else "joined"
    told = {"call_id": call.id, "outcome": outcome.value} | ({"text": call.said} if call.said else {})
    async with together(session) as ask:
        ask.act(*calls.changing(call.id, standing_columns(call.standing, after, calls.NOW)))
        ask.act(*calls.adding(call.id, kind, viewer.name, {"incident_id": incident_id}))
        ask.act(*incidents.adding(incident_id, "call_joined", viewer, told))
        linked = ask(calls.asked_one(viewer, call.id))
    await ring(session, {"calls": [call.id], "incidents": [incident_id]})
    return _there(linked.value, call.id)


async def _opened(session: Session, viewer: Viewer, call: Call, asked: ToOpen) -> NewIncident:
    category, place = asked.category or call.category, asked.place or call.place
    if category is None:
        raise Refusal("call_without_category", id=call.id)
    opens = await opening(session, category, priority=asked.priority, urgency=asked.urgency)
    if place is None:
        raise Refusal("call_without_place", id=call.id)
    if not await areas.reaches(session, viewer, place):
        raise Refusal("outside_your_area", lon=place.lon, lat=place.lat)
    who = Caller(name=call.caller_name, phone=call.phone)
    return NewIncident(
        category=category,
        priority=opens.priority,
        priority_said=opens.priority_said,
        urgency=opens.urgency,
        plan_version_id=opens.plan_version_id,
        place=place,
        opened_by=viewer.name,
        description=asked.description or call.said,
        address=asked.address or call.address or call.common_name,
        caller=who if who.name or who.phone else None,
    )


def _allowed(call: Call, after: Standing | Refused) -> Standing:
    if isinstance(after, Standing):
        return after
    if after.why == "reason_needed":
        raise Refusal("reason_needed")
    if after.why == "call_answered":
        raise Refusal("call_answered", id=call.id, by=call.answered_by)
    if after.why in ("call_has_incident", "outcome_of_incident"):
        raise Refusal(after.why, id=call.id, incident_id=call.incident_id)
    raise Refusal(after.why, id=call.id)


async def _check(session: Session, values: Mapping[str, Any]) -> None:
    for field in _OF_CALLER:
        if is_masked(values.get(field) or ""):
            raise Refusal("caller_masked", field=field)
    name = values.get("category")
    if name is not None and name not in (await versions.current(session)).categories:
        raise Refusal("no_such_category", name=name)


async def _check_reach(session: Session, viewer: Viewer, call: Call, place: LonLat) -> None:
    """A call whose place would take it out of the viewer's sight is handed on, not placed away."""
    if await calls.area_for(session, place, call.home_area_id) not in await areas.inside(session, viewer):
        raise Refusal("outside_your_area", lon=place.lon, lat=place.lat)


def _answers(present: Mapping[str, str], values: Mapping[str, Any]) -> dict[str, str]:
    merged = {**present, **(values["answers"] or {})}
    return {question: text for question, text in merged.items() if text is not None}


async def _tell_written(
    session: Session, viewer: Viewer, call_id: int, written: Written, said_before: str = ""
) -> None:
    if written.values:
        whole = {name: written.values[name] for name in _TOLD_WHOLE if name in written.values}
        details = {"changed": sorted(written.values), **whole, **_written_over(said_before, written.values)}
        await calls.add_entry(session, call_id, "noted", viewer.name, details)
    if written.located is not None or written.unplaced:
        await calls.add_entry(session, call_id, "located", viewer.name, _placed(written.located))


def _written_over(said: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was said as it stood, where it is no longer in what was written in its place."""
    lost = "said" in values and said not in (values["said"] or "")
    return {"was": {"said": said}} if lost else {}


def _placed(located: Located | None) -> dict[str, Any]:
    if located is None:
        return {"by": PlacedBy.NONE.value}
    place = {"lon": located.place.lon, "lat": located.place.lat}
    return {"by": located.by.value, **place, "radius_m": located.radius_m}


async def _held(session: Session, viewer: Viewer, call_id: int) -> Call:
    call = await _seen_and_held(session, viewer, call_id)
    _require_ours(call)
    return call


async def _seen_and_held(session: Session, viewer: Viewer, call_id: int) -> Call:
    return _there(await calls.hold(session, viewer, call_id), call_id)


def _require_ours(call: Call) -> None:
    """Who handed a call on reads it; what is done about it is for the side that has it."""
    if not call.ours:
        raise Refusal("call_handed", id=call.id, area=call.area.name)


def _there(found: Call | None, call_id: int) -> Call:
    if found is None:
        raise Refusal("no_such_call", id=call_id)
    return found


async def _changed(
    session: Session, viewer: Viewer, call_id: int, values: Mapping[str, Any], kind: str, details: Mapping[str, Any]
) -> Call:
    """Write columns of a call and a line of its record, ring, and return it."""
    async with together(session) as ask:
        ask.act(*calls.changing(call_id, values))
        ask.act(*calls.adding(call_id, kind, viewer.name, details))
        found = ask(calls.asked_one(viewer, call_id))
    await ring(session, {"calls": [call_id]})
    return _there(found.value, call_id)


async def _done(session: Session, viewer: Viewer, call_id: int) -> Call:
    found = await calls.find(session, viewer, call_id)
    await ring(session, {"calls": [call_id]})
    return _there(found, call_id)

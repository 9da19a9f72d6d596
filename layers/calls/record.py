"""Writing what a telephone exchange says: the first message makes the call, later ones add to it, none is lost."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy.dialects import postgresql

from layers.calls import queries
from layers.calls.places import Located, better
from layers.calls.queries import add_entry, place_columns, standing_columns
from layers.calls.rules import Standing, State, begins, heard
from layers.calls.schema import Call, CallEntry, Heard
from layers.calls.table import call
from layers.database import Session
from layers.sources.schema import Source

MOST_SAID = 4_000  # letters of what was said, as the store's other door takes them too
_TEXTS = ("line", "phone", "caller_name", "said", "address", "common_name")
_TELLS = ("told_later", "noted")
_KIND = {State.RINGING: "rang", State.ANSWERED: "answered", State.ENDED: "ended"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The call a message was about, and whether it told of a place that is not one of ours."""

    call_id: int
    beyond_country: bool


async def hear(session: Session, source: Source, message: Heard) -> Kept:
    """Write one message; heard again it changes nothing."""
    call_id = await _begin(session, source, message)
    present = await queries.hold_of_exchange(session, source.id, message.exchange_id)
    assert present is not None  # it was made, or was there
    values = _texts(present, message) | await _told_later(session, source, present, message)
    if call_id is None:
        values |= await _step(session, source, present, message)
    where, beyond = await _locate(session, source, present, message)
    await queries.change(session, present.id, values | where)
    for missed in message.left_out:
        if not await queries.has_entry(session, present.id, "left_out", asdict(missed)):
            await add_entry(session, present.id, "left_out", source.name, asdict(missed))
    return Kept(call_id=present.id, beyond_country=beyond)


async def _begin(session: Session, source: Source, message: Heard) -> int | None:
    """Make the call where it is new; return its id, None where it was there."""
    blank = Standing(state=State.RINGING)
    row = {
        "source_id": source.id,
        "exchange_id": message.exchange_id,
        "home_area_id": source.area_id,
        "line": message.line or "",
        "rang_at": message.at,
        "state": State.RINGING.value,
        **standing_columns(blank, begins(message.state), message.at),
    }
    once = postgresql.insert(call).values(row).on_conflict_do_nothing(index_elements=["source_id", "exchange_id"])
    call_id: int | None = (await session.execute(once.returning(call.c.id))).scalar_one_or_none()
    if call_id is not None:
        await add_entry(session, call_id, _KIND[message.state], source.name, {"at": message.at.isoformat()})
    return call_id


def _texts(present: Call, message: Heard) -> dict[str, Any]:
    """Return what the message adds where nothing stands; what stands, an exchange never writes over."""
    told = {name: getattr(message, name) for name in ("phone", "caller_name", "address", "common_name")}
    added = {name: text for name, text in told.items() if text and getattr(present, name) is None}
    blank = {name: getattr(message, name) for name in ("line", "said")}
    return added | {name: text for name, text in blank.items() if text and not getattr(present, name)}


async def _told_later(session: Session, source: Source, present: Call, message: Heard) -> dict[str, Any]:
    """Keep in the call's record what is told otherwise than it stands; return what is added to what was said."""
    later = _otherwise(present, message)
    known = _told_before(await queries.entries(session, present.id)) if later else {}
    fresh = {name: text for name, text in later.items() if not _is_told(name, text, known.get(name, []))}
    for name, text in fresh.items():
        await add_entry(session, present.id, "told_later", source.name, {name: text})
    return {"said": with_more(present.said, fresh["said"])} if "said" in fresh else {}


def _otherwise(present: Call, message: Heard) -> dict[str, str]:
    """Return the texts of a message that differ from those that stand."""
    told = {name: (getattr(present, name), getattr(message, name)) for name in _TEXTS}
    differ = {name: new for name, (stands, new) in told.items() if stands and new and new != stands}
    if differ.get("said", "") in present.said:
        differ.pop("said", None)
    return differ


def _told_before(entries: Iterable[CallEntry]) -> dict[str, list[str]]:
    """Return by name what the record tells already: told later, or written over by a person."""
    told: dict[str, list[str]] = {}
    for entry in entries:
        for name, text in {**entry.details, **entry.details.get("was", {})}.items():
            if name in _TEXTS and isinstance(text, str) and entry.kind in _TELLS:
                told.setdefault(name, []).append(text)
    return told


def _is_told(name: str, text: str, before: Iterable[str]) -> bool:
    """Say whether a text was told before; of what was said a part of it, too, tells nothing new."""
    return any(text in said for said in before) if name == "said" else text in before


def with_more(said: str, more: str) -> str:
    """Return what was said with what was said later: on a line of its own, or in its place where that tells it all.

    What no longer fits stays in the record alone.
    """
    whole = more if more.startswith(said) else f"{said}\n{more}"
    return whole if len(whole) <= MOST_SAID else said


async def _step(session: Session, source: Source, present: Call, message: Heard) -> dict[str, Any]:
    """Return what the line's state changes; a message that came late may tell that it rang, or was taken, earlier."""
    after = heard(present.standing, message.state)
    values = standing_columns(present.standing, after, message.at)
    if message.state is State.ANSWERED and present.answered_at is None:
        values["answered_at"] = message.at
    if message.at < present.rang_at:
        values["rang_at"] = message.at
    if values:
        await add_entry(session, present.id, _KIND[message.state], source.name, {"at": message.at.isoformat()})
    return values


async def _locate(session: Session, source: Source, present: Call, message: Heard) -> tuple[dict[str, Any], bool]:
    """Return the place to go by now, and whether one lies beyond the country; each that is told is kept on record."""
    values: dict[str, Any] = {}
    stands, beyond = present.located, False
    for told in message.located:
        abroad = not await queries.in_country(session, told.place)
        beyond |= abroad
        if await queries.has_entry(session, present.id, "located", _said(told)):
            continue
        taken = not abroad and better(stands, told)
        details = _said(told) | {"abroad": abroad, "taken": taken}
        await add_entry(session, present.id, "located", source.name, details)
        if taken:
            stands, values = told, place_columns(told)
        elif abroad and stands is None:
            values = {"abroad": True}
    return values, beyond


def _said(told: Located) -> dict[str, Any]:
    return {
        "by": told.by.value,
        "at": told.at.isoformat(),
        "lon": told.place.lon,
        "lat": told.place.lat,
        "radius_m": told.radius_m,
        "confidence_pct": told.confidence_pct,
    }

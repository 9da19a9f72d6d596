"""Every question about calls; each is asked for somebody, and answers with what they see."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from enum import Enum, StrEnum
from functools import cache
from typing import Any, Literal

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    FromClause,
    Row,
    Select,
    Update,
    and_,
    any_,
    bindparam,
    case,
    cast,
    false,
    func,
    insert,
    null,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB

from layers.areas.queries import read_by, seen_by
from layers.areas.table import area
from layers.asking import Asked, Reading, ask, ask_each
from layers.calls.places import Located, PlacedBy
from layers.calls.rules import Outcome, Standing, State
from layers.calls.schema import Answer, Call, CallEntry, Handed
from layers.calls.table import call, call_entry
from layers.database import Session
from layers.incidents.schema import AreaName
from layers.near import POINT, point
from layers.values import LonLat, Title
from layers.viewer import Viewer, built_once

WAITING: Literal["waiting"] = "waiting"
Which = State | Literal["open", "waiting"]
_IS_OPEN = or_(call.c.state != State.ENDED.value, call.c.outcome.is_(None))
NOW: ColumnElement[Any] = func.now()  # a column is written with the time of the transaction
_line = call_entry.c
_ENTRIES = (
    select(_line.at, _line.who, _line.kind, _line.details).where(_line.call_id == bindparam("id")).order_by(_line.id)
)
_said: dict[str, ColumnElement[Any]] = {"call_id": bindparam("of"), "kind": bindparam("kind"), "who": bindparam("who")}
_ADD_ENTRY = insert(call_entry).values({**_said, "details": bindparam("told", type_=JSONB)}).inline()
_home = bindparam("home", type_=BigInteger)
_BELOW = select(area.c.id).where(area.c.id == bindparam("own"), _home == any_(area.c.path))
_NAMES = ("name_kk", "name_ru", "name_en")
_giver, _there = area.alias("giver"), area.alias("there")
_lon, _lat = func.ST_X(call.c.geom).label("lon"), func.ST_Y(call.c.geom).label("lat")
_PLAIN = (
    "id", "source_id", "line", "decided_at", "decided_by", "reason", "phone", "caller_name", "rang_at", "answered_at",
    "answered_by", "ended_at", "incident_id", "category", "said", "answers", "address", "common_name", "placed_at",
    "radius_m", "confidence_pct", "outside", "home_area_id",
)  # fmt: skip


async def recent(
    session: Session,
    viewer: Viewer,
    *,
    state: Which | None = None,
    limit: int = 100,
    after: int | None = None,
) -> list[Call]:
    """Return calls, newest first, those that wait oldest first.

    `open` are those on the line and those of which nobody said what became of them; of them `waiting` are those on the
    line that nobody of the viewer's side has taken yet.
    """
    oldest_first = state == WAITING
    asked = _calls(viewer).where(_which(viewer, state)).limit(limit)
    asked = asked.order_by(call.c.id if oldest_first else call.c.id.desc())
    if after is not None:
        asked = asked.where(call.c.id > after if oldest_first else call.c.id < after)
    return [_call(row) for row in await session.execute(asked)]


async def count_open(session: Session, viewer: Viewer, state: Literal["open", "waiting"]) -> int:
    """Return how many calls `recent` has of that state, on all its pages."""
    seen = or_(_ours(viewer), read_by(viewer, call.c.read_by))
    asked = select(func.count()).select_from(call).where(_which(viewer, state), seen)
    return int((await session.execute(asked)).scalar_one())


async def find(session: Session, viewer: Viewer, call_id: int) -> Call | None:
    """Return one call, None where there is none that the viewer sees."""
    return await asked_one(viewer, call_id).of(session)


def asked_one(viewer: Viewer, call_id: int) -> Reading[Call | None]:
    """Return the reading of one call, None where there is none that the viewer sees."""
    return Reading(_first, ((_one(viewer), {"id": call_id}),))


async def hold(session: Session, viewer: Viewer, call_id: int) -> Call | None:
    """Return one call and keep others from acting on it until the transaction ends.

    One that is only read is returned as well, with `ours` false, and held by nobody.
    """
    one = {"id": call_id}
    _, rows = await ask_each(session, (_held(viewer), one), (_one(viewer), one))
    return _first(rows)


async def hold_of_exchange(session: Session, source_id: int, exchange_id: str) -> Call | None:
    """Return a call as its exchange names it, whoever sees it, and hold it."""
    named = and_(call.c.source_id == source_id, call.c.exchange_id == exchange_id)
    await session.execute(select(call.c.id).where(named).with_for_update())
    row = (await session.execute(_every(true()).where(named))).one_or_none()
    return None if row is None else _call(row)


async def of_incident(session: Session, viewer: Viewer, incident_id: int) -> list[Call]:
    """Return the calls of an incident, in the order they rang."""
    return await asked_of_incident(viewer, incident_id).of(session)


def asked_of_incident(viewer: Viewer, incident_id: int) -> Reading[list[Call]]:
    """Return the reading of an incident's calls, in the order they rang."""
    return Reading(lambda rows: [_call(row) for row in rows], ((_of_incident(viewer), {"of": incident_id}),))


def asked_answers(viewer: Viewer, incident_id: int) -> Reading[list[Answer]]:
    """Return the reading of what stands answered in an incident's calls.

    Where no line of a call's record says when, it counts as answered with the call.
    """
    return Reading(_answers, ((_answered(viewer), {"of": incident_id}),))


async def entries(session: Session, call_id: int) -> list[CallEntry]:
    """Return the lines of a call that was found for the viewer, oldest first."""
    return [CallEntry(**row._mapping) for row in await ask(session, _ENTRIES, {"id": call_id})]


async def has_entry(session: Session, call_id: int, kind: str, details: Mapping[str, Any]) -> bool:
    """Say whether such a line, with these details among its own, stands in a call's record."""
    same = call_entry.c.call_id == call_id, call_entry.c.kind == kind, call_entry.c.details.contains(dict(details))
    return (await session.execute(select(call_entry.c.id).where(*same).limit(1))).one_or_none() is not None


async def in_country(session: Session, place: LonLat) -> bool:
    """Say whether a place lies within the country, or within a city that was imported."""
    return bool((await session.execute(select(func.in_country(point(place))))).scalar_one())


async def area_for(session: Session, place: LonLat | None, home_area_id: int) -> int:
    """Return the area that a call of that home belongs to by its place."""
    spot = null() if place is None else point(place)
    return int((await session.execute(select(func.call_area(spot, home_area_id)))).scalar_one())


async def narrower_home(session: Session, viewer: Viewer, home_area_id: int) -> int:
    """Return the home of a call once the viewer answers it: their own area where it lies below, else the one it has."""
    found = await ask(session, _BELOW, {"own": viewer.area_id, "home": home_area_id})
    return int(found[0].id) if found else home_area_id


def key_of(phone: str) -> str:
    """Return what a phone is found by: digits alone count, the last ten of them."""
    return "".join(letter for letter in phone if letter.isdigit())[-10:]


async def without_incident(session: Session, viewer: Viewer, phone: str, *, days: float = 36_500) -> dict[Outcome, int]:
    """Count a phone's calls of so many days that came to no incident, by what became of them."""
    since = datetime.now(UTC) - timedelta(days=days)
    theirs = (call.c.caller_key == key_of(phone), call.c.rang_at >= since, call.c.incident_id.is_(None), _ours(viewer))
    asked = select(call.c.outcome, func.count()).where(*theirs, call.c.outcome.is_not(None)).group_by(call.c.outcome)
    return {Outcome(outcome): n for outcome, n in await session.execute(asked.order_by(call.c.outcome))}


# ── writing ──


async def add(session: Session, values: Mapping[str, Any], located: Located | None = None) -> int:
    """Write a new call, return its id; raises IntegrityError where this exchange has told of it before."""
    row = {**values, **(place_columns(located) if located else {})}
    spot = {"geom": point(located.place)} if located else {}
    return int((await session.execute(insert(call).values(row | spot).returning(call.c.id))).scalar_one())


async def change(session: Session, call_id: int, values: Mapping[str, Any]) -> None:
    """Write columns of a call."""
    if values:
        await ask(session, *changing(call_id, values))


def changing(call_id: int, values: Mapping[str, Any]) -> Asked:
    """Return the act that writes columns of a call; of `NOW` the time of the transaction, of a place its point."""
    forms = tuple((name, _form(values[name])) for name in sorted(values))
    told = {f"to_{name}": value for name, value in values.items() if _form(value) is _Form.PLAIN}
    spots = [value for value in values.values() if isinstance(value, LonLat)]
    return _changing(forms), {"id_": call_id, **told, **(asdict(spots[0]) if spots else {})}


class _Form(Enum):
    PLAIN, MOMENT, SPOT = range(3)


def _form(value: Any) -> _Form:
    return _Form.MOMENT if value is NOW else _Form.SPOT if isinstance(value, LonLat) else _Form.PLAIN


@cache
def _changing(forms: tuple[tuple[str, _Form], ...]) -> Update:
    written = {_Form.MOMENT: NOW, _Form.SPOT: POINT}
    to = {name: written.get(form, bindparam(f"to_{name}", type_=call.c[name].type)) for name, form in forms}
    return update(call).where(call.c.id == bindparam("id_")).values(to)


def standing_columns(before: Standing, after: Standing, at: datetime | ColumnElement[Any]) -> dict[str, Any]:
    """Return the columns that a step of the rules writes, with their times."""
    values: dict[str, Any] = {}
    for name in ("state", "outcome", "incident_id", "answered_by", "decided_by"):
        if getattr(before, name) != (said := getattr(after, name)):
            values[name] = said.value if isinstance(said, StrEnum) else said
    if after.state is not State.RINGING and before.state is State.RINGING and after.outcome is not Outcome.ABANDONED:
        values["answered_at"] = at
    if after.state is State.ENDED and before.state is not State.ENDED:
        values["ended_at"] = at
    if after.outcome is not before.outcome:
        values["decided_at"] = None if after.decided_by is None else at
    return values


def place_columns(located: Located) -> dict[str, Any]:
    """Return the columns of a place, to the millimetre: single precision refuses what would become nought in it."""
    return {
        "geom": located.place,
        "placed_by": located.by.value,
        "placed_at": located.at,
        "radius_m": None if located.radius_m is None else round(located.radius_m, 3),
        "confidence_pct": None if located.confidence_pct is None else round(located.confidence_pct, 3),
        "abroad": False,
    }


async def hand(session: Session, of: Call, to_area_id: int, *, by: str, why: str) -> None:
    """Give a call another home; the area that it was of reads it while it is open."""
    before = func.array_remove(func.coalesce(call.c.handed_from, cast([], ARRAY(BigInteger))), of.area.id)
    given = {"handed_from": func.array_append(before, of.area.id), "handed_at": func.now()}
    told = {"home_area_id": to_area_id, "handed_by": by, "handed_why": why}
    await session.execute(update(call).where(call.c.id == of.id).values(**given, **told))


async def move(session: Session, call_ids: Collection[int], from_id: int, to_id: int) -> list[int]:
    """Give calls of one incident to another, as splitting and merging do; return those that were its own."""
    theirs = update(call).where(call.c.id.in_(call_ids), call.c.incident_id == from_id)
    return sorted((await session.execute(theirs.values(incident_id=to_id).returning(call.c.id))).scalars())


async def add_entry(session: Session, call_id: int, kind: str, who: str, details: Mapping[str, Any]) -> None:
    """Write a line of what was done; nothing ever changes or removes one.

    A phone or a name that an exchange told later stands under that word, and is masked wherever it is shown.
    """
    await ask(session, *adding(call_id, kind, who, details))


def adding(call_id: int, kind: str, who: str, details: Mapping[str, Any]) -> Asked:
    """Return the act that writes a line of a call's record, as `add_entry` does it."""
    return _ADD_ENTRY, {"of": call_id, "kind": kind, "who": who, "told": dict(details)}


# ── reading rows ──


@built_once
def _one(viewer: Viewer) -> Select[Any]:
    return _calls(viewer).where(call.c.id == bindparam("id"))


@built_once
def _of_incident(viewer: Viewer) -> Select[Any]:
    return _calls(viewer).where(call.c.incident_id == bindparam("of")).order_by(call.c.rang_at, call.c.id)


@built_once
def _answered(viewer: Viewer) -> Select[Any]:
    noted = and_(_line.call_id == call.c.id, _line.kind == "noted", _line.details.has_key("answers"))
    own = (call.c.id, call.c.answers, func.coalesce(call.c.answered_at, call.c.rang_at).label("since"))
    told = (_line.at, _line.details["answers"].label("noted"))
    asked = select(*own, *told).select_from(call.outerjoin(call_entry, noted))
    seen = or_(_ours(viewer), read_by(viewer, call.c.read_by))
    return asked.where(call.c.incident_id == bindparam("of"), seen).order_by(call.c.rang_at, call.c.id, _line.id)


@built_once
def _held(viewer: Viewer) -> Select[Any]:
    return select(call.c.id).where(call.c.id == bindparam("id"), _ours(viewer)).with_for_update(key_share=True)


def _which(viewer: Viewer, state: Which | None) -> ColumnElement[bool]:
    if isinstance(state, State):
        return call.c.state == state.value
    if state == WAITING:
        return and_(_IS_OPEN, call.c.state != State.ENDED.value, call.c.answered_by.is_(None), _ours(viewer))
    return _IS_OPEN if state == "open" else true()


def _calls(viewer: Viewer) -> Select[Any]:
    return _every(_ours(viewer)).where(or_(_ours(viewer), read_by(viewer, call.c.read_by)))


def _ours(viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition that the viewer answers for a call; who handed one on only reads it."""
    return seen_by(viewer, call.c.area_id, call.c.incident_id)


def _every(ours: ColumnElement[bool]) -> Select[Any]:
    names = (*_PLAIN, "state", "outcome", "placed_by", "area_id", "handed_at", "handed_by", "handed_why")
    columns = (*(call.c[name] for name in names), _lon, _lat, func.coalesce(ours, false()).label("ours"))
    last = call.c.handed_from[func.cardinality(call.c.handed_from)]
    lies_in = case((call.c.outside & call.c.geom.is_not(None), func.area_of(call.c.geom)))
    joined = call.join(area, area.c.id == call.c.area_id).outerjoin(_giver, _giver.c.id == last)
    joined = joined.outerjoin(_there, _there.c.id == lies_in)
    sides: tuple[tuple[str, FromClause], ...] = (("area", area), ("giver", _giver), ("there", _there))
    titles = (side.c[name].label(f"{of}_{name}") for of, side in sides for name in _NAMES)
    ids = (side.c.id.label(f"{of}_id") for of, side in sides if of != "area")
    return select(*columns, *ids, *titles).select_from(joined)


def _answers(rows: Sequence[Row[Any]]) -> list[Answer]:
    """Return the answers that stand, each with the time of the last line that tells it."""
    at = {(row.id, name): row.at for row in rows for name in row.noted or ()}
    stand = {row.id: row for row in rows}
    return [
        Answer(question=name, given=given, at=at.get((row.id, name), row.since))
        for row in stand.values()
        for name, given in row.answers.items()
    ]


def _first(rows: Sequence[Row[Any]]) -> Call | None:
    return _call(rows[0]) if rows else None


def _call(row: Row[Any]) -> Call:
    return Call(
        **{name: getattr(row, name) for name in _PLAIN},
        state=State(row.state),
        outcome=None if row.outcome is None else Outcome(row.outcome),
        place=None if row.lon is None else LonLat(lon=row.lon, lat=row.lat),
        placed_by=PlacedBy(row.placed_by),
        area=_area(row, "area"),
        lies_in=None if row.there_id is None else _area(row, "there"),
        handed=_handed(row),
        ours=row.ours,
    )


def _handed(row: Row[Any]) -> Handed | None:
    if row.handed_at is None:
        return None
    return Handed(giver=_area(row, "giver"), at=row.handed_at, by=row.handed_by, reason=row.handed_why)


def _area(row: Row[Any], side: str) -> AreaName:
    kk, ru, en = (getattr(row, f"{side}_{name}") for name in _NAMES)
    return AreaName(id=getattr(row, f"{side}_id"), name=Title(kk=kk, ru=ru, en=en))

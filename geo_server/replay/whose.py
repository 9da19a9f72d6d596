"""Whose an event, a call or a dispatch was when an interval ended, and before; pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from geo_server.replay.schema import CallThen, DispatchThen, Move, Span
from geo_server.replay.standing import incident_then

Named = tuple[str, int]  # what it is, and its id
Moves = Mapping[Named, Sequence[Move]]


def named(calls: Iterable[CallThen], dispatches: Iterable[DispatchThen]) -> set[Named]:
    """Return these calls and dispatches as moves name them."""
    return {("call", one.id) for one in calls} | {("dispatch", one.id) for one in dispatches}


def call_then(one: CallThen, moved: Moves, span: Span) -> CallThen:
    """Return a call with the incident that it belonged to when the interval ended; none where it joined one later."""
    ways = moved.get(("call", one.id), ())
    joined = ways and one.incident_id is not None
    return replace(one, incident_id=incident_then(ways, one.incident_id, span.until_ms)) if joined else one


def dispatch_then(one: DispatchThen, moved: Moves, span: Span) -> DispatchThen:
    """Return a dispatch with the incident that it belonged to when the interval ended."""
    ways = moved.get(("dispatch", one.id), ())
    return replace(one, incident_id=incident_then(ways, one.incident_id, span.until_ms) or one.incident_id)


def events_then(moved: Moves, span: Span) -> dict[str, list[int | None]]:
    """Return the events that were moved, and whose each was when the interval ended; none: the one it is of now."""
    ways = {id: incident_then(ways, None, span.until_ms) for (what, id), ways in moved.items() if what == "event"}
    return {"moved": list(ways), "then_of": list(ways.values())}


def once_of(incident_ids: Collection[int], moved: Moves) -> list[int]:
    """Return the dispatches that once belonged to these incidents."""
    known = set(incident_ids)
    sent = ((id, ways) for (what, id), ways in moved.items() if what == "dispatch")
    return [id for id, ways in sent if any(move.incident_id in known for move in ways)]


def within(moved: Moves, told: Collection[Named], span: Span) -> tuple[Move, ...]:
    """Return the moves before the interval's end of the things that are told."""
    ways = (ways for thing, ways in moved.items() if thing in told)
    return tuple(move for each in ways for move in each if move.until < span.until_ms)

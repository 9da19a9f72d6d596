"""How things stood at each moment, from what was kept of them; pure."""

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate, pairwise
from operator import itemgetter
from typing import TypeVar

from geo_server.replay.schema import CallPlace, CallStand, DispatchThen, Move, Span, Stand
from layers.calls.rules import State as CallState
from layers.dispatches.rules import Status
from layers.incidents.rules import ENDED, State, derived
from layers.values import BBox, LonLat

One = TypeVar("One", Stand, CallStand)
_ENDED = frozenset(state.value for state in ENDED)


def stands(
    kept: Sequence[Stand], now: Stand, *, closed_at: int | None, dispatches: Sequence[DispatchThen]
) -> tuple[Stand, ...]:
    """Return every way an incident stood, the earliest first: what was kept before each change, then as it is.

    Of one that ended before changes were kept, how it stood meanwhile follows from its dispatches.
    """
    if kept or closed_at is None or now.state not in _ENDED:
        return _told_apart([*kept, now])
    return _told_apart([*_by_dispatches(now, closed_at, dispatches), replace(now, since=closed_at)])


def call_stands(states: Sequence[tuple[int, str]], places: Sequence[CallPlace]) -> tuple[CallStand, ...]:
    """Return every way a call stood, the earliest first: what its line did, and where the caller was held to be.

    Exchanges tell moments by clocks of their own: none counts as earlier than the one before it, and a place that was
    known before the ring as known with it. Of one that has ended nothing follows.
    """
    line = list(zip(accumulate((at for at, _ in states), max), (state for _, state in states), strict=True))
    ended = next((at for at, state in line if state == CallState.ENDED), math.inf)
    rang, found, nowhere = line[0][0], dict[int, CallStand](), CallPlace(since=0, by="none")
    state, held = line[0][1], nowhere
    told = [(max(one.since, rang), None, one) for one in places if one.since < ended]
    # Of one moment the last word counts, the line's own steps first.
    for at, said, placed in sorted([*((at, said, None) for at, said in line), *told], key=itemgetter(0)):
        state, held = said or state, placed or held
        found[at] = CallStand(since=at, state=state, placed_by=held.by, place=held.place, radius_m=held.radius_m)
    return tuple(found.values())


def begun(stands: Sequence[One], span: Span) -> tuple[One, ...]:
    """Leave out what began after the interval: of what came later a replay says nothing."""
    return tuple(one for one in stands if one.since < span.until_ms)


def was_within(stands: Sequence[One], span: Span, box: BBox) -> bool:
    """Say whether something of which these had `begun` stood in a box at some moment of the interval."""
    ends = (*(after.since for after in stands[1:]), math.inf)
    return any(
        end > span.since_ms and one.place is not None and within(one.place, box)
        for one, end in zip(stands, ends, strict=True)
    )


def moved_once(moves: Sequence[Move]) -> tuple[Move, ...]:
    """Leave out what says the same as the one before it: both incidents may tell of the same move."""
    return (*moves[:1], *(after for before, after in pairwise(moves) if after.incident_id != before.incident_id))


def incident_then(moves: Sequence[Move], now: int | None, at_ms: float) -> int | None:
    """Return the incident that something belonged to at a moment, of which it belongs to `now`."""
    return next((move.incident_id for move in moves if move.until >= at_ms), now)


def within(place: LonLat, box: BBox) -> bool:
    """Say whether a place lies in a box; west > east means across the antimeridian."""
    if box.west > box.east:
        across = place.lon >= box.west or place.lon <= box.east
    else:
        across = box.west <= place.lon <= box.east
    return across and box.south <= place.lat <= box.north


def _by_dispatches(now: Stand, closed_at: int, dispatches: Sequence[DispatchThen]) -> list[Stand]:
    found = [replace(now, state=State.PENDING.value)]
    for moment in sorted({at for dispatch in dispatches for at in dispatch.at if at < closed_at}):
        known = (_latest(dispatch, moment) for dispatch in dispatches)
        state = derived(State.PENDING, [status for status in known if status is not None])
        found.append(replace(now, since=max(moment, now.since), state=state.value))
    return found


def _latest(dispatch: DispatchThen, moment: int) -> Status | None:
    told = [status for at, status in zip(dispatch.at, dispatch.status, strict=True) if at <= moment]
    return Status(told[-1]) if told else None


def _told_apart(every: Sequence[Stand]) -> tuple[Stand, ...]:
    """Leave out what says the same as the one before it."""
    return (*every[:1], *(after for before, after in pairwise(every) if after.said != before.said))

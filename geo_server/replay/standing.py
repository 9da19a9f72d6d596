"""How things stood at each moment, from what was kept of them; pure."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from geo_server.replay.schema import DispatchThen, Stand
from layers.dispatches.rules import Status
from layers.incidents.rules import ENDED, State, derived

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

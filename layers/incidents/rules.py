"""The life of an incident: what its dispatches do moves it; a person says the rest, and only a person ends it."""

from collections.abc import Iterable
from enum import StrEnum

from layers.dispatches.rules import Status


class State(StrEnum):
    """Where an incident stands (EIDO, NENA-STA-021.1)."""

    INTAKE = "intake"
    PENDING = "pending"
    ASSIGNED = "assigned"
    ENROUTE = "enroute"
    ONSCENE = "onscene"
    UNDER_CONTROL = "under_control"
    CLEARING = "clearing"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    MERGED = "merged"


_S = State
ENDED = frozenset({_S.CLOSED, _S.CANCELLED, _S.MERGED})
REOPENED = frozenset({_S.CLOSED, _S.CANCELLED})  # what was merged comes back by a split

# A unit that is clear has been there, so its incident does not fall back to "nobody comes"; a person closes it.
_MEANS: dict[Status, State] = {
    Status.DISPATCHED: State.ASSIGNED,
    Status.ACKNOWLEDGED: State.ASSIGNED,
    Status.ENROUTE: State.ENROUTE,
    Status.STAGING: State.ENROUTE,
    Status.ONSCENE: State.ONSCENE,
    Status.PATIENT: State.ONSCENE,
    Status.TRANSPORT: State.ONSCENE,
    Status.AT_DESTINATION: State.ONSCENE,
    Status.HANDOVER: State.ONSCENE,
    Status.CLEAR: State.ONSCENE,
    Status.CANCELLED: State.PENDING,
    Status.DIVERTED: State.PENDING,
    Status.REFUSED: State.PENDING,
}
_ORDER = (State.PENDING, State.ASSIGNED, State.ENROUTE, State.ONSCENE)
# What a person says of an open incident, and when: intake is over; whoever is there has it in hand, or leaves.
SAID: dict[State, tuple[State, ...]] = {
    _S.INTAKE: (_S.PENDING,),
    _S.ONSCENE: (_S.UNDER_CONTROL, _S.CLEARING),
    _S.UNDER_CONTROL: (_S.ONSCENE, _S.CLEARING),
    _S.CLEARING: (_S.ONSCENE, _S.UNDER_CONTROL),
}
_THERE = frozenset({_S.UNDER_CONTROL, _S.CLEARING})


def is_open(state: State) -> bool:
    """Say whether anything is still to be done."""
    return state not in ENDED


def derived(present: State, dispatches: Iterable[Status]) -> State:
    """Return the state of an incident by the status of each of its dispatches: the furthest one counts.

    What a person said stands as long as the dispatches bear it out: nobody has it in hand where nobody has been.
    """
    if present in ENDED:
        return present
    reached = max((_MEANS[status] for status in dispatches), key=_ORDER.index, default=State.PENDING)
    if present in _THERE and reached is State.ONSCENE:
        return present
    return State.INTAKE if present is State.INTAKE and reached is State.PENDING else reached

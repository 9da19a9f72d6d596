"""The life of an incident: its state follows from what its dispatches do; only closing is said by a person."""

from collections.abc import Iterable
from enum import StrEnum

from layers.dispatches.rules import Status


class State(StrEnum):
    """Where an incident stands."""

    PENDING = "pending"
    ASSIGNED = "assigned"
    ENROUTE = "enroute"
    ONSCENE = "onscene"
    CLOSED = "closed"
    CANCELLED = "cancelled"


ENDED = frozenset({State.CLOSED, State.CANCELLED})

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


def is_open(state: State) -> bool:
    """Say whether anything is still to be done."""
    return state not in ENDED


def derived(present: State, dispatches: Iterable[Status]) -> State:
    """Return the state of an incident by the status of each of its dispatches: the furthest one counts."""
    if present in ENDED:
        return present
    return max((_MEANS[status] for status in dispatches), key=_ORDER.index, default=State.PENDING)

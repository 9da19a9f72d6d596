"""The life of an event: new until a person confirms or rejects it (Almaty 213, art. 21-24)."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """What was decided about an event."""

    NEW = "new"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """The decision is taken now."""

    state: State


@dataclass(frozen=True, slots=True, kw_only=True)
class Same:
    """The same was decided before: the same answer again."""

    state: State


@dataclass(frozen=True, slots=True, kw_only=True)
class Otherwise:
    """The other was decided before, and a decision stands."""

    state: State


def decide(present: State, asked: State) -> Decided | Same | Otherwise:
    """Decide what an asked decision does; raises ValueError for `new`, which nobody can ask for."""
    if asked is State.NEW:
        raise ValueError("an event is confirmed or rejected; it does not become new again")
    if present is State.NEW:
        return Decided(state=asked)
    return Same(state=present) if asked is present else Otherwise(state=present)

"""From one step of a chain to the next: pure, and never more than one step at a time.

A chain is open until somebody acknowledges it or its last step has run out; then it stays ended. Only this goes back:
who acknowledges what had expired has acknowledged it.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum


class State(StrEnum):
    """Where a chain stands."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """Where a chain stands: which of its steps runs (-1 before the first), and when it goes on; None once it ended."""

    state: State
    steps: int
    step: int
    due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """Time has passed: it is now `at`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """The notice of a step will not arrive."""

    step: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledged:
    """Somebody said that they know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    """Nobody needs to know any more: the dispatch or the incident is over, or a dispatcher has heard the panic."""


Happened = Passed | Failed | Acknowledged | Withdrawn


def opened(steps: int, at: datetime) -> Chain:
    """Return a chain of so many steps that is due at once."""
    return Chain(state=State.OPEN, steps=steps, step=-1, due_at=at)


def after(chain: Chain, happened: Happened, at: datetime, *, acknowledge_s: float) -> Chain:
    """Return where a chain stands after something happened; a step that is taken waits `acknowledge_s` seconds."""
    if isinstance(happened, Acknowledged):
        return _ended(chain, State.ACKNOWLEDGED)
    if chain.state is not State.OPEN or chain.due_at is None:
        return chain
    if isinstance(happened, Withdrawn):
        return _ended(chain, State.EXPIRED)
    if isinstance(happened, Failed):
        return replace(chain, due_at=min(chain.due_at, at)) if happened.step == chain.step else chain
    if at < chain.due_at:
        return chain
    if chain.step + 1 >= chain.steps:
        return _ended(chain, State.EXPIRED)
    return replace(chain, step=chain.step + 1, due_at=at + timedelta(seconds=acknowledge_s))


def _ended(chain: Chain, state: State) -> Chain:
    return replace(chain, state=state, due_at=None)

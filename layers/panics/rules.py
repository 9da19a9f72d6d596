"""What pressing the panic button does: raises one panic, repeats it, raises it anew, or belongs to one that is over.

Pure.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class State(StrEnum):
    """A panic is loud until somebody acknowledges it, and stands until it is ended."""

    LOUD = "loud"
    ACKNOWLEDGED = "acknowledged"
    ENDED = "ended"


DOUBT = timedelta(seconds=30)  # a device's clock may be off by so much: what it tells so shortly before may be after


@dataclass(frozen=True, slots=True, kw_only=True)
class Raise:
    """A new panic."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """The panic of that id, which stands, is pressed once more."""

    id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Anew:
    """The panic of that id stands and was heard, and is pressed after that: nobody has heard this press."""

    id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """The press was sent late: the panic of that id, which it belongs to, was ended after it."""

    id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Latest:
    """A unit's latest panic, as far as the next press asks about it."""

    id: int
    raised_at: datetime
    acknowledged_at: datetime | None
    ended_at: datetime | None


def press(latest: Latest | None, at: datetime) -> Raise | Repeat | Anew | Past:
    """Decide what a press at that moment of the device's clock does; when in doubt it raises, which costs less."""
    if latest is None:
        return Raise()
    if latest.ended_at is None:
        heard_at = latest.acknowledged_at
        return Repeat(id=latest.id) if heard_at is None or at <= heard_at - DOUBT else Anew(id=latest.id)
    return Past(id=latest.id) if latest.raised_at <= at <= latest.ended_at - DOUBT else Raise()


def state(*, acknowledged: bool, ended: bool) -> State:
    """Return how a panic stands; ended counts before acknowledged."""
    if ended:
        return State.ENDED
    return State.ACKNOWLEDGED if acknowledged else State.LOUD

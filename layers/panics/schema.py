"""Panics as they are handed on."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from layers.panics.rules import State, state
from layers.values import LonLat, Service


@dataclass(frozen=True, slots=True, kw_only=True)
class InDanger:
    """Whose panic it is."""

    id: int
    call_sign: str
    service: Service


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """Who acknowledged an earlier press of a panic, and when."""

    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Panic:
    """A crew's cry for help: `raised_at` by its device's clock, `received_at` by ours; no place where nobody knows it.

    `acknowledged_at` is of the last press, `heard_before` of earlier ones: a press after an acknowledgement rings anew.
    `incident` is what the unit is bound to now, as far as the viewer sees it: its id and number.
    """

    id: int
    unit: InDanger
    place: LonLat | None
    raised_at: datetime
    received_at: datetime
    raised_by: str
    repeats: int
    repeated_at: datetime | None
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    heard_before: tuple[Heard, ...]
    ended_at: datetime | None
    ended_by: str | None
    reason: str | None
    incident: tuple[int, str] | None

    @property
    def anew(self) -> bool:
        """Say whether it was heard, and pressed after that."""
        return bool(self.heard_before)

    @property
    def late(self) -> bool:
        """Say whether it came long after it was pressed: the crew may be elsewhere by now."""
        return self.received_at - self.raised_at > timedelta(minutes=2)

    @property
    def state(self) -> State:
        """Return how it stands."""
        return state(acknowledged=self.acknowledged_at is not None, ended=self.ended_at is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPanic:
    """A panic to be raised; without a place the unit's last position is it."""

    unit_id: int
    raised_at: datetime
    raised_by: str
    place: LonLat | None

"""A past interval as it is handed on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from layers.values import LonLat


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A past interval: from `since` to before `until`, UTC."""

    since: datetime
    until: datetime

    @property
    def since_ms(self) -> float:
        """Return its beginning, ms since 1970 UTC."""
        return self.since.timestamp() * 1000

    @property
    def until_ms(self) -> float:
        """Return its end, ms since 1970 UTC."""
        return self.until.timestamp() * 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Columns of equal length as the store wrote them, JSON, with how many rows they tell of."""

    rows: int
    json: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """How an incident stood from `since` on, ms since 1970 UTC."""

    since: int
    state: str
    category: str
    priority: int
    alarm: int
    place: LonLat

    @property
    def said(self) -> tuple[object, ...]:
        """Return how it stood, whenever that was."""
        return self.state, self.category, self.priority, self.alarm, self.place


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentThen:
    """An incident with every way it stood in the interval, the earliest first; moments in ms since 1970 UTC."""

    id: int
    number: str
    address: str | None
    opened_at: int
    closed_at: int | None
    stands: tuple[Stand, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchThen:
    """A unit's way with an incident, the one that it belonged to when the interval ended.

    At each of `at` (ms since 1970 UTC, when the server heard of it) a status.
    """

    id: int
    incident_id: int
    unit_id: int
    at: Sequence[int]
    status: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Until `until` (ms since 1970 UTC) an event, call or dispatch belonged to this incident, and then to another."""

    what: str
    id: int
    incident_id: int
    until: int


class CallPlace(NamedTuple):  # as `CallStand` made by the hundred thousand, which a dataclass is slow at
    """Where a caller was held to be from `since` on, ms since 1970 UTC; `radius_m` metres around, where it was told."""

    since: int
    by: str
    place: LonLat | None = None
    radius_m: float | None = None


class CallStand(NamedTuple):
    """How a call stood from `since` on, ms since 1970 UTC."""

    since: int
    state: str
    placed_by: str
    place: LonLat | None
    radius_m: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallThen:
    """A call with every way it stood, the earliest first; who rang and what was said is no part of a replay."""

    id: int
    line: str
    incident_id: int | None
    stands: tuple[CallStand, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """Everything of an interval but where the units drove.

    Whose each event, call and dispatch was at its end; `moves` tell whose it was before.
    `cut` names the lists that were too long to be whole.
    """

    span: Span
    units: Columns
    unit_states: Columns
    events: Columns
    calls: tuple[CallThen, ...]
    incidents: tuple[IncidentThen, ...]
    dispatches: tuple[DispatchThen, ...]
    moves: tuple[Move, ...] = ()
    cut: tuple[str, ...] = ()

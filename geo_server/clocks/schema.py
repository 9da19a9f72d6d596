"""Clocks as the store keeps them, and the figures drawn from them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from geo_server.operations.clocks import Facts, Key
from geo_server.operations.content import Clock, Urgency
from geo_server.operations.plans import Target
from layers.incidents.schema import AreaName
from layers.values import LonLat, Service

By = Literal["area", "service", "category"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A target of an incident, since when it was asked (None: from the beginning), and when its breach was told."""

    target: Target
    asked_at: datetime | None
    told_at: datetime | None

    @property
    def key(self) -> Key:
        """Return which of the incident's clocks it is."""
        return self.target.clock, self.target.service


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """An incident as its clocks are reckoned: what its plan depends on, what happened, what was asked so far."""

    id: int
    category: str
    priority: int
    alarm: int
    urgency: Urgency | None
    plan_version_id: int | None
    area_id: int
    place: LonLat
    is_open: bool
    facts: Facts
    kept: tuple[Kept, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewClock:
    """A clock as it is to be kept; without `began_at` it has not begun, or does not count."""

    target: Target
    asked_at: datetime | None
    began_at: datetime | None
    ended_at: datetime | None
    told: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FiguresAsked:
    """Which figures: of what opened or rang from `since` until before `until` (UTC), by what; None: of all.

    `answer_s` is within how long a call is to be answered, None where nothing says so.
    """

    by: By
    since: datetime
    until: datetime
    answer_s: float | None = None
    service: Service | None = None
    category: str | None = None
    urgency: Urgency | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """How a clock of one service (None: of the whole) was kept: `share_met` of `count` ended within their target.

    Half of them took up to `p50_s` seconds and nine in ten up to `p90_s`. The `running` among them are over their
    target and count as long as they have run. `abandoned` calls are beside these. Of unlike targets none is told.
    `area` or `category` says what the row is about, where it was asked by one of them.
    """

    clock: Clock
    service: Service | None
    count: int
    running: int
    abandoned: int
    p50_s: float | None
    p90_s: float | None
    target_s: float | None
    share_met: float | None
    area: AreaName | None = None
    category: str | None = None

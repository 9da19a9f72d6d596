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
class Figure:
    """How a clock was kept: of `count` that ended or were over their target, `share_met` were in time.

    Of those that ended half took up to `p50_s` seconds and nine in ten up to `p90_s`; `target_s` is the commonest one.
    Exactly one of `area`, `service` (None: of the whole incident) and `category` says what the row is about.
    """

    clock: Clock
    count: int
    p50_s: float | None
    p90_s: float | None
    target_s: float
    share_met: float
    area: AreaName | None = None
    service: Service | None = None
    category: str | None = None

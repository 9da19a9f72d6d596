"""Incidents as they are handed on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from layers.incidents.rules import State
from layers.values import LonLat, Title


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who called: personal data, for the incident's card alone (Almaty 213, art. 7)."""

    name: str | None
    phone: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaName:
    """The area something is in."""

    id: int
    name: Title


@dataclass(frozen=True, slots=True, kw_only=True)
class NewIncident:
    """What opens an incident; `priority` is 1 (highest) to 4."""

    category: str
    priority: int
    place: LonLat
    opened_by: str
    description: str = ""
    address: str | None = None
    caller: Caller | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """An incident; `units` counts the units bound to it now, `held_by` is the level above that took it over.

    `escalated_to` is the level above that was called to it.
    """

    id: int
    number: str
    category: str
    priority: int
    state: State
    opened_at: datetime
    closed_at: datetime | None
    opened_by: str
    description: str
    address: str | None
    caller: Caller | None
    place: LonLat
    area: AreaName
    held_by: AreaName | None
    escalated_to: AreaName | None
    units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of an incident's timeline."""

    id: int
    at: datetime
    kind: str
    who: str
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenNearby:
    """An open incident near one of several spots; `spot` is its index in what was asked."""

    spot: int
    id: int
    number: str
    category: str
    priority: int
    place: LonLat
    distance_m: float
    last_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PastIncident:
    """An incident near a place, metres away."""

    id: int
    number: str
    category: str
    priority: int
    state: State
    opened_at: datetime
    closed_at: datetime | None
    address: str | None
    place: LonLat
    distance_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What happened near a place: how much in all, how much of each category, and the nearest."""

    total: int
    by_category: Mapping[str, int]
    nearest: tuple[PastIncident, ...]

"""Incidents as they are handed on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from layers.incidents.rules import State
from layers.values import LonLat, Service, Title


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
    """What opens an incident; `priority` is 1 (highest) to 4, and stands as it is where a person said it."""

    category: str
    priority: int
    place: LonLat
    opened_by: str
    description: str = ""
    address: str | None = None
    caller: Caller | None = None
    urgency: str | None = None  # the ambulance's, I–IV
    plan_version_id: int | None = None  # None: the newest one; the store fills it in
    priority_said: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Disposition:
    """How an incident ended for one agency; `code` is a name in `dispositions` of data/statuses.json."""

    service: Service
    code: str
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """An incident; `units` counts the units bound to it now, `held_by` is the level above that took it over.

    `escalated_to` is the level above that was called to it, `merged_into_id` the incident that stands for it now;
    of `silent` units no position comes, `unanswered_since` is when the first was sent that has said nothing yet.
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
    silent: int = 0
    unanswered_since: datetime | None = None
    plan_version_id: int | None = None
    alarm: int = 1
    urgency: str | None = None
    merged_into_id: int | None = None
    reopened_at: datetime | None = None
    disposition: tuple[Disposition, ...] = ()
    priority_said: bool = False


class LinkKind(StrEnum):
    """How a link is kept: the incident is a child of, related to, merged into, split from the other."""

    CHILD = "child"
    RELATED = "related"
    MERGED = "merged"
    SPLIT = "split"


class Tie(StrEnum):
    """What the other incident is to the one that is looked at."""

    PARENT = "parent"
    CHILD = "child"
    RELATED = "related"
    REPLACED_BY = "replaced_by"
    REPLACES = "replaces"
    SPLIT_FROM = "split_from"
    SPLIT_INTO = "split_into"


# As it is told at the incident that the row names first, and at the other.
TIES: Mapping[LinkKind, tuple[Tie, Tie]] = {
    LinkKind.CHILD: (Tie.PARENT, Tie.CHILD),
    LinkKind.RELATED: (Tie.RELATED, Tie.RELATED),
    LinkKind.MERGED: (Tie.REPLACED_BY, Tie.REPLACES),
    LinkKind.SPLIT: (Tie.SPLIT_FROM, Tie.SPLIT_INTO),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Belongings:
    """Ids of what belongs to an incident and may go to another with it."""

    events: tuple[int, ...] = ()
    calls: tuple[int, ...] = ()
    dispatches: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        """Say whether there is anything."""
        return bool(self.events or self.calls or self.dispatches)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLink:
    """A link to be written, by whose word and why; `moved` is what went from the one to the other."""

    incident_id: int
    other_id: int
    kind: LinkKind
    who: str
    reason: str | None = None
    moved: Belongings = Belongings()


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedIncident:
    """The incident at the other end of a link."""

    id: int
    number: str
    category: str
    state: State


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A standing link as it is seen from one of its ends."""

    id: int
    other: LinkedIncident
    kind: Tie
    at: datetime
    who: str
    reason: str | None
    moved: Belongings


@dataclass(frozen=True, slots=True, kw_only=True)
class Stood:
    """Where an incident was said to be, since when, by whom and why."""

    at: datetime
    place: LonLat
    address: str | None
    who: str
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of an incident's timeline; `incident_id` is another one's where that was merged into it."""

    id: int
    incident_id: int
    at: datetime
    kind: str
    who: str
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenNearby:
    """An open incident near one of several spots; `spot` is its index in what was asked.

    `last_at` is when it opened or its latest event or call came.
    """

    spot: int
    id: int
    number: str
    category: str
    priority: int
    state: State
    opened_at: datetime
    address: str | None
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

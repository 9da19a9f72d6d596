"""Units as they are handed on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from layers.dispatches.rules import Status, is_open
from layers.units.rules import (
    Availability,
    Duty,
    Primary,
    Secondary,
    availability,
    is_stale,
    on_its_way,
    primary,
    secondary,
    shown_status,
)
from layers.values import LonLat, Service, Title


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What a unit is on: its open dispatch, and the priority of its incident (1 is the most urgent)."""

    id: int
    incident_id: int
    incident_number: str
    priority: int
    status: Status
    eta_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody who rides in a unit: a person's name, so it is masked for whoever does not work with the crew."""

    name: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """From when until when somebody rides in a unit, and who."""

    id: int
    begins_at: datetime
    ends_at: datetime
    crew: tuple[Member, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPanic:
    """That a unit's crew is in danger, and whether somebody has heard it."""

    id: int
    raised_at: datetime
    acknowledged_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A crew and its vehicle with its latest position; place, `at`, speed and heading are None until one was sent.

    `task` is the status of its open dispatch, `dispatch` that dispatch where the viewer sees the incident too.
    """

    id: int
    call_sign: str
    service: Service
    kind: str
    crew: int
    duty: Duty
    station: Title | None
    place: LonLat | None
    at: datetime | None
    position_age_s: float | None
    speed_kmh: float | None
    heading_deg: float | None
    area_id: int
    task: Status | None
    dispatch: Task | None
    skills: tuple[str, ...] = ()
    equipment: Mapping[str, int] = field(default_factory=dict)
    vehicle: str | None = None
    radio_name: str | None = None
    local_status: str | None = None
    shift: Shift | None = None
    panic: OpenPanic | None = None

    @property
    def able(self) -> frozenset[str]:
        """Return what a plan may ask of it: what its crew can do, and what it carries."""
        return frozenset(self.skills) | {name for name, count in self.equipment.items() if count > 0}

    @property
    def status(self) -> str:
        """Return the one word people read."""
        return shown_status(self.duty, self.task)

    @property
    def stale(self) -> bool:
        """Say whether the position is older than a minute, or none was sent."""
        return is_stale(self.position_age_s)

    @property
    def availability(self) -> Availability:
        """Return whether the unit can be proposed."""
        return availability(self.duty, self.crew, self.task, self.position_age_s)

    @property
    def primary(self) -> Primary:
        """Return whether the unit can be sent, in EIDO's words."""
        return primary(self.duty, self.crew, self.task, self.position_age_s)

    @property
    def on_its_way(self) -> bool:
        """Say whether the unit is on duty and on its way to an incident, so that it may be diverted."""
        return self.primary is Primary.CONDITIONALLY_AVAILABLE and self.task is not None and on_its_way(self.task)

    @property
    def secondary(self) -> tuple[Secondary, ...]:
        """Return what the unit does, in EIDO's words."""
        return secondary(self.duty, self.task)

    @property
    def silent(self) -> bool:
        """Say whether the unit is bound to an incident and not heard of for a minute."""
        return self.stale and self.task is not None and is_open(self.task)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewShift:
    """A shift as it is to be written."""

    unit_id: int
    begins_at: datetime
    ends_at: datetime
    crew: tuple[Member, ...]
    made_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitChange:
    """What is changed of a unit; None leaves it as it is, but for what is to be `cleared`."""

    skills: tuple[str, ...] | None = None
    equipment: Mapping[str, int] | None = None
    vehicle: str | None = None
    radio_name: str | None = None
    crew: int | None = None
    cleared: frozenset[Literal["vehicle", "radio_name"]] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyWord:
    """One word of a unit's duty: `taken` says whether it changed anything, `late` that it was sent long after."""

    duty: Duty
    at: datetime
    who: str
    means: Literal["button", "dispatcher", "roster"]
    reason: str | None = None
    taken: bool = True
    late: bool = False
    received_at: datetime | None = None  # none: by the store's clock, as it is written


@dataclass(frozen=True, slots=True, kw_only=True)
class CrewEvent:
    """A press on a crew's device: the same `client_event_id` of a unit is the same press."""

    unit_id: int
    client_event_id: str
    kind: Literal["duty", "status", "message", "panic", "read", "notice"]
    at: datetime
    who: str
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Had:
    """A press that was had before: its kind, whether it changed anything, and whether it came late."""

    kind: str
    taken: bool
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMessage:
    """A message to or from a crew, as it is to be written."""

    unit_id: int
    at: datetime
    who: str
    from_crew: bool
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message to or from a crew; `read_at` and `read_by` of whoever read it first on the other side."""

    id: int
    at: datetime
    received_at: datetime
    who: str
    from_crew: bool
    text: str
    read_at: datetime | None
    read_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """How many messages of a crew no desk has read, and the id of the newest of them."""

    count: int
    newest: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUnit:
    """A unit as it is to be written; `device` is the id its tracker sends."""

    call_sign: str
    device: str
    service: Service
    kind: str
    crew: int
    home_area_id: int
    station_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """A unit as administration knows it: what it is called, what it carries and belongs to, not where it is."""

    id: int
    call_sign: str
    device: str
    service: Service
    kind: str
    crew: int
    bound: bool
    home_area_id: int
    home: Title
    station_id: int | None
    station: Title | None
    retired_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stationed:
    """A place that units belong to."""

    id: int
    kind: str
    name: Title


@dataclass(frozen=True, slots=True, kw_only=True)
class OnRoster:
    """A unit with its shifts in some time, earliest first."""

    unit: Unit
    shifts: tuple[Shift, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingBy:
    """A unit that was asked to stand by at a place, and is to be there by `until`."""

    unit_id: int
    place_id: int
    asked_at: datetime
    asked_by: str
    until: datetime

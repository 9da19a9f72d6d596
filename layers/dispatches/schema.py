"""Dispatches as they are handed on."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from layers.dispatches.rules import Status
from layers.values import LonLat, Service

SaidMeans = Literal["button", "dispatcher", "radio", "api"]  # by which a person tells a step
Means = SaidMeans | Literal["position"]
Line = tuple[tuple[float, float], ...]  # lon, lat degrees WGS 84


@dataclass(frozen=True, slots=True, kw_only=True)
class SentUnit:
    """The unit of a dispatch."""

    id: int
    call_sign: str
    service: Service
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusEntry:
    """One step of a dispatch: `at` by the device's clock, `received_at` by ours."""

    status: Status
    at: datetime
    received_at: datetime
    who: str
    means: Means
    reason: str | None
    taken: bool = True  # false: kept on the record, the dispatch stood further on
    late: bool = False  # sent long after it was pressed


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a diverted unit went: the dispatch, and the incident of it."""

    dispatch_id: int
    incident_id: int
    incident_number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """A unit sent to an incident, with its route as it was last reckoned and every step since.

    While its unit is silent, since `silent_since`, there is no `eta_at`: nobody knows where it is.
    `diverted_to` is told to whoever sees that incident too.
    """

    id: int
    incident_id: int
    incident_number: str
    unit: SentUnit
    status: Status
    dispatched_at: datetime
    dispatched_by: str
    status_at: datetime
    eta_at: datetime | None
    route_s: float | None
    route_m: float | None
    straight: bool
    route: Line
    entries: tuple[StatusEntry, ...]
    routed_at: datetime | None = None
    silent_since: datetime | None = None
    diverted_to: Target | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDispatch:
    """A unit to be sent, the way it is to drive in seconds and metres, and by whose word."""

    incident_id: int
    unit_id: int
    dispatched_by: str
    route_s: float
    route_m: float
    straight: bool
    route: Line


@dataclass(frozen=True, slots=True, kw_only=True)
class NewStatus:
    """A step of a dispatch, as it is to be written; where `at` cannot be, it counts when it was received."""

    status: Status
    at: datetime
    who: str
    means: Means
    reason: str | None = None
    client_event_id: str | None = None
    taken: bool = True
    late: bool = False
    place: LonLat | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewProposal:
    """What a unit's position says about its dispatch: `metres` from where it was sent, or to the incident."""

    dispatch_id: int
    status: Status
    at: datetime
    metres: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed(NewProposal):
    """The same as it stands, with what a person needs to decide it."""

    id: int
    unit_id: int
    call_sign: str
    incident_id: int
    incident_number: str

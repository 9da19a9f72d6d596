"""Units as they are handed on."""

from dataclasses import dataclass
from datetime import datetime

from layers.dispatches.rules import Status
from layers.units.rules import Availability, Duty, availability, is_stale, shown_status
from layers.values import LonLat, Service, Title


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What a unit is on: its open dispatch."""

    id: int
    incident_id: int
    incident_number: str
    status: Status
    eta_at: datetime | None


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

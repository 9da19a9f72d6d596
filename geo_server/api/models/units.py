"""The shapes of units: a crew and its vehicle, where it is and what it does."""

from pydantic import Field

from geo_server.api.models.base import Moment, Place, Sent, Title
from layers.dispatches.rules import Status
from layers.units.rules import Duty
from layers.values import Service


class Task(Sent):
    """The open dispatch of a unit."""

    id: int
    incident_id: int
    incident_number: str
    status: Status
    eta_at: Moment | None


class Unit(Sent):
    """A crew and its vehicle. `status` is the open dispatch's, else `free` when on duty, else the duty."""

    id: int
    call_sign: str
    service: Service
    kind: str
    crew: int
    duty: Duty
    status: str
    station: Title | None
    place: Place | None
    at: Moment | None
    position_age_s: float | None
    stale: bool = Field(description="No position within the last 60 s.")
    speed_kmh: float | None
    heading_deg: float | None
    area_id: int
    dispatch: Task | None


class Units(Sent):
    """Every unit the account sees."""

    units: list[Unit]

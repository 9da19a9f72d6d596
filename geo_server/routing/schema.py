"""What routing asks of the store, as it is handed on: who is under way."""

from dataclasses import dataclass
from datetime import datetime

from layers.dispatches.rules import Status
from layers.values import LonLat, Service


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderWay:
    """A dispatch of whose unit one has to hear: where it goes to, and where the unit last was, `age_s` ago.

    `straight` says that no road was asked for its route so far; `silent_since` when it was last found silent.
    """

    dispatch_id: int
    incident_id: int
    unit_id: int
    call_sign: str
    service: Service
    priority: int
    status: Status
    goal: LonLat
    place: LonLat | None
    at: datetime | None
    age_s: float | None
    routed_at: datetime | None
    silent_since: datetime | None

"""The shapes of an incident's history: what happened at the same place, address, phone or street, and who came."""

from typing import Literal

from pydantic import Field

from geo_server.api.models.base import Metres, Moment, Sent
from geo_server.api.models.incidents import CallCount, CategoryCount, PastIncident
from layers.values import Service

What = Literal["place", "address", "road", "visits", "phone"]


class PastVisit(Sent):
    """A crew that was there."""

    service: Service
    call_sign: str | None
    arrived_at: Moment
    left_at: Moment | None


class PastRow(PastIncident):
    """An incident of before, metres away."""

    duplicate: bool
    false_alarm: bool
    visits: list[PastVisit]


class PastAnswer(Sent):
    """What happened before: `total` incidents and how many of each category, without duplicates; the newest 100 rows.

    `false_alarms` are those that turned out to be none, with rejected events nearby where `what` is a place.
    """

    what: What
    radius_m: Metres | None
    days: float
    street: str | None
    total: int
    duplicates: int
    false_alarms: int
    calls: list[CallCount] = Field(description="Of a phone: its calls that came to no incident.")
    by_category: list[CategoryCount]
    rows: list[PastRow]

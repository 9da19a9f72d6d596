"""The shapes of the shortlist: who should go, who was passed over, and what is missing."""

from pydantic import Field

from geo_server.api.models.base import LineString, Metres, Seconds, Sent, Title
from geo_server.api.models.units import Unit
from geo_server.operations.dispatch import Code
from layers.values import Service


class Proposal(Sent):
    """A unit to send, quickest first within its service."""

    unit: Unit
    eta_s: Seconds
    route_m: Metres
    straight_m: Metres
    position_age_s: Seconds
    straight: bool = Field(description="No road was asked: the figures are a straight-line estimate.")
    route: LineString
    reasons: list[Title]


class PassedOver(Sent):
    """A unit nearer as the crow flies that is not proposed, and why."""

    unit: Unit
    code: Code
    straight_m: Metres
    eta_s: float | None
    reason: Title


class Shortfall(Sent):
    """A service of which fewer units can come than are still wanted."""

    service: Service
    wanted: int
    found: int


class Proposals(Sent):
    """The shortlist: the five quickest free units by road of each service that the category asks for."""

    incident_id: int
    services: list[Service]
    router: str = Field(examples=["road graph", "straight line"])
    straight: bool
    took_ms: float
    proposals: list[Proposal]
    passed_over: list[PassedOver]
    shortfall: list[Shortfall]

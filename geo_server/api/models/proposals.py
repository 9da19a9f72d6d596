"""The shapes of the shortlist: who should go, who was passed over, and what is missing."""

from typing import Literal

from pydantic import Field

from geo_server.api.models.base import LineString, Metres, Seconds, Sent, Title
from geo_server.api.models.units import Unit
from geo_server.operations.dispatch import Code
from layers.values import Service


class CoverLost(Sent):
    """What a unit's leaving takes from the cover of its own area (0 to 1), and the seconds that this was weighed as."""

    area_id: int
    lost_share: float
    penalty_s: Seconds


class Proposal(Sent):
    """A unit to send, best first within its need: by time on the road and the cover that its leaving takes away."""

    unit: Unit
    need: int = Field(description="Index in `needs` of what it answers.")
    chosen: bool = Field(description="The one yes to the whole plan sends it.")
    eta_s: Seconds
    route_m: Metres
    straight_m: Metres
    position_age_s: Seconds
    straight: bool = Field(description="No road was asked: the figures are a straight-line estimate.")
    route: LineString
    cover: CoverLost | None = Field(description="None where it alone holds no cover, or none is known.")
    reasons: list[Title]


class PassedOver(Sent):
    """A unit nearer as the crow flies that is not proposed, and why."""

    unit: Unit
    code: Code
    straight_m: Metres
    eta_s: float | None
    reason: Title


class Shortfall(Sent):
    """A need that fewer units can answer than are still wanted, and that said in a sentence."""

    service: Service
    kinds: list[str]
    skills: list[str]
    wanted: int
    found: int
    reason: Title


class ProposedNeed(Sent):
    """One need of the plan: `asked` in all, `wanted` still to be sent, and the units that the one yes sends for it."""

    service: Service
    kinds: list[str]
    skills: list[str]
    asked: int
    wanted: int
    chosen: list[int]


class ProposedPlan(Sent):
    """The plan that is answered: why it asks for what it asks stands in `because`."""

    category: str
    alarm: int
    highest_alarm: int
    regime: str
    version: int
    priority: int
    urgency: Literal["I", "II", "III", "IV"] | None
    because: list[Title]


class Proposals(Sent):
    """The shortlist: of each need of the plan the best free units, five or two more than are wanted."""

    incident_id: int
    plan: ProposedPlan
    needs: list[ProposedNeed]
    chosen: list[int] = Field(description="What the one yes sends: post it as `units` to /dispatches.")
    services: list[Service]
    blue_light: list[Service] = Field(description="The services whose times are those of a drive with blue light.")
    router: str = Field(examples=["road graph", "straight line"])
    straight: bool
    took_ms: float
    proposals: list[Proposal]
    passed_over: list[PassedOver]
    shortfall: list[Shortfall]


class Dragged(Sent):
    """How one unit would do that a person has chosen; it may be sent all the same unless it is busy or off duty."""

    unit: Unit
    need: int | None = Field(
        description="Index of the need that it answers; none where the plan asks for no such unit."
    )
    code: Code | None = Field(description="Why it would not be proposed; none where it would.")
    eta_s: float | None
    route_m: float | None
    straight: bool
    route: LineString | None
    cover: CoverLost | None
    reasons: list[Title]

"""The shapes of areas and of grants between them."""

from typing import Annotated, Literal

from pydantic import Field

from geo_server.api.models.base import Asked, Moment, Sent, SomeId, Text, Title

Hours = Annotated[float, Field(gt=0, le=720, description="For how many hours, 30 days at most.")]


class AreaNode(Sent):
    """An area of the tree; level 1 is the Republic, 4 a district; `approximate` where the border is not official."""

    id: int
    parent_id: int | None
    level: int = Field(ge=1, le=4)
    code: str
    name: Title
    approximate: bool


class Areas(Sent):
    """The tree, the Republic first."""

    areas: list[AreaNode]


class Grant(Sent):
    """What `area` gives `to` to see; of one incident where there is one."""

    id: int
    kind: Literal["area", "incident"]
    area: AreaNode
    to: AreaNode
    incident_id: int | None
    incident_number: str | None
    reason: str
    given_by: str
    begins_at: Moment
    ends_at: Moment
    revoked_at: Moment | None
    revoked_by: str | None


class Grants(Sent):
    """Grants given and received, newest first."""

    grants: list[Grant]


class NewAreaGrant(Asked):
    """An area with all below it, to be seen by another area."""

    kind: Literal["area"]
    area_id: SomeId
    to_area_id: SomeId
    reason: Text
    hours: Hours


class NewIncidentGrant(Asked):
    """One incident with its events, dispatches and bound units, to be seen by another area."""

    kind: Literal["incident"]
    incident_id: SomeId
    to_area_id: SomeId
    reason: Text
    hours: Hours


NewGrant = Annotated[NewAreaGrant | NewIncidentGrant, Field(discriminator="kind")]

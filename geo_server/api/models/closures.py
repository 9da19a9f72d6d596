"""The shapes of closed roads."""

from typing import Annotated, Any, Literal

from pydantic import Field

from geo_server.api.models.base import Asked, LineString, Moment, Sent, SentMoment, Text

Lon = Annotated[float, Field(ge=-180, le=180)]
Lat = Annotated[float, Field(ge=-90, le=90)]


class Closure(Sent):
    """A closure: nobody drives through its roads from `begins_at` until `ends_at`, or until somebody opens it.

    `road_id`, `road_name` and `line` are those of one segment that was closed by itself (`kind` road).
    """

    id: int
    kind: Literal["road", "line", "polygon"]
    state: Literal["planned", "in_force", "ended"]
    reason: str
    begins_at: Moment
    ends_at: Moment | None
    closed_at: Moment = Field(description="The same as `begins_at`.")
    opens_at: Moment | None = Field(description="The same as `ends_at`.")
    closed_by: str
    roads: int = Field(description="How many road segments it closes.")
    shape: dict[str, Any] = Field(description="GeoJSON LineString or Polygon, lon lat degrees WGS 84.")
    road_id: int | None
    road_name: str | None
    line: LineString | None


class Closures(Sent):
    """The closures in force now, and those that are to come."""

    closures: list[Closure]


class NewClosure(Asked):
    """Why a road is closed and, where it is known, until when."""

    reason: Text = Field(examples=["Burst pipe"])
    opens_at: SentMoment | None = None


class DrawnLine(Asked):
    """A GeoJSON LineString, lon lat degrees WGS 84."""

    type: Literal["LineString"]
    coordinates: list[tuple[Lon, Lat]]


class DrawnPolygon(Asked):
    """A GeoJSON Polygon, lon lat degrees WGS 84: its border, then its holes."""

    type: Literal["Polygon"]
    coordinates: list[list[tuple[Lon, Lat]]]


class NewDrawnClosure(Asked):
    """A line or polygon that closes every road segment it crosses, from when (now), until when (until it is opened)."""

    shape: Annotated[DrawnLine | DrawnPolygon, Field(discriminator="type")]
    reason: Text = Field(examples=["Marathon"])
    begins_at: SentMoment | None = None
    ends_at: SentMoment | None = None

"""The shapes of cover: what a service reaches in time, the map of minutes to reach, and stand-by moves."""

from typing import Annotated, Any, Literal

from pydantic import Field

from geo_server.api.models.base import Area, Asked, Moment, Place, Seconds, Sent, SomeId, Text, Title
from layers.values import Service


class AreaCover(Sent):
    """The cover of an area with all below it, 0 to 1; `falls_short` where that is below the target."""

    area: Area
    level: int
    share: float
    falls_short: bool


class Post(Sent):
    """A place where a unit stands by."""

    id: int
    kind: str
    name: Title
    place: Place


class StandbyMove(Sent):
    """A free unit to a post: seconds there, and the cover of the whole before and after."""

    unit_id: int
    call_sign: str
    post: Post
    drive_s: Seconds
    before: float
    after: float
    reason: Title


class AskedMove(Sent):
    """A unit that was asked to stand by at a post, and is to be there by `until`."""

    unit_id: int
    call_sign: str
    post: Post
    asked_at: Moment
    asked_by: str
    until: Moment


class NewStandby(Asked):
    """A free unit that is asked to stand by at a post: with which words, and how long it drives there."""

    unit_id: SomeId
    post_id: SomeId
    drive_s: Annotated[float, Field(ge=0, le=14_400, description="seconds")]
    text: Text


class StandbyAsked(Sent):
    """Who was asked to stand by where."""

    unit_id: int
    call_sign: str
    post_id: int


class MinutesBand(Sent):
    """A GeoJSON Feature: where a free unit comes in more than `from_min` and up to `to_min` minutes."""

    type: Literal["Feature"] = "Feature"
    properties: dict[str, float]
    geometry: dict[str, Any]


class MinutesMap(Sent):
    """A GeoJSON FeatureCollection of bands of minutes, lon lat degrees WGS 84."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: list[MinutesBand]


class CoverAnswer(Sent):
    """How much of the addresses a service reaches in time with the units that are free now.

    `moves` are proposed where `share` is below `wanted_share`; nobody is moved by them. `asked` are those under way,
    which count as arrived when moves are proposed.
    """

    service: Service
    target_s: Seconds = Field(description="Within which a unit is to arrive, where an area has no target of its own.")
    wanted_share: float
    share: float
    falls_short: bool
    free_units: int
    by_area: list[AreaCover]
    minutes: MinutesMap
    moves: list[StandbyMove]
    asked: list[AskedMove]

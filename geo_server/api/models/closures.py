"""The shapes of closed roads."""

from pydantic import Field

from geo_server.api.models.base import Asked, LineString, Moment, Sent, SentMoment, Text


class Closure(Sent):
    """A road segment nobody drives until `opens_at`, or until somebody opens it."""

    id: int
    road_id: int
    road_name: str | None
    reason: str
    closed_at: Moment
    opens_at: Moment | None
    closed_by: str
    line: LineString


class Closures(Sent):
    """The closures in force now."""

    closures: list[Closure]


class NewClosure(Asked):
    """Why a road is closed and, where it is known, until when."""

    reason: Text = Field(examples=["Burst pipe"])
    opens_at: SentMoment | None = None

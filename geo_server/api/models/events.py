"""The shapes of events: what was noticed, what is proposed, and a person's yes or no."""

from typing import Any, Literal

from pydantic import Field

from geo_server.api.models.base import Area, Asked, Moment, Place, Priority, Sent, SomeId, Text, Title, Word
from geo_server.api.models.lifecycle import Likeness
from geo_server.api.models.recordings import Clip
from layers.events.rules import State as EventState


class Camera(Sent):
    """The camera that saw it."""

    id: int
    code: str
    name: Title


class Ellipse(Sent):
    """The 95 % error ellipse on the ground: semi-axes in metres, the major one's bearing clockwise from north."""

    major_m: float
    minor_m: float
    bearing_deg: float


class Picture(Sent):
    """Where the picture is, its size, and the box of what was seen: x0, y0, x1, y1 in pixels."""

    url: str = Field(examples=["/api/events/17/picture"])
    width_px: int
    height_px: int
    box: tuple[float, float, float, float] | None


class JoinedIncident(Sent):
    """The incident a proposal would join."""

    id: int
    number: str
    category: str
    priority: int
    place: Place


class JoinProposal(Sent):
    """The event seems to belong to an open incident: metres and seconds apart, and why."""

    action: Literal["join"] = "join"
    incident: JoinedIncident
    distance_m: float
    age_s: float
    reason: Title


class OpenProposal(Sent):
    """The event seems to be a new incident."""

    action: Literal["open"] = "open"
    category: str
    priority: int
    reason: Title


class Event(Sent):
    """What a detector or an outside system noticed, and what a person decided about it."""

    id: int
    kind: str = Field(description="A name in `kinds` of /api/map.")
    source: str
    camera: Camera | None
    at: Moment
    received_at: Moment
    certainty: float = Field(ge=0, le=1)
    state: EventState
    decided_at: Moment | None
    decided_by: str | None
    reason: str | None = Field(description="Why it was rejected.")
    place: Place
    ellipse: Ellipse | None
    placed_by: str
    area: Area
    picture: Picture | None
    clip: Clip | None = Field(default=None, description="Of a camera's event, where events are read by themselves.")
    incident_id: int | None
    details: dict[str, Any]
    proposal: JoinProposal | OpenProposal | None = Field(description="What to do with a new event; a person decides.")
    likenesses: list[Likeness] = Field(description="Open incidents a new event may be about, the likeliest first.")


class Events(Sent):
    """A page of events, newest first; `next` is the `after` of the following page."""

    events: list[Event]
    next: int | None


class Confirm(Asked):
    """A dispatcher's yes: `join` names the incident that the event belongs to; without it the event opens one.

    Nothing is joined that was not named, whatever was proposed.

    An incident that is joined keeps its category and priority: with either of them a yes that joins is refused, 400
    `joined_keeps_its_own`. The description of a yes that joins becomes a note on the incident.
    """

    join: SomeId | None = Field(default=None, description="The incident to join.")
    category: Word | None = Field(default=None, description="Of the incident to open; a name in /api/map.")
    priority: Priority | None = Field(default=None, description="Of the incident to open; else its category's.")
    description: Text | None = Field(default=None, description="Of the incident to open, or a note on the joined one.")


class Reject(Asked):
    """A dispatcher's no, which the archive keeps with its reason (Almaty 213, art. 23)."""

    reason: Text = Field(examples=["A cat on the wall"])


class OneEvent(Sent):
    """An event."""

    event: Event

"""The shapes of an incident's life: what it may be the same as, merging, splitting, linking, moving, ending."""

from typing import Annotated, Literal

from pydantic import Field

from geo_server.api.models.base import Asked, AskedPlace, Metres, Moment, Place, Sent, SomeId, Text, Title, Word
from layers.incidents.rules import State
from layers.incidents.schema import Tie
from layers.values import Service

SomeIds = Annotated[tuple[SomeId, ...], Field(max_length=500)]


class Disposition(Sent):
    """How an incident ended for one agency."""

    service: Service
    code: str = Field(description="A name in `statuses.dispositions` of /api/map.", examples=["false_alarm"])
    note: str | None


class AskedDisposition(Asked):
    """How an incident ended for one agency."""

    service: Service
    code: Word = Field(examples=["handled"])
    note: Text | None = None


class LinkedIncident(Sent):
    """The incident at the other end of a link."""

    id: int
    number: str
    category: str
    state: State


class Link(Sent):
    """How another incident belongs to this one, since when, by whom and why; only those that one sees."""

    other: LinkedIncident
    kind: Tie = Field(description="What the other one is to this one.")
    at: Moment
    who: str
    reason: str | None


class Stood(Sent):
    """Where an incident was said to be."""

    at: Moment
    place: Place
    address: str | None
    who: str
    reason: str | None


class LikeIncident(Sent):
    """An open incident that something may be the same as."""

    id: int
    number: str
    category: str
    priority: int
    state: State
    place: Place
    opened_at: Moment
    address: str | None


class Likeness(Sent):
    """Why it may be the same: how far apart, how many minutes, and that said in a sentence."""

    incident: LikeIncident
    distance_m: Metres
    minutes: float = Field(ge=0)
    because: Title


class Likenesses(Sent):
    """Open incidents that one may be the same as, the likeliest first; at most ten."""

    likenesses: list[Likeness]


class Merge(Asked):
    """Which incident stands for this one from now on, and why."""

    into_id: SomeId
    reason: Text


class Split(Asked):
    """What is taken out into an incident of its own. Of a merged incident nothing but the reason: it stands again."""

    event_ids: SomeIds = ()
    call_ids: SomeIds = ()
    dispatch_ids: SomeIds = ()
    category: Word | None = None
    place: AskedPlace | None = None
    address: Word | None = None
    reason: Text


class NewLink(Asked):
    """Another incident, and what it is to this one."""

    other_id: SomeId
    kind: Literal["parent", "child", "related"]


class NewPlace(Asked):
    """Where an incident is after all, and how that is known."""

    place: AskedPlace
    address: Word | None = None
    reason: Text


class Stage(Asked):
    """Where an open incident stands: intake is over, or what the units on scene report."""

    state: Literal["pending", "onscene", "under_control", "clearing"]

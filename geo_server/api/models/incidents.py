"""The shapes of incidents: with their timeline, and with what happened nearby before."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StringConstraints

from geo_server.api.models.base import (
    Area,
    Asked,
    AskedPlace,
    Moment,
    Place,
    Priority,
    Sent,
    SomeId,
    Text,
    Word,
    storable,
)
from geo_server.api.models.calls import CallBrief
from geo_server.api.models.clocks import Clock
from geo_server.api.models.dispatches import Dispatch
from geo_server.api.models.events import Event
from geo_server.api.models.lifecycle import AskedDisposition, Disposition, Link, LinkedIncident, Stood
from layers.events.rules import State as EventState
from layers.incidents.rules import State as IncidentState


class Caller(Sent):
    """Who called: masked, unless it was asked for with a purpose."""

    name: str | None = Field(examples=["А•••"])
    phone: str | None = Field(examples=["+7 7** *** ** 12"])
    masked: bool = True


class AskedCaller(Asked):
    """Who called."""

    name: Word | None = None
    phone: Annotated[str, StringConstraints(max_length=40), AfterValidator(storable)] | None = None


class IncidentBrief(Sent):
    """An incident as a list shows it; `units` counts the units bound to it now."""

    id: int
    number: str = Field(examples=["26-000123"])
    category: str = Field(description="A name in `categories` of /api/map.")
    priority: int
    alarm: int = Field(ge=1, le=5, description="The alarm level that was called.")
    urgency: str | None = Field(description="The ambulance's, I to IV.", examples=["II"])
    state: IncidentState
    opened_at: Moment
    closed_at: Moment | None
    opened_by: str
    description: str
    address: str | None
    caller: Caller | None
    place: Place
    area: Area
    held_by: Area | None = Field(description="The level above that took the incident over.")
    escalated_to: Area | None = Field(description="The level above that was called to it.")
    units: int
    silent: int = Field(description="How many of them nobody heard of for a minute.")
    answer_by: Moment | None = Field(
        default=None, description="Until when the crew is to acknowledge that was sent first and has not yet."
    )
    clock: Clock | None = Field(default=None, description="The most urgent one that runs.")


class Entry(Sent):
    """One line of the timeline."""

    id: int
    incident_id: int = Field(description="Another one's where that was merged into this.")
    at: Moment
    kind: str = Field(examples=["opened", "joined", "note", "dispatched", "status", "closed"])
    who: str
    details: dict[str, Any]


class Incident(IncidentBrief):
    """An incident with all that belongs to it; `places` is empty where it never moved."""

    reopened_at: Moment | None = Field(description="When it was last opened again.")
    disposition: list[Disposition]
    merged_into: LinkedIncident | None = Field(description="The one that stands for it now, where one sees that.")
    links: list[Link]
    places: list[Stood]
    calls: list[CallBrief] = Field(description="The calls it was reported by, for those who take calls.")
    events: list[Event]
    dispatches: list[Dispatch]
    clocks: list[Clock]
    timeline: list[Entry]


class Incidents(Sent):
    """A page of incidents, newest first; `next` is the `after` of the following page."""

    incidents: list[IncidentBrief]
    next: int | None


class NewIncident(Asked):
    """What opens an incident; its priority is its category's where none is given."""

    category: Word = Field(examples=["road_accident"])
    priority: Priority | None = None
    place: AskedPlace
    description: Text | None = None
    address: Word | None = None
    caller: AskedCaller | None = None
    intake: bool = Field(default=False, description="While it is still being taken; a unit that is sent ends that.")


class Note(Asked):
    """What a dispatcher adds."""

    text: Text


class Close(Asked):
    """How it ended, for each agency where that is told."""

    note: Text | None = None
    dispositions: Annotated[tuple[AskedDisposition, ...], Field(max_length=20)] = ()


class Reason(Asked):
    """Why a level above takes an incident over."""

    reason: Text


class Escalate(Asked):
    """Why a level above is called, and which: the next one up where none is named."""

    reason: Text
    to_area_id: SomeId | None = None


class AskedPhone(Asked):
    """A phone, in whatever spelling; ten digits or more."""

    phone: Annotated[str, StringConstraints(max_length=40, pattern=r"^\D*(?:\d\D*){10,15}$"), AfterValidator(storable)]


class CallCount(Sent):
    """How many calls came to no incident so."""

    outcome: Literal["transferred", "no_action", "abandoned", "test"]
    count: int


class CallerHistory(Sent):
    """What a phone reported or called about before, newest first, of what the viewer sees; at most 100.

    Beside it how many of its calls came to no incident, by what became of them.
    """

    incidents: list[IncidentBrief]
    calls: list[CallCount]


class Confirmed(Sent):
    """A confirmed event and the incident it belongs to."""

    event: Event
    incident: Incident


class PastIncident(Sent):
    """An incident nearby, metres away."""

    id: int
    number: str
    category: str
    priority: int
    state: IncidentState
    opened_at: Moment
    closed_at: Moment | None
    address: str | None
    place: Place
    distance_m: float


class PastEvent(Sent):
    """An event nearby, metres away."""

    id: int
    kind: str
    at: Moment
    state: EventState
    place: Place
    distance_m: float


class CategoryCount(Sent):
    """How often a category happened nearby."""

    category: str
    count: int


class History(Sent):
    """What happened nearby: `total` incidents in all, the nearest 100 of incidents and of events."""

    radius_m: float
    days: float
    total: int
    incidents: list[PastIncident]
    events: list[PastEvent]
    by_category: list[CategoryCount]

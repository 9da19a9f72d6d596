"""The shapes of incidents: with their timeline, and with what happened nearby before."""

from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints

from geo_server.api.models.base import Area, Asked, AskedPlace, Moment, Place, Priority, Sent, Text, Word, storable
from geo_server.api.models.dispatches import Dispatch
from geo_server.api.models.events import Event
from layers.events.rules import State as EventState
from layers.incidents.rules import State as IncidentState


class Caller(Sent):
    """Who called."""

    name: str | None
    phone: str | None


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
    state: IncidentState
    opened_at: Moment
    closed_at: Moment | None
    opened_by: str
    description: str
    address: str | None
    caller: Caller | None
    place: Place
    area: Area
    units: int


class Entry(Sent):
    """One line of the timeline."""

    id: int
    at: Moment
    kind: str = Field(examples=["opened", "joined", "note", "dispatched", "status", "closed"])
    who: str
    details: dict[str, Any]


class Incident(IncidentBrief):
    """An incident with all that belongs to it."""

    events: list[Event]
    dispatches: list[Dispatch]
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


class Note(Asked):
    """What a dispatcher adds."""

    text: Text


class Close(Asked):
    """How it ended."""

    note: Text | None = None


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

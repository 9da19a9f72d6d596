"""The shapes that operations speak in: what is read is checked strictly, what is sent is complete."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import Path
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from geo_server.operations.dispatch import Code
from layers.dispatches.rules import Status
from layers.dispatches.schema import Means
from layers.events.rules import State as EventState
from layers.incidents.rules import State as IncidentState
from layers.units.rules import Duty
from layers.values import Service

_LAST_ID = 2**63 - 1


def _storable(text: str) -> str:
    """PostgreSQL keeps neither NUL nor half a character."""
    if "\x00" in text or any(0xD800 <= ord(letter) < 0xE000 for letter in text):
        raise ValueError("holds a character that cannot be stored")
    return text


def _believable(at: datetime) -> datetime:
    if not 2000 <= at.year <= 2100:
        raise ValueError("is not a time between 2000 and 2100")
    return at.astimezone(UTC)


Id = Annotated[int, Path(ge=1, le=_LAST_ID, description="The row's id.")]
SomeId = Annotated[int, Field(ge=1, le=_LAST_ID)]
Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(_storable)]
Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000), AfterValidator(_storable)
]
Moment = Annotated[datetime, AfterValidator(lambda at: at.astimezone(UTC))]
SentMoment = Annotated[AwareDatetime, AfterValidator(_believable)]
Priority = Annotated[int, Field(ge=1, le=4, description="1 is the most urgent.")]
Seconds = Annotated[float, Field(ge=0, description="seconds")]
Metres = Annotated[float, Field(ge=0, description="metres")]
LonLatPair = tuple[float, float]


class Sent(BaseModel):
    """What is answered; read from frozen values."""

    model_config = ConfigDict(from_attributes=True)


class Asked(BaseModel):
    """What is asked; unknown members are refused, so that a slip of the pen is not silently passed over."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class Title(Sent):
    """A name or a sentence in three languages."""

    kk: str
    ru: str
    en: str


class Place(Sent):
    """Degrees WGS 84."""

    lon: float = Field(examples=[76.945])
    lat: float = Field(examples=[43.238])


class AskedPlace(Asked):
    """Degrees WGS 84."""

    lon: float = Field(ge=-180, le=180, examples=[76.945])
    lat: float = Field(ge=-90, le=90, examples=[43.238])


class Area(Sent):
    """The area something is in."""

    id: int
    name: Title


class LineString(Sent):
    """A GeoJSON LineString, lon lat degrees WGS 84."""

    type: Literal["LineString"] = "LineString"
    coordinates: tuple[LonLatPair, ...]


# ── events ──


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
    """What a detector, a caller or an outside system noticed, and what a person decided about it."""

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
    incident_id: int | None
    details: dict[str, Any]
    proposal: JoinProposal | OpenProposal | None = Field(description="What to do with a new event; a person decides.")


class Events(Sent):
    """A page of events, newest first; `next` is the `after` of the following page."""

    events: list[Event]
    next: int | None


class Confirm(Asked):
    """A dispatcher's yes. Without `join` and `category` it means: as proposed. `join: null` opens an incident."""

    join: SomeId | None = None
    category: Word | None = None
    priority: Priority | None = None
    description: Text | None = None


class Reject(Asked):
    """A dispatcher's no, which the archive keeps with its reason (Almaty 213, art. 23)."""

    reason: Text = Field(examples=["A cat on the wall"])


class OneEvent(Sent):
    """An event."""

    event: Event


# ── units ──


class Task(Sent):
    """The open dispatch of a unit."""

    id: int
    incident_id: int
    incident_number: str
    status: Status
    eta_at: Moment | None


class Unit(Sent):
    """A crew and its vehicle. `status` is the open dispatch's, else `free` when on duty, else the duty."""

    id: int
    call_sign: str
    service: Service
    kind: str
    crew: int
    duty: Duty
    status: str
    station: Title | None
    place: Place | None
    at: Moment | None
    position_age_s: float | None
    stale: bool = Field(description="No position within the last 60 s.")
    speed_kmh: float | None
    heading_deg: float | None
    area_id: int
    dispatch: Task | None


class Units(Sent):
    """Every unit the account sees."""

    units: list[Unit]


# ── dispatches ──


class SentUnit(Sent):
    """The unit of a dispatch."""

    id: int
    call_sign: str
    service: Service
    kind: str


class StatusEntry(Sent):
    """One step: `at` by the device's clock, `received_at` by the server's."""

    status: Status
    at: Moment
    received_at: Moment
    who: str
    means: Means
    reason: str | None


class Dispatch(Sent):
    """A unit sent to an incident. `straight` says loudly that no road was asked for the route."""

    id: int
    incident_id: int
    incident_number: str
    unit: SentUnit
    status: Status
    dispatched_at: Moment
    dispatched_by: str
    status_at: Moment
    eta_at: Moment | None
    route_s: float | None
    route_m: float | None
    straight: bool
    route: LineString
    entries: list[StatusEntry]


class Dispatches(Sent):
    """Dispatches."""

    dispatches: list[Dispatch]


class OneDispatch(Sent):
    """A dispatch."""

    dispatch: Dispatch


class Send(Asked):
    """Which units to send: all of them or none."""

    units: Annotated[list[SomeId], Field(min_length=1, max_length=50)] = Field(examples=[[4, 9]])


class NewStatus(Asked):
    """The next step of a dispatch; the same `client_event_id` again changes nothing."""

    status: Status
    at: SentMoment | None = Field(default=None, description="By the device's clock; now where it is left out.")
    means: Means = "dispatcher"
    reason: Text | None = None
    client_event_id: Word | None = None


# ── incidents ──


class Caller(Sent):
    """Who called."""

    name: str | None
    phone: str | None


class AskedCaller(Asked):
    """Who called."""

    name: Word | None = None
    phone: Annotated[str, StringConstraints(max_length=40), AfterValidator(_storable)] | None = None


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


# ── proposals ──


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


# ── closures ──


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

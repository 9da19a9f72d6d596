"""The shapes of a crew's own page, and of what its device sends."""

from typing import Annotated, Literal

from pydantic import Field

from geo_server.api.models.base import (
    Asked,
    AskedPlace,
    LineString,
    Metres,
    Moment,
    Place,
    Sent,
    SentMoment,
    SomeId,
    Text,
    Title,
    Word,
)
from layers.dispatches.rules import Status
from layers.units.rules import Duty
from layers.values import Service

EventId = Annotated[Word, Field(description="The device's own id of this press: the same again changes nothing.")]
Pressed = Annotated[SentMoment, Field(description="When it was pressed, by the device's clock.")]


class OwnUnit(Sent):
    """The crew's unit; `duties` may follow the present one."""

    id: int
    call_sign: str
    service: Service
    kind: str
    radio_name: str | None
    duty: Duty
    status: str
    label: Title | None
    place: Place | None
    position_age_s: float | None
    duties: list[Duty]


class Member(Sent):
    """Somebody who rides in the unit."""

    name: str
    role: str


class OwnShift(Sent):
    """The shift that runs."""

    id: int
    begins_at: Moment
    ends_at: Moment
    crew: list[Member]


class Near(Sent):
    """What stands nearest to an incident without an address: a house, else a crossing or a street, and how far off."""

    title: Title
    away_m: Metres


class JobIncident(Sent):
    """What the crew is sent to; who called is not told here."""

    id: int
    number: str
    category: str
    title: Title
    priority: int
    description: str
    address: str | None
    near: Near | None
    place: Place
    hazards: list[Title] = Field(
        description="Hazards of the premises, what the plan says of place and time, what else is known of the premises."
    )


class Redirected(Sent):
    """That the dispatch leads elsewhere than it did when the crew answered it, to be acknowledged by its notice."""

    notice_id: int
    at: Moment


class Job(Sent):
    """The crew's dispatch; `next` are its buttons, `acknowledge_by` when somebody else is asked in its stead."""

    id: int
    status: Status
    next: list[Status]
    since: Moment
    eta_at: Moment | None
    incident: JobIncident
    route: LineString | None
    acknowledge_by: Moment | None
    redirected: Redirected | None
    diverted_from: str | None = Field(description="The number of the incident that the unit was taken from for this.")


class Message(Sent):
    """A message; `mine` was sent by the reader's side, `at` is by the sender's clock.

    `expired`: the crew's phones were not reached in time. It stands on the crew's page all the same.
    """

    id: int
    at: Moment
    received_at: Moment
    sender: str = Field(serialization_alias="from")
    text: str
    mine: bool
    state: Literal["sent", "delivered", "read", "expired"]
    read_at: Moment | None = Field(description="When the other side read it, by the clock of whoever said so.")
    read_by: str | None


class OwnPanic(Sent):
    """The crew's cry for help, and who has heard it; a press after that rings anew, and nobody has heard it yet."""

    id: int
    raised_at: Moment
    received_at: Moment
    repeated_at: Moment | None
    acknowledged_at: Moment | None
    acknowledged_by: str | None
    anew: bool = Field(description="An earlier press was acknowledged, and it was pressed after that.")


class Reason(Sent):
    """A local word, to be sent as the reason of what it means."""

    code: str
    title: Title
    means: dict[Literal["duty", "status"], str] = Field(description="A duty, or a status of the dispatch.")


class CrewPage(Sent):
    """The whole page; asked again every few seconds."""

    unit: OwnUnit
    shift: OwnShift | None
    dispatch: Job | None
    messages: list[Message] = Field(description="The last fifty, newest first.")
    panic: OwnPanic | None
    reasons: list[Reason]
    server_time: Moment


class Taken(Sent):
    """What became of a press.

    `taken` false: it is on the record, and the state stands as it was. `late`: it came two minutes or more after it was
    pressed. `repeated`: it was had before.
    """

    taken: bool
    late: bool
    repeated: bool


class Press(Asked):
    """What every press tells of itself."""

    at: Pressed
    sent_at: SentMoment | None = Field(
        default=None, description="What the device's clock shows as it sends this: so much is it off."
    )
    client_event_id: EventId


class PressDuty(Press):
    """A duty; the reason is one of the page's, or a text."""

    duty: Duty
    reason: Text | None = None


class PressStatus(Press):
    """A step of the dispatch."""

    status: Literal[
        Status.ACKNOWLEDGED,
        Status.ENROUTE,
        Status.STAGING,
        Status.ONSCENE,
        Status.PATIENT,
        Status.TRANSPORT,
        Status.AT_DESTINATION,
        Status.HANDOVER,
        Status.CLEAR,
        Status.REFUSED,
    ]
    reason: Text | None = None
    place: AskedPlace | None = None


class PressMessage(Press):
    """A message to the desk."""

    text: Text


class PressRead(Press):
    """That the desk's messages were read, up to this one."""

    up_to: SomeId = Field(description="The id of the newest one that was shown.")


class PressNotice(Press):
    """That the crew knows what a notice tells."""


class PressPanic(Press):
    """A cry for help; without a place the unit's last position is where it is."""

    place: AskedPlace | None = None


class Fix(AskedPlace):
    """Where the phone was, degrees WGS 84, and when by its clock."""

    at: SentMoment
    speed_kmh: float | None = Field(default=None, ge=0, le=1000)
    heading_deg: float | None = Field(default=None, ge=0, le=360)


class TellPositions(Asked):
    """Where the phone was and is, in any order."""

    positions: Annotated[list[Fix], Field(min_length=1, max_length=500)]


class PositionsTaken(Sent):
    """How many were new; the others were known, a day old, or ahead of the clock."""

    taken: int
    ignored: int

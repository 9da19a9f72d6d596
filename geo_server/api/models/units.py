"""The shapes of units: a crew and its vehicle, where it is, what it does and can do, who rides in it and when."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from geo_server.api.models.base import Asked, Moment, Place, Sent, SentMoment, SomeId, Text, Title, Word, storable
from geo_server.api.models.crew import Member, Message
from layers.dispatches.rules import Status
from layers.units.rules import Duty, Primary, Secondary
from layers.values import Service

Equipment = Annotated[dict[Word, Annotated[int, Field(ge=0, le=100_000)]], Field(max_length=100)]
Skills = Annotated[list[Word], Field(max_length=50)]
Role = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), AfterValidator(storable)]
Crew = Annotated[int, Field(ge=0, le=100)]


class Task(Sent):
    """The open dispatch of a unit."""

    id: int
    incident_id: int
    incident_number: str
    priority: int
    status: Status
    eta_at: Moment | None


class Shift(Sent):
    """From when until when somebody rides in a unit, and who."""

    id: int
    begins_at: Moment
    ends_at: Moment
    crew: list[Member]


class OpenPanic(Sent):
    """That the crew is in danger, and whether somebody has heard it."""

    id: int
    raised_at: Moment
    acknowledged_at: Moment | None


class Unread(Sent):
    """How many messages of the crew no desk has read, and the id of the newest of them."""

    count: int
    newest: int


class Unit(Sent):
    """A crew and its vehicle. `status` is the open dispatch's, else `free` when on duty, else the duty."""

    id: int
    call_sign: str
    service: Service
    kind: str
    crew: int = Field(description="How many people are aboard.")
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
    skills: list[str]
    equipment: dict[str, int]
    vehicle: str | None
    radio_name: str | None
    primary: Primary = Field(description="EIDO's first axis (NENA-STA-021.1): whether it can be sent.")
    secondary: list[Secondary] = Field(description="EIDO's second axis: what it does; they combine.")
    local_status: str | None
    label: Title | None = Field(description="The local word for what it does.")
    shift: Shift | None = Field(description="The one that runs.")
    panic: OpenPanic | None
    unread: Unread | None = Field(description="Of the desk's people alone.")
    silent: bool = Field(description="Bound to an incident, and not heard of for a minute.")


class Units(Sent):
    """Every unit the account sees."""

    units: list[Unit]


class ProposedUnit(Sent):
    """Whose position proposes it."""

    id: int
    call_sign: str


class ProposedIncident(Sent):
    """Where the unit is sent to."""

    id: int
    number: str


class StatusProposal(Sent):
    """A step that a position proposes: a person takes or drops it."""

    id: int
    dispatch_id: int
    unit: ProposedUnit
    incident: ProposedIncident
    status: Status
    at: Moment
    reason: Title


class StatusProposals(Sent):
    """Proposals that can still happen, newest first."""

    proposals: list[StatusProposal]


class DutyWord(Sent):
    """One word of a unit's duty; `taken` says whether it changed anything, `late` that it was sent long after."""

    duty: Duty
    at: Moment
    received_at: Moment
    who: str
    reason: str | None
    taken: bool
    late: bool


class UnitDetail(Unit):
    """A unit with who rides in it (names masked for those who plan), what its position proposes, and what was said.

    Messages are of the crew and the desk alone: nobody else reads any.
    """

    members: list[Member]
    shifts: list[Shift]
    messages: list[Message]
    proposals: list[StatusProposal]
    duties: list[DutyWord]


class SaidDuty(Asked):
    """A unit's duty as the desk says it; the reason is a local word's code, or a text."""

    duty: Duty
    reason: Text | None = None


class ChangedUnit(Asked):
    """What changes of a unit; what is left out stays. `vehicle` and `radio_name` are taken away by null."""

    skills: Skills | None = None
    equipment: Equipment | None = None
    vehicle: Word | None = None
    radio_name: Word | None = None
    crew: Crew | None = None

    @property
    def cleared(self) -> frozenset[Literal["vehicle", "radio_name"]]:
        """Return what was given as null and may be."""
        names: tuple[Literal["vehicle", "radio_name"], ...] = ("vehicle", "radio_name")
        return frozenset(name for name in names if name in self.model_fields_set and getattr(self, name) is None)

    @model_validator(mode="after")
    def _something(self) -> "ChangedUnit":
        if not self.cleared and all(value is None for value in self.model_dump().values()):
            raise ValueError("give at least one of skills, equipment, vehicle, radio_name, crew")
        return self


class NewMember(Asked):
    """Somebody who is to ride in a unit."""

    name: Word
    role: Role = ""


class NewShift(Asked):
    """A shift of at most a week."""

    begins_at: SentMoment
    ends_at: SentMoment
    crew: Annotated[list[NewMember], Field(max_length=30, default_factory=list)]

    @model_validator(mode="after")
    def _lasts(self) -> "NewShift":
        if not 0 < (self.ends_at - self.begins_at).total_seconds() <= 7 * 86_400:
            raise ValueError("a shift ends after it begins, within a week")
        return self


class Shifts(Sent):
    """Shifts: those that run and come, soonest first, then those that are over, newest first."""

    shifts: list[Shift]


class Read(Asked):
    """That the crew's messages were read, up to this one."""

    up_to: SomeId = Field(description="The id of the newest one that was shown.")


class NewMessage(Asked):
    """A message to a crew."""

    text: Text

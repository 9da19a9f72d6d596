"""The shapes of calls to 112: who rings, from where and how surely, what was said, what became of it."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

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
from geo_server.api.models.lifecycle import Likeness
from geo_server.operations.content import Urgency
from layers.calls.places import PlacedBy
from layers.calls.rules import Outcome, State

Phone = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40), AfterValidator(storable)]
Said = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000), AfterValidator(storable)]
Answer = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500), AfterValidator(storable)
]
Answers = Annotated[dict[Word, Answer | None], Field(max_length=100, description="By question; null takes one back.")]
ByPerson = Literal["address", "common_name", "click"]
Radius = Annotated[float, Field(ge=0, le=1_000_000, description="How far off the place may be, metres.")]


class CallBrief(Sent):
    """A call as an incident's card lists it."""

    id: int
    line: str = Field(description="The line it came in by.", examples=["112"])
    state: State
    outcome: Outcome | None
    rang_at: Moment
    answered_by: str | None
    placed_by: PlacedBy
    said: str
    answers: dict[str, str] = Field(description="By question of /api/map.")


class Handed(Sent):
    """That a call was handed to the area that has it now: by which area and whom, and why."""

    giver: Area = Field(serialization_alias="from")
    at: Moment
    by: str
    reason: str


class Call(CallBrief):
    """A call; phone and name are masked, `place` is null where nobody knows it.

    The caller is within `radius_m` metres of the place by `confidence_pct` percent (ETSI TS 103 625). `outside` says
    that the call comes from beyond the country, or from beyond the area that answers for it.
    """

    reason: str | None = Field(description="Why it ended so.")
    decided_by: str | None = Field(description="Who said what became of it; null where the caller hung up.")
    phone: str | None = Field(examples=["+7 7** *** ** 12"])
    caller_name: str | None = Field(examples=["А•••"])
    answered_at: Moment | None
    ended_at: Moment | None
    incident_id: int | None
    category: str | None = Field(description="A name in `categories` of /api/map.")
    address: str | None
    common_name: str | None = Field(description="What people call the place.")
    place: Place | None
    placed_at: Moment | None = Field(description="When the caller was there.")
    radius_m: float | None
    confidence_pct: float | None
    area: Area
    outside: bool
    lies_in: Area | None = Field(description="Of one from outside: the area that its place lies in.")
    handed: Handed | None = Field(description="The last hand, where another area had it before.")
    ours: bool = Field(description="False where one's own side handed it on, and reads it while it is open.")


class Calls(Sent):
    """A page of calls; `next` is the `after` of the following page."""

    calls: list[Call]
    next: int | None
    total: int | None = Field(description="How many on all pages; of open and waiting ones alone.")


class CallEntry(Sent):
    """One line of what was told of a call and done about it."""

    at: Moment
    who: str
    kind: str = Field(
        examples=[
            "rang",
            "located",
            "answered",
            "noted",
            "opened",
            "joined",
            "handed",
            "ended",
            "left_out",
            "told_later",
        ]
    )
    details: dict[str, Any]


class CallCard(Call):
    """A call with the open incidents that it may be about, and with its own record, oldest line first."""

    likenesses: list[Likeness]
    entries: list[CallEntry]


class EditCall(Asked):
    """What a dispatcher writes down; a member that is left out stays as it is, null takes it away."""

    said: Said | None = None
    answers: Answers | None = None
    category: Word | None = None
    address: Word | None = None
    common_name: Word | None = None
    place: AskedPlace | None = None
    placed_by: ByPerson = Field(default="click", description="By what the place was found.")
    radius_m: Radius | None = None
    caller_name: Word | None = None
    phone: Phone | None = None

    @model_validator(mode="after")
    def _place_is_whole(self) -> "EditCall":
        if (
            self.place is None
            and self.model_fields_set & {"placed_by", "radius_m"}
            and "place" not in (self.model_fields_set)
        ):
            raise ValueError("placed_by and radius_m belong to a place")
        return self


class NewCall(EditCall):
    """A call that came in beside the exchange; whoever writes it down has answered it."""

    line: Word | None = None


class OpenFromCall(Asked):
    """What opens an incident from a call; what is left out is the call's own."""

    category: Word | None = Field(default=None, examples=["road_accident"])
    priority: Priority | None = None
    urgency: Urgency | None = Field(default=None, description="The ambulance's, where it is not the category's.")
    description: Text | None = None
    address: Word | None = None
    place: AskedPlace | None = None


class JoinCall(Asked):
    """Which incident a call is about."""

    incident_id: SomeId


class HandCall(Asked):
    """Which area gets a call, and why."""

    area_id: SomeId
    reason: Text


class EndCall(Asked):
    """What became of a call; to whom it was transferred, and why nothing is done, is said as its reason."""

    outcome: Outcome
    reason: Text | None = None


class CallCaller(Sent):
    """Who rings, unmasked, and what an exchange told of them later and otherwise."""

    name: str | None
    phone: str | None
    later_names: list[str]
    later_phones: list[str]

"""The shapes of contacts."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from geo_server.api.models.base import Area, Asked, Moment, Sent, SomeId, Word, storable
from geo_server.api.models.notices import Told

Role = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,47}$"),
    Field(description="What a plan's `told` names.", examples=["akimat_duty"]),
]
Address = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000), AfterValidator(storable)]
Channel = Literal["sms_smpp", "sms_http", "mail", "webhook", "mqtt"]
Order = Annotated[list[Channel], Field(max_length=5, description="In the order in which they are tried.")]
_KEPT = ("name", "role", "language", "channels", "enabled")


class Contact(Sent):
    """A person or a desk that is told; `unit_id` where it is reached in place of that unit's page."""

    id: int
    area: Area
    unit_id: int | None
    name: str
    role: str
    language: Literal["kk", "ru", "en"]
    phone: str | None
    email: str | None
    url: str | None
    topic: str | None
    channels: list[str]
    escalates_to_id: int | None
    enabled: bool
    created_at: Moment
    created_by: str


class Contacts(Sent):
    """The contacts of the area entered and of all below it."""

    contacts: list[Contact]


class NewContact(Asked):
    """A new contact; each of its channels needs its address."""

    area_id: SomeId
    unit_id: SomeId | None = None
    name: Word
    role: Role
    language: Literal["kk", "ru", "en"] = "ru"
    phone: Address | None = None
    email: Address | None = None
    url: Address | None = None
    topic: Address | None = None
    channels: Order = Field(default_factory=list)
    escalates_to_id: SomeId | None = None


class ChangedContact(Asked):
    """What changes of a contact; what is left out stays, null takes an address or a next one away."""

    unit_id: SomeId | None = None
    name: Word | None = None
    role: Role | None = None
    language: Literal["kk", "ru", "en"] | None = None
    phone: Address | None = None
    email: Address | None = None
    url: Address | None = None
    topic: Address | None = None
    channels: Order | None = None
    escalates_to_id: SomeId | None = None
    enabled: bool | None = None

    @model_validator(mode="after")
    def _keeps_what_it_needs(self) -> Self:
        if any(name in self.model_fields_set and getattr(self, name) is None for name in _KEPT):
            raise ValueError("may be left out, but not taken away")
        return self


class Test(Asked):
    """By which channel the test goes; the contact's first where none is named."""

    channel: Channel | None = None


class Tests(Sent):
    """The last tests of a contact, the newest first."""

    tests: list[Told]


class Secret(Sent):
    """What the receiver of a webhook checks its signature by. It is told this once, and ends the one before."""

    secret: str

"""The shapes of notices, of their channels and of a crew's phones."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from geo_server.api.models.base import Asked, Moment, Sent, Text, Title


class Notice(Sent):
    """One step that was taken: to whom, by which channel, and what became of it; `code` tells of the last try."""

    id: int
    step: int = Field(ge=0)
    to_kind: Literal["unit", "contact"]
    to_id: int
    to_name: str
    channel: str = Field(examples=["sms_smpp"])
    address: str
    state: Literal["queued", "sent", "delivered", "acknowledged", "failed", "expired"]
    attempts: int = Field(ge=0)
    queued_at: Moment
    sent_at: Moment | None
    delivered_at: Moment | None
    acknowledged_at: Moment | None
    acknowledged_by: str | None
    acknowledged_means: str | None
    expires_at: Moment
    code: str | None = Field(examples=["timeout"])
    parts: int | None = Field(description="Of a short message, into how many parts it went.")
    cut: bool = Field(description="The channel's limit took the end of the text.")


class Step(Sent):
    """A step of a chain, taken or still to come."""

    to_kind: Literal["unit", "contact"]
    to_id: int
    channel: str


class Told(Sent):
    """One thing that one side is to know: open until somebody acknowledges it, or expired after its last step."""

    id: int
    kind: Literal["dispatch", "incident", "alarm", "clock", "panic", "message", "test"]
    dispatch_id: int | None
    to_kind: Literal["unit", "role", "contact"]
    to_id: int | None
    to_role: str | None
    state: Literal["open", "acknowledged", "expired"]
    step: int = Field(ge=-1, description="The step that runs; -1 before the first.")
    steps: list[Step] | None = Field(description="None before they are planned.")
    due_at: Moment | None = Field(description="When it goes on to its next step unless somebody acknowledges it.")
    queued_at: Moment
    queued_by: str
    ended_at: Moment | None
    ended_by: str | None
    ended_how: str | None = Field(examples=["radio"])
    notices: list[Notice]


class Channel(Sent):
    """A channel: whether an administrator has set where it sends to, and how it fared last."""

    name: str
    title: Title
    configured: bool
    last_ok_at: Moment | None
    failing_since: Moment | None
    code: str | None


class Channels(Sent):
    """Every channel, in the order of the register."""

    channels: list[Channel]


class Notices(Sent):
    """Who was and is to be told of an incident, the newest first, and how the channels are."""

    notices: list[Told]
    channels: list[Channel]


class Acknowledge(Asked):
    """How somebody said that they know, and what else they said."""

    means: Literal["radio", "phone", "in_person"]
    note: Text | None = None


Base64url = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]+={0,2}$", max_length=200)]


class PushKey(Sent):
    """What a browser's `applicationServerKey` is set to; none where no push service is allowed."""

    key: str | None


class PushKeys(Asked):
    """The browser's keys, as its `PushSubscription.toJSON()` names them."""

    p256dh: Base64url
    auth: Base64url


class PushSubscription(Asked):
    """A phone that wants to be woken, as its `PushSubscription.toJSON()` says it."""

    endpoint: Annotated[str, StringConstraints(min_length=1, max_length=2000)]
    expirationTime: float | None = None
    keys: PushKeys


class PushEndpoint(Asked):
    """The phone that is to be forgotten."""

    endpoint: Annotated[str, StringConstraints(min_length=1, max_length=2000)]

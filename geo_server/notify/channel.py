"""The one shape of a channel: it takes a message, and says what became of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from layers.values import Title


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is to be told: `body` where there is room, `short` where there is little; neither names a caller.

    `address` is what the channel reaches the recipient by; `number` and `category` are the incident's.
    """

    notice_id: int
    to_id: int
    kind: str
    address: str
    secret_round: int
    language: str
    subject: str
    body: str
    short: str
    priority: int
    number: str | None
    category: str | None
    queued_at: datetime
    expires_at: datetime

    @property
    def key(self) -> str:
        """Return the name under which a receiver knows the same message again, should it come twice."""
        return f"qyran-{self.notice_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The channel took it. `awaits` are its numbers of the parts that it will send receipts for.

    `cut` where its limit took the end of the text, `code` where there is something to say of it.
    """

    awaits: tuple[str, ...] = ()
    parts: int | None = None
    cut: bool = False
    code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """Not now: the channel is failing. `after_s` where it said when to come again, in seconds."""

    code: str
    after_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Never:
    """Not to this address, or not by this channel as it is set."""

    code: str


Outcome = Sent | Later | Never


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What a gateway says later of one part: whether it arrived."""

    channel: str
    reference: str
    arrived: bool


class Channel(Protocol):
    """A way to reach people. One that is not `configured` sends nothing: no address left this machine by itself."""

    @property
    def name(self) -> str:
        """Return its name in the register, in a contact's `channels` and in `notice.channel`."""

    @property
    def title(self) -> Title:
        """Return what people call it."""

    @property
    def configured(self) -> bool:
        """Say whether an administrator has set where it sends to."""

    @property
    def at_once(self) -> int:
        """Return how many messages it sends side by side."""

    @property
    def patience_s(self) -> float:
        """Return after how many seconds a message that it has not answered for counts as not sent."""

    async def send(self, message: Message) -> Outcome:
        """Send a message; whatever it raises counts as `Later`."""

    async def close(self) -> None:
        """Let go of its connections."""

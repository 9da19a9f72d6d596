"""Contacts, notices and their chains as they are handed on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from geo_server.notify.escalating import Chain
from layers.values import LonLat, Title

Kind = Literal["dispatch", "incident", "alarm", "clock", "panic", "message", "test"]
Language = Literal["kk", "ru", "en"]
Means = Literal["page", "radio", "phone", "in_person", "status"]  # how somebody acknowledged


class State(StrEnum):
    """Where one notice stands: handed to its channel, known to have arrived, acknowledged by a person."""

    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    ACKNOWLEDGED = "acknowledged"
    FAILED = "failed"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Who is to know: a unit that was sent (by its `dispatch_id`), whoever holds a role, or one contact."""

    kind: Literal["unit", "role", "contact"]
    id: int | None = None
    role: str | None = None
    dispatch_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a chain: this unit or contact by that channel."""

    to_kind: Literal["unit", "contact"]
    to_id: int
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A person or a desk that is told; `channels` in the order in which they are tried."""

    id: int
    area_id: int
    unit_id: int | None
    name: str
    role: str
    language: Language
    phone: str | None
    email: str | None
    url: str | None
    topic: str | None
    channels: tuple[str, ...]
    escalates_to_id: int | None
    secret_round: int
    enabled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Administered:
    """A contact as it is administered: with its area's name, and who wrote it down."""

    contact: Contact
    area: Title
    created_at: datetime
    created_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A chain whose time has come, with all that its next notice is written from; `of` is where it stands.

    `steps` is None before it is planned. `incident_id` is None for a panic, a message and a test, `call_sign` where no
    unit is told and none cries for help. `told_in` is the incident whose timeline keeps its lines: of a panic the one
    that its unit is bound to; `place` is where the panic was raised.
    """

    id: int
    of: Chain
    kind: Kind
    steps: tuple[Step, ...] | None
    to_kind: str
    to_id: int | None
    to_role: str | None
    alarm: int
    priority: int
    incident_id: int | None
    dispatch_id: int | None
    number: str | None
    category: str | None
    plan_version_id: int | None
    address: str | None
    area_id: int | None
    area: Title | None
    call_sign: str | None
    panic_id: int | None
    told_in: int | None
    place: LonLat | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNotice:
    """A notice as its step begins: to whom, by what, in which words."""

    to_name: str
    address: str
    secret_round: int
    language: Language
    subject: str
    body: str
    short: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One step of a chain that was taken, and what became of it; `code` tells of the last try."""

    id: int
    chain_id: int
    step: int
    to_kind: str
    to_id: int
    to_name: str
    channel: str
    address: str
    subject: str
    body: str
    state: State
    attempts: int
    queued_at: datetime
    sent_at: datetime | None
    delivered_at: datetime | None
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    acknowledged_means: str | None
    expires_at: datetime
    code: str | None
    parts: int | None
    cut: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One thing that one side is to know, with the notices of the steps taken so far."""

    id: int
    kind: Kind
    incident_id: int | None
    dispatch_id: int | None
    panic_id: int | None
    to_kind: str
    to_id: int | None
    to_role: str | None
    state: str
    step: int
    steps: tuple[Step, ...] | None
    due_at: datetime | None
    queued_at: datetime
    queued_by: str
    ended_at: datetime | None
    ended_by: str | None
    ended_how: str | None
    notices: tuple[Notice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelHealth:
    """How a channel fared last; `code` is its last fault where it is failing."""

    name: str
    last_ok_at: datetime | None = None
    failing_since: datetime | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A crew's phone that can be woken: where its push service is, and its keys (RFC 8291, 3.1)."""

    id: int
    endpoint: str
    p256dh: bytes
    auth: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """How long a notice waits to be acknowledged before the next step, and how long it is tried at all; seconds."""

    acknowledge_s: float
    keep_s: float


Timers = Mapping[int, Timer]

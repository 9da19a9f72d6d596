"""Tickets for video as both wings know them."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Kind = Literal["live", "mjpeg", "playback", "export"]
CHANNEL = "qyran_footage"  # the bell of what is watched and recorded: a camera's row that says so rings it
LASTS_S = 30  # from asking to using; as migration 0032 says


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTicket:
    """What the server lets somebody watch."""

    token_sha256: bytes
    kind: Kind
    camera_id: int
    account_id: int
    account: str
    session_id: int
    watermark: str
    masked: bool
    begins_at: datetime | None = None
    until: datetime | None = None
    event_id: int | None = None
    export_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A ticket as the door for video uses it up."""

    id: int
    kind: Kind
    camera_id: int
    account: str
    session_id: int
    watermark: str
    masked: bool
    begins_at: datetime | None
    until: datetime | None
    event_id: int | None = None
    export_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Watchable:
    """A camera as who wants to watch it asks: `own` where it stands in the area they answer for or below it."""

    id: int
    reader: str
    enabled: bool
    has_privacy_masks: bool
    own: bool


def digest(token: str) -> bytes:
    """Return what is stored of a ticket's token."""
    return hashlib.sha256(token.encode()).digest()

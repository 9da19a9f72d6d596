"""Sources and keys as they are handed on; a key itself is nowhere in them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

SourceKind = Literal["positions", "events", "exchange", "pictures"]
KeyState = Literal["good", "expired", "revoked"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A machine that may send: what it sends, for which area, whether it may now, and how much.

    A key of it may make `rate_per_s` requests and bring `rows_per_s` positions or events a second.
    """

    id: int
    name: str
    kind: SourceKind
    area_id: int
    enabled: bool
    rate_per_s: float
    rows_per_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who holds a key, and whether the key is good now by the store's clock."""

    key_id: int
    state: KeyState
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key as an administrator sees it; `last_used_at` is true to the minute."""

    id: int
    source_id: int
    state: KeyState
    created_at: datetime
    created_by: str
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKey:
    """A key just made: `text` is told this once."""

    id: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Administered:
    """A source as an administrator sees it, with its keys, the newest first."""

    source: Source
    created_at: datetime
    keys: tuple[Key, ...]

"""Recordings, gaps, holds, clips and exports as they are handed on; times in UTC, sizes in bytes."""

from dataclasses import dataclass
from datetime import datetime

Index = tuple[tuple[int, int, int], ...]  # ms since the file's beginning, offset, 1 for a key frame


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """How far a file is written and safe; `sha256` once it is closed."""

    camera_id: int
    path: str
    begins_at: datetime
    ends_at: datetime
    size: int
    init_size: int
    codec: str
    index: Index
    retention: str
    sha256: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """One file; the hashes once it is closed."""

    id: int
    camera_id: int
    code: str
    path: str
    begins_at: datetime
    ends_at: datetime
    size: int
    init_size: int
    codec: str
    index: Index
    state: str
    retention: str
    sha256: bytes | None = None
    previous_sha256: bytes | None = None
    chain_sha256: bytes | None = None
    number: int | None = None
    deleted_why: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """What was to be recorded and was not; `ends_at` None: still so."""

    camera_id: int
    begins_at: datetime
    ends_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """How the recording of a camera fares; `sentence` says a fault to a person, in English."""

    camera_id: int
    at: datetime
    state: str
    reason: str | None = None
    sentence: str | None = None
    safe_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """An interval of a camera that no deletion passes."""

    camera_id: int
    begins_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A legal hold as people read it."""

    id: int
    camera_id: int
    code: str
    incident_id: int | None
    event_id: int | None
    begins_at: datetime
    ends_at: datetime
    reason: str
    legal_basis: str
    set_at: datetime
    set_by: str
    released_at: datetime | None
    released_by: str | None
    release_reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """The clip of an event."""

    event_id: int
    camera_id: int
    begins_at: datetime
    ends_at: datetime
    state: str
    reason: str | None
    path: str | None
    size: int | None
    init_size: int | None
    codec: str | None
    sha256: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """An export of original bytes: who asked, of what, how far it is; `why` it failed is a code (`archive.fault.…`)."""

    id: int
    asked_at: datetime
    asked_by: str
    incident_id: int | None
    reason: str
    legal_basis: str
    camera_ids: tuple[int, ...]
    begins_at: datetime
    ends_at: datetime
    state: str
    why: str | None
    path: str | None
    size: int | None
    sha256: bytes | None
    key_id: str | None
    ready_at: datetime | None

"""Entries of the hotlist and their hits as they are handed on."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

Kind = Literal["stolen", "wanted", "missing", "other"]
Standing = Literal["coming", "live", "over", "ended"]  # over: its time is; ended: by a person before that
LONGEST = timedelta(days=366)  # nobody is looked for without somebody looking at the grounds once a year
HIT = "plate_hit"  # the kind of events that a hit is told by


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEntry:
    """A plate to be looked for from now or `begins_at` until `ends_at`, in an area and all below it."""

    plate: str
    kind: Kind
    legal_basis: str
    owner: str
    area_id: int
    ends_at: datetime
    begins_at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry as it stands; `hits` counts those that the viewer sees."""

    id: int
    plate: str
    kind: Kind
    legal_basis: str
    owner: str
    area_id: int
    begins_at: datetime
    ends_at: datetime
    note: str
    created_at: datetime
    created_by: str
    ended_at: datetime | None
    ended_by: str | None
    standing: Standing
    hits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """An entry as the west wing holds it in memory while it is live."""

    id: int
    plate: str
    kind: str
    legal_basis: str
    owner: str
    area_id: int
    begins_at: datetime
    ends_at: datetime

"""What is known of premises, as it is handed on."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from layers.values import LonLat

Kind = Literal["hazard", "note", "key", "contact"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNote:
    """What is to be known of premises at a place; it stands until `until` (UTC), or until somebody ends it."""

    kind: Kind
    text: str
    place: LonLat
    address: str | None
    made_by: str
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a crew is told of the premises it is sent to."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What is or was known of premises; `distance_m` metres from where it was asked."""

    id: int
    kind: Kind
    text: str
    place: LonLat
    address: str | None
    made_by: str
    made_at: datetime
    until: datetime | None
    ended_at: datetime | None
    standing: bool
    distance_m: float = 0.0

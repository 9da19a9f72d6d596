"""An area as it is handed on."""

from dataclasses import dataclass
from datetime import datetime

from layers.values import Level, Title


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """One node of the tree; `approximate` where the border is not the official one, `closed_at` where it is no more."""

    id: int
    parent_id: int | None
    level: Level
    code: str
    name: Title
    approximate: bool
    closed_at: datetime | None = None

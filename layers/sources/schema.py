"""A source as it is handed on."""

from dataclasses import dataclass
from typing import Literal

SourceKind = Literal["positions", "events"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A machine that may send: what it sends, for which area, and whether it may now. The key itself is nowhere."""

    id: int
    name: str
    kind: SourceKind
    area_id: int
    enabled: bool

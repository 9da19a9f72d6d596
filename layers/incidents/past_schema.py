"""What happened before at a place, an address, along a street or by a phone, as it is handed on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from layers.calls.rules import Outcome
from layers.incidents.schema import PastIncident
from layers.values import Service


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A crew that was there, by its own clock; without a name where it is not the viewer's to see."""

    service: Service
    call_sign: str | None
    arrived_at: datetime
    left_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRow:
    """An incident of before; a duplicate was merged into another one, a false alarm was closed as one."""

    incident: PastIncident
    duplicate: bool
    false_alarm: bool
    visits: tuple[Visit, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was found: how much in all and of each category without the duplicates, and the newest rows.

    `street` is the one that was looked along; `calls` are those of a phone that came to no incident, by what became
    of them.
    """

    total: int
    duplicates: int
    false_alarms: int
    by_category: Mapping[str, int]
    rows: tuple[PastRow, ...]
    street: str | None = None
    calls: Mapping[Outcome, int] = field(default_factory=dict)

"""A job as everybody else sees it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

COVERAGE = "coverage"  # kinds: an area is reckoned
PLACEMENT = "placement"  # a plan of cameras is
REGISTER = "register"  # a file is taken into the register of cameras
Outcome = Literal["done", "cancelled", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Work of some kind, in an area; `done` of `total` steps, which nobody may know yet; no outcome while it runs."""

    id: int
    kind: str
    args: dict[str, Any]
    area_id: int
    asked_by: str
    asked_at: datetime
    begun_at: datetime | None
    ended_at: datetime | None
    cancelled_at: datetime | None
    done: int
    total: int | None
    outcome: Outcome | None
    fault: str | None

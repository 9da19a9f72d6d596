"""Closures as they are handed on."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from shapely.geometry.base import BaseGeometry

Kind = Literal["road", "line", "polygon"]
State = Literal["planned", "in_force", "ended"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewClosure:
    """What is to be closed, from `begins_at` (UTC) until `ends_at`, or until somebody opens it.

    `shape` is a LineString or Polygon, lon lat degrees WGS 84; `road_id` names the one segment where `kind` is road.
    """

    kind: Kind
    shape: BaseGeometry
    reason: str
    made_by: str
    begins_at: datetime | None = None  # none: now, by the store's clock
    ends_at: datetime | None = None
    road_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """A closure as people read it; `roads` counts the segments it closes, `road_id` is the one of kind `road`."""

    id: int
    kind: Kind
    reason: str
    begins_at: datetime
    ends_at: datetime | None
    made_by: str
    state: State
    shape: BaseGeometry
    roads: int
    road_id: int | None
    road_name: str | None

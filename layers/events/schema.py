"""Events as they are handed on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from layers.events.rules import State
from layers.incidents.schema import AreaName
from layers.values import Ellipse, LonLat, Title


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenBy:
    """The camera that saw it."""

    id: int
    code: str
    name: Title


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureSize:
    """The picture of an event without its bytes; `box` is x0, y0, x1, y1 of what was seen, all in pixels."""

    width_px: int
    height_px: int
    box: tuple[float, float, float, float] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """The picture of an event as a JPEG, and the one with the camera's privacy masks burnt in, where there is one.

    `own` says whether the viewer answers for its camera's area, or for one above it.
    """

    jpeg: bytes
    masked_jpeg: bytes | None
    has_privacy_masks: bool
    own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What a detector or an outside system noticed, and what a person decided about it."""

    id: int
    kind: str
    source: str
    camera: SeenBy | None
    at: datetime
    received_at: datetime
    certainty: float
    state: State
    decided_at: datetime | None
    decided_by: str | None
    reason: str | None
    place: LonLat
    ellipse: Ellipse | None
    placed_by: str
    area: AreaName
    picture: PictureSize | None
    incident_id: int | None
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class NearbyEvent:
    """An event near a place, metres away."""

    id: int
    kind: str
    at: datetime
    state: State
    place: LonLat
    distance_m: float

"""What is known of where something stands."""

from dataclasses import dataclass
from typing import Literal

from layers.values import Ellipse, LonLat

PlacedBy = Literal["camera", "control_points", "camera_position", "sender"]
Unplaced = Literal["calibration_broken", "moving", "no_preset"]  # why a camera that could place does not now


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A place on the ground with its 95 % error ellipse, and what it rests on."""

    place: LonLat
    ellipse: Ellipse
    placed_by: PlacedBy
    bearing_deg: float | None = None  # clockwise from north, where all that is known is a direction
    unplaced: Unplaced | None = None

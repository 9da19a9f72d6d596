"""The frozen values that the rooms of the west wing hand on: from a frame to an event."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from layers.cameras.now import CameraNow as CameraNow
from layers.sight.placed import Placed as Placed
from layers.sight.placed import PlacedBy as PlacedBy
from layers.values import LonLat

Image = NDArray[np.uint8]
Point = tuple[float, float]  # x, y in pixels of the frame, y downwards
Box = tuple[float, float, float, float]  # x0, y0, x1, y1 in pixels of the frame


class Picture(Protocol):
    """What a camera saw, brought into pixels only where somebody looks; any thread may ask."""

    @property
    def size_px(self) -> tuple[int, int]:
        """Return width and height of the image in pixels: what boxes and rules count in."""
        ...

    def image(self) -> Image:
        """Return it as BGR, height x width x 3, made once; who changes it copies it."""
        ...

    def luma(self, width_px: int, height_px: int) -> Image:
        """Return it grey and small, height x width, black 0 and white 255: enough to see whether anything moves."""
        ...

    def yuv(self, width_px: int, height_px: int) -> Sequence[Image]:
        """Return it in another size as video has it (`colours`): Y, U and V, height x width; nobody changes them."""
        ...

    def sized(self, width_px: int, height_px: int) -> "Picture":
        """Return the same in another size."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class FramePose:
    """Where a camera that moves was at a frame, and how it looked; None: not told.

    Metres above the ground, degrees from north, below the horizon, clockwise, and across.
    """

    place: LonLat
    height_m: float | None = None
    heading_deg: float | None = None
    tilt_deg: float | None = None
    hfov_deg: float | None = None
    roll_deg: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Frame:
    """One picture of one camera, when it was taken (UTC), and where from, if the camera moves and says so."""

    picture: Picture
    at: datetime
    camera_id: int
    sequence: int
    pose: FramePose | None = None

    @property
    def image(self) -> Image:
        """Return the picture as BGR, height x width x 3."""
        return self.picture.image()


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """One object in one frame; score from 0 to 1."""

    label: str
    score: float
    box: Box


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """One object followed over frames. Rules count confirmed tracks only; `foot` is where it stands on the ground."""

    id: int
    label: str
    score: float
    box: Box
    foot: Point
    confirmed: bool
    seen: bool  # found in this very frame, not merely predicted into it


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scene:
    """What the functions look at: one moment of one camera. `motion` holds the moving regions the gate found.

    `image` is the frame itself, BGR; a function that keeps one copies it.
    """

    at: datetime
    tracks: tuple[Track, ...] = ()
    motion: tuple[Box, ...] = ()
    image: Image | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a function has to tell: the event before it has a place and a picture."""

    kind: str  # a name in data/event_kinds.json
    at: datetime
    certainty: float
    box: Box
    foot: Point
    details: dict[str, Any] = field(default_factory=dict)
    itself: bool = False  # the camera is meant, not what it sees: the place is where it hangs


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDraft:
    """An event ready for `report`; the picture is a JPEG whose pixels `box` counts in.

    `masked_jpeg` is the same with the camera's privacy masks burnt in; None where it has none.
    """

    kind: str
    source: str
    source_event_id: str | None
    camera_id: int | None
    at: datetime
    certainty: float
    placed: Placed
    details: dict[str, Any]
    picture_jpeg: bytes | None = None
    masked_jpeg: bytes | None = None
    width_px: int | None = None
    height_px: int | None = None
    box: Box | None = None

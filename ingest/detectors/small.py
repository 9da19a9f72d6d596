"""A picture made small enough to be looked at cheaply, what of it may be looked at, and the blocks it is judged by."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.values import Box, Image, Point, Seen

Masks = tuple[tuple[Point, ...], ...]  # polygons in pixels of the camera's frame that are not looked at
Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]

WIDTH_PX = 320
BLOCK_PX = 8  # of the small picture
FURTHEST_PX = 30_000.0  # a corner of a mask beyond this is as good as there: OpenCV counts in 16 bits


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Small:
    """A small picture, BGR; each of its pixels stands for `shrink` x `shrink` of the frame's."""

    image: Image
    shrink: int
    open: Bools  # where it may be looked at
    open_blocks: Bools

    @property
    def whole(self) -> Box:
        """Return the whole frame, in its own pixels."""
        height, width = self.image.shape[:2]
        return self.box(0, 0, width, height)

    def box(self, x: float, y: float, width: float, height: float) -> Box:
        """Return a rectangle of the small picture in the frame's pixels."""
        by = float(self.shrink)
        return x * by, y * by, (x + width) * by, (y + height) * by


@dataclass(slots=True)
class Glass:
    """Makes frames small. Masked parts (Almaty 213, art. 9) are grey in every picture, so nothing happens in them."""

    masks: Masks = ()
    width_px: int = WIDTH_PX
    _frame: tuple[int, int] | None = None
    _shrink: int = 1
    _open: Bools = field(default_factory=lambda: np.zeros((0, 0), bool))
    _open_blocks: Bools = field(default_factory=lambda: np.zeros((0, 0), bool))

    def look(self, image: Image) -> tuple[Small, bool]:
        """Return the small picture, and whether frames have this size for the first time: all memory is void then."""
        height, width = image.shape[:2]
        new = (width, height) != self._frame
        if new:
            self._measure(width, height)
        rows, columns = self._open.shape
        cut = image[: rows * self._shrink, : columns * self._shrink]
        if (
            self._shrink > 3
        ):  # of a large frame every mean of a few pixels is as good as that of all, and ten times as fast
            cut = cv2.resize(cut, (2 * columns, 2 * rows))
        small = cast(Image, cv2.resize(cut, (columns, rows), interpolation=cv2.INTER_AREA))
        if self.masks:
            small[~self._open] = 128
        made = Small(image=small, shrink=self._shrink, open=self._open, open_blocks=self._open_blocks)
        return made, new

    def _measure(self, width: int, height: int) -> None:
        """Choose by how much to shrink: a whole number, for which OpenCV takes a third of the time."""
        self._frame, self._shrink = (width, height), max(1, min(round(width / self.width_px), height))
        rows, columns = (max(1, side // self._shrink) for side in (height, width))
        hidden = np.zeros((rows, columns), np.uint8)
        for mask in self.masks:
            corners = np.clip(np.array(mask) / self._shrink, -FURTHEST_PX, FURTHEST_PX)
            cv2.fillPoly(hidden, [np.rint(corners).astype(np.int32)], 255)
        self._open = hidden == 0
        self._open_blocks = blocks(hidden) < 128


def grey(image: Image) -> Image:
    """Return the brightness of a picture."""
    return cast(Image, cv2.cvtColor(image, cv2.COLOR_BGR2GRAY))


def blocks(values: NDArray[np.float32] | NDArray[np.uint8]) -> Floats:
    """Return the mean of each block of BLOCK_PX x BLOCK_PX pixels."""
    rows, columns = (max(1, side // BLOCK_PX) for side in values.shape)
    cut = values[: rows * BLOCK_PX, : columns * BLOCK_PX].astype(np.float32)
    return cast(Floats, cv2.resize(cut, (columns, rows), interpolation=cv2.INTER_AREA))


def of_camera(kind: str, small: Small, at: datetime, details: dict[str, Any]) -> Seen:
    """Return what there is to tell of a camera itself: all of its picture is concerned."""
    x0, _, x1, y1 = box = small.whole
    foot = ((x0 + x1) / 2, y1)
    return Seen(kind=kind, at=at, certainty=0.8, box=box, foot=foot, details=details, itself=True)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Region:
    """Connected cells: their rectangle in cells, how many, and which."""

    x: int
    y: int
    width: int
    height: int
    cells: int
    mask: Bools

    def box(self, small: Small, cell_px: int = BLOCK_PX) -> Box:
        """Return the rectangle in the frame's pixels; a cell is `cell_px` pixels of the small picture."""
        return small.box(*(cell_px * value for value in (self.x, self.y, self.width, self.height)))


def regions(mask: Bools, least: int = 1, most: int = 32) -> Iterator[Region]:
    """Yield the connected regions of at least `least` cells, the biggest first, `most` of them."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    sizes: Sequence[int] = stats[:, cv2.CC_STAT_AREA].tolist()
    numbers = sorted((n for n in range(1, len(sizes)) if sizes[n] >= least), key=lambda n: -sizes[n])
    for number in numbers[:most]:
        x, y, width, height = (int(value) for value in stats[number, :4])
        yield Region(x=x, y=y, width=width, height=height, cells=sizes[number], mask=labels == number)

"""Where a camera looks, compared with where it looked: by how much its picture has moved.

Phase correlation of the edges (Kuglin & Hines 1975) finds a pure shift to a fraction of a pixel though people walk and
the light changes. A picture that was turned or zoomed has no such answer; matched corners (ORB, Rublee et al. 2011)
then tell how it moved, or that this is another view.
"""

import math
from dataclasses import dataclass, field
from typing import Literal, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.detectors.small import Bools, Floats, Small, grey
from ingest.values import Image

SURE = 0.3  # response of a phase correlation that may be believed; of two unlike pictures it stays below 0.1
MOST_EDGE = 200.0  # one bright lamp must not outweigh a street
LEAST_EDGE = 6.0  # mean gradient of a picture in which there is something to compare
CORNERS, LEAST_AGREEING, AGREE_PX = 400, 12, 3.0
TILES, STANDS, LEAST_STANDING = 4, 0.6, 3  # parts a side, their correlation with what they were, how many
How = Literal["shift", "corners", "other_view", "nothing"]


def check_limit(limit_percent: float | None) -> None:
    """Refuse a limit that cannot be measured. ValueError."""
    if limit_percent is not None and not 0.2 <= limit_percent < 100:
        raise ValueError("limit_percent must lie between 0.2 and 100: less cannot be measured")


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """How a picture lies beside the one before, in pixels of the small picture: right and down, turned clockwise."""

    how: How
    dx: float = 0.0
    dy: float = 0.0
    turn_deg: float = 0.0
    zoom: float = 1.0

    def percent(self, width: float, height: float) -> float:
        """Return how far the worst part of a picture has moved, % of its sides; 100 for another view."""
        if self.how == "other_view":
            return 100.0
        swing = abs(math.radians(self.turn_deg)) / 2, abs(self.zoom - 1) / 2
        across = abs(self.dx) + swing[0] * height + swing[1] * width
        down = abs(self.dy) + swing[0] * width + swing[1] * height
        return float(100 * max(across / width, down / height))


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """What is kept of a picture to compare others with: its edges, its brightness, where it may be looked at."""

    edges: Floats
    luma: Image
    open: Bools

    @property
    def textured(self) -> bool:
        """Say whether there is anything to compare."""
        return float(self.edges.mean()) > LEAST_EDGE


def sight(small: Small) -> Sight:
    """Return what to compare of a small picture."""
    return sight_of(grey(small.image), small.open)


def sight_of(luma: Image, where: Bools) -> Sight:
    """Return what to compare of a small grey picture, of which so much may be looked at."""
    across, down = (cv2.Sobel(luma, cv2.CV_32F, *order, ksize=3) for order in ((1, 0), (0, 1)))
    edges = np.minimum(cv2.magnitude(across, down), MOST_EDGE).astype(np.float32)
    edges[~where] = 0
    return Sight(edges, luma, where)


@dataclass(slots=True)
class Compass:
    """Compares sights of one size."""

    _window: Floats = field(default_factory=lambda: np.zeros((0, 0), np.float32))

    def shift(self, before: Sight, now: Sight) -> tuple[float, float, float]:
        """Return how far the picture moved right and down, and how sure that is, 0 to 1."""
        rows, columns = before.edges.shape
        if self._window.shape != (rows, columns):
            self._window = cast(Floats, cv2.createHanningWindow((columns, rows), cv2.CV_32F))
        # OpenCV lays the window over its very arguments where their size needs no padding: it gets copies.
        (dx, dy), sure = cv2.phaseCorrelate(before.edges.copy(), now.edges.copy(), self._window)
        return float(dx), float(dy), float(sure)

    def move(self, before: Sight, now: Sight) -> Move:
        """Return how the picture moved, by its edges, else by its corners; `nothing` where there is none to compare."""
        if not now.textured or not before.textured:
            return Move(how="nothing")
        dx, dy, sure = self.shift(before, now)
        if sure >= SURE:
            return Move(how="shift", dx=dx, dy=dy)
        found = by_corners(before, now)
        if found is None and stands_in_part(before, now):
            return Move(how="nothing")  # something large stands before the lens
        return found or Move(how="other_view")


def stands_in_part(before: Sight, now: Sight) -> bool:
    """Say whether some parts of a picture are where they were: more than the clock that a camera writes into it."""
    rows, columns = (side // TILES for side in before.edges.shape)
    tiles = [
        np.s_[y * rows : (y + 1) * rows, x * columns : (x + 1) * columns] for y in range(TILES) for x in range(TILES)
    ]
    return sum(_alike(before.edges[tile], now.edges[tile]) > STANDS for tile in tiles) >= LEAST_STANDING


def _alike(one: Floats, other: Floats) -> float:
    """Return the correlation of two pictures, 0 where there is nothing in one of them."""
    first, second = one - one.mean(), other - other.mean()
    both = float(np.sqrt(np.square(first).sum() * np.square(second).sum()))
    return float((first * second).sum()) / both if both > 0 else 0.0


def by_corners(before: Sight, now: Sight) -> Move | None:
    """Return how a picture moved by the corners that both show; None where too few agree."""
    orb = cv2.ORB.create(CORNERS)
    found = [orb.detectAndCompute(one.luma, one.open.astype(np.uint8)) for one in (before, now)]
    if any(traits is None for _, traits in found):
        return None
    (corners, traits), (others, other_traits) = found
    pairs = cv2.BFMatcher(cv2.NORM_HAMMING, crossCheck=True).match(traits, other_traits)
    if len(pairs) < LEAST_AGREEING:
        return None
    start = np.array([corners[pair.queryIdx].pt for pair in pairs], np.float32)
    end = np.array([others[pair.trainIdx].pt for pair in pairs], np.float32)
    way, agreeing = cv2.estimateAffinePartial2D(start, end, ransacReprojThreshold=AGREE_PX)
    if way is None or int(agreeing.sum()) < LEAST_AGREEING:
        return None
    return _of_affine(np.asarray(way, np.float64), before.luma.shape)


def _of_affine(way: NDArray[np.float64], shape: tuple[int, ...]) -> Move:
    middle = np.array([shape[1] / 2, shape[0] / 2, 1.0])
    dx, dy = way @ middle - middle[:2]
    turn_deg = math.degrees(math.atan2(way[1, 0], way[0, 0]))
    zoom = math.hypot(way[0, 0], way[1, 0])
    return Move(how="corners", dx=float(dx), dy=float(dy), turn_deg=turn_deg, zoom=zoom)

"""The little plane geometry that rules need, in pixels with y downwards; pure."""

import math
from collections.abc import Sequence

from ingest.values import Box, Point

SMALLEST_MOVING_PX2 = 256.0  # Almaty 213, art. 13.3: a moving object of 16 x 16 pixels
EDGE_PX = 3.0  # how near to the edge of the picture a box is cut off by it


def area_px2(box: Box) -> float:
    """Return the area of a box; never negative."""
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])


def foot_of(box: Box) -> Point:
    """Return where what a box holds stands: the middle of its lower edge."""
    return (box[0] + box[2]) / 2, box[3]


def cut_off(box: Box, size_px: tuple[int, int] | None) -> bool:
    """Say whether a box reaches the edge of the picture: neither its shape nor its foot is then the object's."""
    if size_px is None:
        return False
    width, height = size_px
    return min(box[0], box[1]) <= EDGE_PX or box[2] >= width - EDGE_PX or box[3] >= height - EDGE_PX


def side(start: Point, end: Point, point: Point) -> float:
    """Return how far a point lies from the line through start and end, px; positive to the right of its direction."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    return (dx * (point[1] - start[1]) - dy * (point[0] - start[0])) / math.hypot(dx, dy)


def meet(start: Point, end: Point, before: Point, after: Point) -> bool:
    """Say whether the way from before to after, known to change sides of the line, passes between its two ends."""
    first, second = side(start, end, before), side(start, end, after)
    share = first / (first - second)
    x, y = (before[i] + share * (after[i] - before[i]) for i in (0, 1))
    dx, dy = end[0] - start[0], end[1] - start[1]
    along = ((x - start[0]) * dx + (y - start[1]) * dy) / (dx * dx + dy * dy)
    return 0.0 <= along <= 1.0


def inside(polygon: Sequence[Point], point: Point) -> bool:
    """Say whether a point lies in a polygon, by the even-odd rule; the ring closes itself."""
    (x, y), (x0, y0), odd = point, polygon[-1], False
    for x1, y1 in polygon:
        if (y0 > y) != (y1 > y) and x < x0 + (y - y0) / (y1 - y0) * (x1 - x0):
            odd = not odd
        x0, y0 = x1, y1
    return odd


def centre(box: Box) -> Point:
    """Return the middle of a box."""
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def finite(points: Sequence[Point]) -> bool:
    """Say whether every coordinate is a finite number."""
    return all(math.isfinite(value) for point in points for value in point)

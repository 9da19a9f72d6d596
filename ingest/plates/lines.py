"""Lines of text as they may belong together: side by side, or one above another as on plates of two lines. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
OVERLAP = 0.5  # of the narrower line's width: what stands one above another
NEAR = (0.6, 1.9)  # from middle to middle, in heights
ALIKE = 1.8  # how many times as high one line of a plate may be as the other
_REGION_ABOVE = re.compile("([0-9]{3})([0-9]{2})$")  # 123 02 above ABC is 123 ABC 02


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Line:
    """A line of text: its corners from the upper left clockwise, what is read there, and how surely. Never shown."""

    corners: Floats
    text: str = ""
    certainty: float = 0.0

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Return its left, top, right and bottom, px."""
        (x0, y0), (x1, y1) = self.corners.min(axis=0).tolist(), self.corners.max(axis=0).tolist()
        return x0, y0, x1, y1

    @property
    def height(self) -> float:
        """Return how high it is, px, also where it is aslant."""
        return float(np.linalg.norm(self.corners[3] - self.corners[0]))


def together(lines: Sequence[Line]) -> Iterator[tuple[str, Sequence[Line]]]:
    """Return what may be one plate, the simplest first: each line, all from the left, two one above the other."""
    for line in lines:
        yield line.text, (line,)
    if len(lines) > 1:
        yield "".join(line.text for line in lines), lines
    for upper in lines:
        for lower in lines:
            if upper is not lower and is_above(upper, lower):
                yield from ((text, (upper, lower)) for text in stacked(upper.text, lower.text))


def stacked(upper: str, lower: str) -> Iterator[str]:
    """Return how two lines may be read: the lower behind the upper, before the region where that stands above."""
    yield upper + lower
    found = _REGION_ABOVE.search(upper)
    if found is not None:
        yield found[1] + lower + found[2]


def is_above(upper: Line, lower: Line) -> bool:
    """Say whether one line stands right above another of its size."""
    (x0, y0, x1, y1), (u0, v0, u1, v1) = upper.box, lower.box
    high = (upper.height + lower.height) / 2
    alike = max(upper.height, lower.height) <= ALIKE * min(upper.height, lower.height)
    away = ((v0 + v1) - (y0 + y1)) / 2
    shared = min(x1, u1) - max(x0, u0)
    return alike and NEAR[0] * high <= away <= NEAR[1] * high and shared >= OVERLAP * min(x1 - x0, u1 - u0)

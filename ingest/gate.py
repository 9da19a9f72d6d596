"""The motion gate: a running mean of a tiny grey picture tells whether anything moves, cheaply."""

from dataclasses import dataclass
from operator import itemgetter

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.values import Box, Picture

WIDTH_PX, HEIGHT_PX = 160, 90
MOST_REGIONS = 32  # a storm of regions is weather or light, and must not cost more than a crowd


@dataclass(slots=True)
class MotionGate:
    """The memory of one camera: what its still picture looks like."""

    threshold: int = 20  # grey levels
    learning: float = 0.02
    _mean: NDArray[np.float32] | None = None

    def regions(self, picture: Picture) -> tuple[Box, ...]:
        """Take the next frame and return the moving regions, biggest first, in its pixels."""
        grey = cv2.blur(picture.luma(WIDTH_PX, HEIGHT_PX), (3, 3))
        if self._mean is None:
            self._mean = grey.astype(np.float32)
            return ()
        change = cv2.absdiff(grey, cv2.convertScaleAbs(self._mean))
        cv2.accumulateWeighted(grey, self._mean, self.learning)
        moving = cv2.dilate(cv2.threshold(change, self.threshold, 255, cv2.THRESH_BINARY)[1], None)
        width_px, height_px = picture.size_px
        return _boxes(moving, width_px / WIDTH_PX, height_px / HEIGHT_PX)


def _boxes(moving: NDArray[np.uint8], to_x: float, to_y: float) -> tuple[Box, ...]:
    found = cv2.connectedComponentsWithStats(moving, ltype=cv2.CV_16U)[2]  # a third of the time of CV_32S
    biggest = sorted(found[1:].tolist(), key=_area, reverse=True)[:MOST_REGIONS]
    return tuple((x * to_x, y * to_y, (x + w) * to_x, (y + h) * to_y) for x, y, w, h, _ in biggest)


_area = itemgetter(cv2.CC_STAT_AREA)

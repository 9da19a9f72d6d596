"""A second look for those who lie: the model knows people upright, so the picture is turned where one stood last.

Measured on people cut out of a clip: upright it finds them at 0.7 to 0.8, lying at 0.3 or not at all, and lying in a
picture turned by a right angle at 0.5 to 0.7.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import cv2
import numpy as np

from ingest.detectors.detector import ObjectDetector
from ingest.detectors.plane import centre
from ingest.picture import Pixels
from ingest.pipeline import Moment
from ingest.values import Box, Detection, Image, Picture

SURE = 0.4  # what a model is to be sure of for somebody to be there; a tracker begins with as much
STANDING = 1.3  # a standing person's box is at least so many times as tall as wide
LOOK = timedelta(seconds=3)  # whoever was not found for so long has gone
REACH = 2.0  # heights about where one stood that are looked at: chosen on scenes that the card is not measured on
MOST = 16  # people remembered, the longest unseen go first
EDGE_PX = 3.0  # whoever was at the edge of the picture left it


@dataclass(slots=True, kw_only=True)
class _Stood:
    """Where somebody stood last, when they were last found there, upright or lying, and when they were looked for."""

    box: Box
    found_at: datetime
    looked_at: datetime

    @property
    def tall_px(self) -> float:
        return self.box[3] - self.box[1]


@dataclass(slots=True)
class Lying:
    """The memory of one camera: those who stand or stood lately. One of them is looked for in a frame, at most."""

    detector: ObjectDetector
    _stood: list[_Stood] = field(default_factory=list)

    def step(self, moment: Moment) -> Moment:
        """Add whoever lies to what was found."""
        if not moment.awake:
            return moment
        found = self.look(moment.frame.picture, moment.detections, moment.frame.at)
        return moment._replace(detections=(*moment.detections, *found))

    def look(self, picture: Picture, found: Sequence[Detection], at: datetime) -> tuple[Detection, ...]:
        """Return those who lie where one stood and nobody is found now."""
        people = [one for one in found if one.label == "person" and one.score >= SURE]
        missing = self._missing(people, picture.size_px, at)
        if not missing:
            return ()
        one = min(missing, key=lambda one: one.looked_at)
        one.looked_at = at
        lies = self._turned(picture, one)
        if lies is None:
            return ()
        one.found_at = at
        return (lies,)

    def _missing(self, people: Sequence[Detection], size_px: tuple[int, int], at: datetime) -> list[_Stood]:
        """Take those who are found and return those of before who are not."""
        self._stood = [one for one in self._stood if timedelta(0) <= at - one.found_at <= LOOK]
        free = list(people)
        missing = []
        for one in self._stood:
            near = min(free, key=lambda found: _apart(one, found.box), default=None)
            if near is None or _apart(one, near.box) > 1:
                missing.append(one)
                continue
            free.remove(near)
            one.found_at, one.box = at, near.box if _stands(near.box) else one.box
        new = [one.box for one in free if _stands(one.box) and _within(one.box, size_px)]
        self._stood = [*self._stood, *(_Stood(box=box, found_at=at, looked_at=at) for box in new)][-MOST:]
        return missing

    def _turned(self, picture: Picture, one: _Stood) -> Detection | None:
        """Look at where somebody stood with the picture turned either way, and return who lies there."""
        x, y = centre(one.box)
        half = REACH * one.tall_px
        width, height = picture.size_px
        left, top = max(0, int(x - half)), max(0, int(y - half))
        cut = picture.image()[top : min(height, int(y + half)), left : min(width, int(x + half))]
        seen = [box for way in (True, False) for box in self._found(cut, clockwise=way)]
        placed = [replace(each, box=_moved(each.box, left, top)) for each in seen]
        lie = [each for each in placed if _apart(one, each.box) <= 1]
        return max(lie, key=lambda each: each.score, default=None)

    def _found(self, cut: Image, *, clockwise: bool) -> list[Detection]:
        turned = cv2.rotate(cut, cv2.ROTATE_90_CLOCKWISE if clockwise else cv2.ROTATE_90_COUNTERCLOCKWISE)
        found = self.detector.detect(Pixels(np.ascontiguousarray(turned)))
        height, width = cut.shape[:2]
        people = [one for one in found if one.label == "person" and one.score >= SURE and _stands(one.box)]
        return [replace(one, box=_back(one.box, width, height, clockwise=clockwise)) for one in people]


def _back(box: Box, width: float, height: float, *, clockwise: bool) -> Box:
    """Return a box of a turned picture in the picture as it was, which is so wide and tall."""
    x0, y0, x1, y1 = box
    return (y0, height - x1, y1, height - x0) if clockwise else (width - y1, x0, width - y0, x1)


def _moved(box: Box, left: float, top: float) -> Box:
    return box[0] + left, box[1] + top, box[2] + left, box[3] + top


def _apart(one: _Stood, box: Box) -> float:
    """Say how far a box is from where somebody stood; their height is as far as it may be."""
    return math.dist(centre(one.box), centre(box)) / max(1.0, one.tall_px)


def _stands(box: Box) -> bool:
    return box[3] - box[1] >= STANDING * (box[2] - box[0])


def _within(box: Box, size_px: tuple[int, int]) -> bool:
    width, height = size_px
    return min(box[:2]) > EDGE_PX and box[2] < width - EDGE_PX and box[3] < height - EDGE_PX

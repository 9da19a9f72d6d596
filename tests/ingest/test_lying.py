"""Who lies is found where one stood, though the model knows people upright alone."""

from dataclasses import dataclass, replace
from datetime import timedelta

import cv2
import numpy as np
import pytest

from ingest.lying import Lying
from ingest.picture import Pixels
from ingest.values import Box, Detection, Image, Picture
from ingest.watching import Watch
from tests.ingest.detectors.moving import START
from tests.ingest.surroundings import AMONG
from tests.ingest.test_watching import ROW

STANDS: Box = (300, 200, 340, 300)
LIES: Box = (280, 262, 380, 300)


@dataclass
class Upright:
    """Finds whatever is white and taller than wide, and counts how often it was asked."""

    asked: int = 0

    def detect(self, picture: Picture) -> tuple[Detection, ...]:
        self.asked += 1
        white = (picture.image()[..., 0] > 200).astype(np.uint8)
        stats = cv2.connectedComponentsWithStats(white)[2][1:].tolist()
        boxes = [(float(x), float(y), float(x + w), float(y + h)) for x, y, w, h, _ in stats if h > w]
        return tuple(Detection(label="person", score=0.8, box=box) for box in boxes)


def shown(*boxes: Box) -> Image:
    image = np.zeros((576, 768, 3), np.uint8)
    for x0, y0, x1, y1 in boxes:
        image[int(y0) : int(y1), int(x0) : int(x1)] = 255
    return image


def watch(lying: Lying, eyes: Upright, *frames: tuple[Box, ...]) -> list[tuple[Detection, ...]]:
    """Show frames, five a second, and return whom the second look found in each."""
    pictures = [Pixels(shown(*boxes)) for boxes in frames]
    at = (START + timedelta(seconds=n / 5) for n in range(len(frames)))
    return [lying.look(picture, eyes.detect(picture), moment) for picture, moment in zip(pictures, at, strict=True)]


@pytest.mark.parametrize("standing", [STANDS, (600.0, 20.0, 640.0, 120.0)])
def test_who_fell_is_found_lying_in_the_pixels_of_the_frame(standing: Box) -> None:
    eyes = Upright()
    x0, y1 = standing[0], standing[3]
    lies = (x0 - 20, y1 - 38, x0 + 80, y1)
    found = watch(Lying(detector=eyes), eyes, *[(standing,)] * 3, *[(lies,)] * 40)
    assert found[:3] == [()] * 3
    assert [[one.box for one in each] for each in found[3:]] == [[lies]] * 40


def test_who_walks_on_or_left_by_the_edge_is_not_looked_for_and_who_went_is_not_for_long() -> None:
    eyes = Upright()
    walks = [((300.0 + 8 * n, 200.0, 340.0 + 8 * n, 300.0),) for n in range(30)]
    assert watch(Lying(detector=eyes), eyes, *walks) == [()] * 30 and eyes.asked == 30
    eyes.asked = 0
    leaves = [((0.0, 200.0, 40.0, 300.0),), *[()] * 20]
    assert watch(Lying(detector=eyes), eyes, *leaves) == [()] * 21 and eyes.asked == 21
    eyes.asked = 0
    assert watch(Lying(detector=eyes), eyes, (STANDS,), *[()] * 60) == [()] * 61
    assert eyes.asked == 61 + 2 * 15


def test_however_many_are_gone_at_once_one_is_looked_for_in_a_frame() -> None:
    eyes = Upright()
    many = tuple((50.0 + 60 * n, 200.0, 80.0 + 60 * n, 280.0) for n in range(10))
    found = watch(Lying(detector=eyes), eyes, many, (LIES,))
    assert eyes.asked == 2 + 2 and len(found[1]) <= 1


def test_a_camera_looks_a_second_time_where_a_rule_asks_after_the_lying() -> None:
    eyes, row = Upright(), replace(ROW, rules=[{"function": "person_down"}])
    second = [isinstance(getattr(step, "__self__", None), Lying) for step in Watch(row, AMONG.home, eyes).steps]
    assert sum(second) == 1
    other = Watch(replace(row, rules=[{"function": "loitering"}]), AMONG.home, eyes)
    assert not any(isinstance(getattr(step, "__self__", None), Lying) for step in other.steps)

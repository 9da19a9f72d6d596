"""Pictures for rules that look at them: a street of boxes and lines, the same each time, with a sensor's noise."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import cast

import cv2
import numpy as np

from ingest.detectors.detector import Function
from ingest.values import Image, Scene, Seen, Track

START = datetime(2026, 1, 1, tzinfo=UTC)
WIDTH, HEIGHT = 640, 360


def street(seed: int = 1) -> Image:
    """Return an empty street: walls with windows above, a grey road with marks below."""
    chance = np.random.default_rng(seed)
    image = np.full((HEIGHT, WIDTH, 3), 120, np.uint8)
    image[: HEIGHT // 2] = (90, 110, 130)
    for _ in range(60):
        x, y = (int(chance.integers(0, end)) for end in (WIDTH, HEIGHT))
        shade = [int(value) for value in chance.integers(40, 200) + chance.integers(-12, 12, 3)]
        cv2.rectangle(image, (x, y), (x + int(chance.integers(8, 60)), y + int(chance.integers(8, 40))), shade, -1)
    return image


def noisy(image: Image, number: int) -> Image:
    """Return a picture with the noise of its frame."""
    more, less = _noise(number % 5, image.shape)
    return cast(Image, cv2.subtract(cv2.add(image, more), less))


@cache
def _noise(number: int, shape: tuple[int, ...]) -> tuple[Image, Image]:
    noise = np.random.default_rng(number).normal(0, 2, shape).round().astype(np.int16)
    return np.maximum(noise, 0).astype(np.uint8), np.maximum(-noise, 0).astype(np.uint8)


def watch(
    rule: Function,
    shown: Callable[[float], Image],
    *,
    seconds: float,
    fps: float = 5.0,
    since_s: float = 0.0,
    tracks: Callable[[float], Sequence[Track]] | None = None,
    noise: bool = True,
) -> list[tuple[float, Seen]]:
    """Show a rule a picture for each moment, and its tracks after it; return when it told what."""
    told = []
    for number in range(round(seconds * fps)):
        at_s = since_s + number / fps
        at, image = START + timedelta(seconds=at_s), shown(at_s)
        image = noisy(image, number) if noise else image
        seen = list(rule.update(Scene(at=at, image=image)))
        if tracks is not None:
            seen += rule.update(Scene(at=at, image=image, tracks=tuple(tracks(at_s))))
        told += [(at_s, one) for one in seen]
    return told

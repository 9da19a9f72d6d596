"""Things put down and taken away, drawn into real footage with those who do it."""

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.values import Box, Detection, Image

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bag:
    """A bag that stands at x, y (its foot, px) from `since_s` until `until_s`; `light` from 0 black to 1 white."""

    x: int
    y: int
    width: int
    height: int
    since_s: float
    until_s: float = float("inf")
    light: float = 0.15

    def draw(self, image: Image, at_s: float) -> Image:
        """Return a picture with the bag in it, while it stands there."""
        if not self.since_s <= at_s < self.until_s:
            return image
        out = image.copy()
        left, top = max(0, self.x - self.width), max(0, self.y - 2 * self.height)
        part = np.s_[top : self.y + self.height, left : self.x + self.width]
        soft, colour = (drawn[part] for drawn in _bag(self, image.shape[:2]))
        out[part] = np.clip(out[part] * (1 - soft) + colour * soft, 0, 255).astype(np.uint8)
        return out


@cache
def _bag(bag: Bag, shape: tuple[int, ...]) -> tuple[Floats, Floats]:
    """Return how much of each pixel of a picture a bag covers, and its colours."""
    covers = np.zeros(shape, np.float32)
    left, top = bag.x - bag.width // 2, bag.y - bag.height
    cv2.rectangle(covers, (left, top + bag.height // 5), (left + bag.width, bag.y), 1.0, -1)
    cv2.ellipse(covers, (bag.x, top + bag.height // 5), (bag.width // 4, bag.height // 5), 0, 180, 360, 1.0, 3)
    soft = cv2.GaussianBlur(covers, (0, 0), 1.2)[..., None]
    rows = np.linspace(1.15, 0.75, shape[0])[:, None, None]
    stripes = 12 * (np.arange(shape[1]) % 9 < 2)[:, None]
    colour = 255 * bag.light * rows * np.array([1.0, 0.8, 0.7]) + stripes
    return soft.astype(np.float32), colour.astype(np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Someone who comes to x, y, stays from `since_s` until `until_s` and goes: drawn, and found as a model would."""

    x: int
    y: int
    since_s: float
    until_s: float
    height: int = 110
    speed: float = 60.0

    def box(self, at_s: float) -> Box | None:
        """Return where they are; None before they come and when they are gone."""
        away_s = max(self.since_s - at_s, at_s - self.until_s, 0.0)
        x = self.x + self.speed * away_s * (-1 if at_s < self.since_s else 1)
        width = self.height * 0.36
        return (x - width / 2, self.y - self.height, x + width / 2, float(self.y)) if away_s < 12 else None

    def draw(self, image: Image, at_s: float) -> Image:
        """Return a picture with them in it."""
        box = self.box(at_s)
        if box is None:
            return image
        out = image.copy()
        x0, y0, x1, y1 = (round(value) for value in box)
        middle, head = (x0 + x1) // 2, self.height // 9
        sway = round(2 * np.sin(3 * at_s))
        cv2.ellipse(out, (middle + sway, y0 + head), (head, head), 0, 0, 360, (120, 150, 190), -1)
        cv2.rectangle(out, (x0 + sway, y0 + 2 * head), (x1 + sway, y1 - self.height // 3), (70, 40, 30), -1)
        cv2.rectangle(
            out, (middle - (x1 - x0) // 3, y1 - self.height // 3), (middle + (x1 - x0) // 3, y1), (40, 35, 35), -1
        )
        return out

    def found(self, at_s: float) -> tuple[Detection, ...]:
        """Return what a model would find of them."""
        box = self.box(at_s)
        return () if box is None else (Detection(label="person", score=0.8, box=box),)

"""Flames, smoke and blinking lamps drawn into real footage: so that where and since when they are there is known."""

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.values import Image

Floats = NDArray[np.float32]


@dataclass(slots=True, kw_only=True)
class Flame:
    """A flame `size` px wide whose foot stands at x, y: it licks, sways, and its light trembles (about 7 Hz)."""

    x: int
    y: int
    size: int
    seed: int
    _rising: Floats = field(init=False)
    _chance: np.random.Generator = field(init=False)

    def __post_init__(self) -> None:
        """Draw the noise that rises through it."""
        self._chance = np.random.default_rng(self.seed)
        self._rising = _noise(self._chance, self.size * 40, self.size, 6)

    def draw(self, image: Image, at_s: float) -> Image:
        """Return a picture with the flame in it, as it is `at_s` seconds after it was lit."""
        height, width = int(self.size * 1.4), self.size
        heat = self._heat(height, width, at_s)
        colour = np.stack([40 + 120 * heat**3, 90 + 165 * heat, np.full_like(heat, 255.0)], -1)
        top, left = self.y - height, self.x - width // 2
        return _blended(image, colour, np.clip(heat * 2.2, 0, 1) * 0.95, top, left)

    def _heat(self, height: int, width: int, at_s: float) -> Floats:
        offset = int(at_s * self.size * 2.2) % (len(self._rising) - height)
        licking = self._rising[offset : offset + height]
        rows, columns = np.mgrid[:height, :width]
        centre = width / 2 + width * 0.12 * np.sin(9 * at_s) * (1 - rows / height)
        light = 1 + 0.25 * np.sin(2 * np.pi * 7 * at_s) + 0.15 * self._chance.standard_normal()
        narrow = np.abs(columns - centre) / (width * 0.42) * (1.15 - 0.25 * light)
        heat: Floats = np.clip(1.5 * rows / height - narrow + 0.6 * (licking - 0.5) + 0.25 * (light - 1), 0, 1)
        return heat.astype(np.float32)


@dataclass(slots=True, kw_only=True)
class Plume:
    """Grey smoke that rises from x, y, widens and hides what is behind it, more and more over six seconds."""

    x: int
    y: int
    size: int
    seed: int
    _noise: Floats = field(init=False)

    def __post_init__(self) -> None:
        """Draw its clouds."""
        self._noise = _noise(np.random.default_rng(self.seed), 3000, 2000, 30)

    def draw(self, image: Image, at_s: float) -> Image:
        """Return a picture with the smoke in it, as it is `at_s` seconds after it began."""
        width = image.shape[1]
        top = max(0, int(self.y - 25 * at_s - self.size))
        rows, columns = np.mgrid[top : self.y, 0:width]
        rise = self.y - rows
        spread = self.size * 0.35 + rise * 0.22
        drift = int(at_s * 25) % 2000
        cloud = self._noise[(drift + rise.max() - rise[:, 0]) % len(self._noise)][:, :width]
        thick = np.exp(-((columns - self.x - rise * 0.15) ** 2) / (2 * spread**2)) * (0.35 + 0.75 * cloud)
        thick = thick * np.clip(1 - rise / (rise.max() + 1) * 0.7, 0, 1) * min(1, 0.25 + at_s / 6)
        grey = np.repeat((175 + 20 * cloud)[..., None], 3, -1)
        return _blended(image, grey, np.clip(thick, 0, 0.85), top, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lamp:
    """A lamp of one BGR colour that blinks `hz` times a second: a car's indicator, a beacon, a signal."""

    x: int
    y: int
    size: int
    hz: float
    colour: tuple[int, int, int] = (40, 150, 255)

    def draw(self, image: Image, at_s: float) -> Image:
        """Return a picture with the lamp as it glows at `at_s` seconds; its light falls off softly around it."""
        glow = 0.15 + 0.85 * float(np.clip(0.5 + 3 * np.sin(2 * np.pi * self.hz * at_s), 0, 1))
        rows, columns = np.mgrid[-self.size : self.size, -self.size : self.size]
        light = np.exp(-(rows**2 + columns**2) / (2 * (self.size / 2.2) ** 2))
        colour = np.array(self.colour) * glow + 60 * (1 - glow) + 60 * light[..., None] ** 4 * glow
        return _blended(image, colour, np.clip(light * 1.6, 0, 1), self.y - self.size, self.x - self.size)


def _blended(image: Image, colour: NDArray[np.floating], share: NDArray[np.floating], top: int, left: int) -> Image:
    """Lay a patch over a copy of a picture, as much of it as lies inside."""
    height, width = share.shape
    y0, x0 = max(0, top), max(0, left)
    y1, x1 = min(image.shape[0], top + height), min(image.shape[1], left + width)
    part = np.s_[y0 - top : y1 - top, x0 - left : x1 - left]
    laid = share[part][..., None]
    out = image.copy()
    out[y0:y1, x0:x1] = np.clip(out[y0:y1, x0:x1] * (1 - laid) + colour[part] * laid, 0, 255).astype(np.uint8)
    return out


def _noise(chance: np.random.Generator, height: int, width: int, grain: int) -> Floats:
    coarse = chance.random((max(2, height // grain), max(2, width // grain))).astype(np.float32)
    smooth: Floats = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC).astype(np.float32)
    return smooth

"""What can be done to a lens, drawn into real footage: darkened, dazzled, covered, defocused, nudged, shaken."""

from collections.abc import Callable
from functools import cache
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.values import Image

Floats = NDArray[np.float32]
Spoil = Callable[[Image, float], Image]  # a picture, and how far it has gone, from 0 to 1


def darkened(image: Image, share: float) -> Image:
    """Take light away: all but a hundredth where it has gone all the way, with a sensor's noise."""
    return _noisy(image.astype(np.float32) * (1 - 0.99 * share))


def dazzled(image: Image, share: float) -> Image:
    """Add light until everything is white."""
    return _noisy(image.astype(np.float32) * (1 + 2 * share) + 250 * share)


def defocused(image: Image, share: float) -> Image:
    """Blur as a lens does that is turned, up to a fortieth of the picture's width."""
    sigma = image.shape[1] / 40 * share
    return image.copy() if sigma < 0.3 else _noisy(cv2.GaussianBlur(image, (0, 0), sigma).astype(np.float32))


def covered(image: Image, share: float) -> Image:
    """Push a hand or a bag before the lens from the left: dull, unevenly lit, out of focus."""
    height, width = image.shape[:2]
    rows, columns = np.mgrid[:height, :width]
    shade = 70 + 40 * rows / height + 20 * np.sin(3 * columns / width)
    edge = np.clip((share * 1.1 * width - columns) / (0.05 * width), 0, 1)[..., None]
    bag = np.stack([shade * 0.8, shade * 0.9, shade], -1)
    return _noisy(image * (1 - edge) + bag * edge)


def dusk(image: Image, share: float) -> Image:
    """Let night fall: at its end a fiftieth of the light is left, and lamps."""
    night = image.astype(np.float32) * (1 - 0.98 * share)
    for x, y in ((0.2, 0.3), (0.55, 0.2), (0.8, 0.4)):
        centre = int(x * image.shape[1]), int(y * image.shape[0])
        cv2.circle(night, centre, image.shape[1] // 60, (220, 240, 255), -1)
    return _noisy(night)


def headlights(image: Image, share: float) -> Image:
    """Let two headlights shine into the lens, with their glare."""
    height, width = image.shape[:2]
    rows, columns = np.mgrid[:height, :width]
    glare = sum(
        np.exp(-((columns - x * width) ** 2 + (rows - 0.6 * height) ** 2) / (2 * (0.12 * width) ** 2))
        for x in (0.4, 0.55)
    )
    return _noisy(image + (400 * share * glare)[..., None])


def moved(image: Image, dx: float, dy: float, turn_deg: float = 0.0) -> Image:
    """Show the view of a camera that was pushed: the picture moves by dx, dy pixels and turns about its middle."""
    height, width = image.shape[:2]
    way = cv2.getRotationMatrix2D((width / 2, height / 2), turn_deg, 1.0)
    way[:, 2] += (dx, dy)
    return cast(Image, cv2.warpAffine(image, way, (width, height), borderMode=cv2.BORDER_REFLECT))


def _noisy(picture: np.ndarray) -> Image:
    """Add a sensor's noise, the same for the same picture."""
    number = int(picture.flat[:: max(1, picture.size // 64)].sum()) % 4
    return np.clip(picture + _noise(number, picture.shape), 0, 255).astype(np.uint8)


@cache
def _noise(number: int, shape: tuple[int, ...]) -> Floats:
    return np.random.default_rng(number).normal(0, 1.5, shape).astype(np.float32)

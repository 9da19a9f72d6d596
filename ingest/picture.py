"""A picture that stands in memory already, as BGR."""

from collections.abc import Sequence
from typing import cast

import cv2
import numpy as np

from ingest.colours import NO_COLOUR, YUV_OF_BGR
from ingest.values import Image

_TO_YUV = np.column_stack([YUV_OF_BGR, NO_COLOUR])


class Pixels:
    """A BGR image as a picture: nothing is left to be made but other sizes."""

    def __init__(self, image: Image) -> None:
        """Take the image, height x width x 3; it is not copied."""
        self._image = image

    @property
    def size_px(self) -> tuple[int, int]:
        """Return width and height."""
        return self._image.shape[1], self._image.shape[0]

    def image(self) -> Image:
        """Return it as it is."""
        return self._image

    def luma(self, width_px: int, height_px: int) -> Image:
        """Return it grey and small."""
        return cast(Image, cv2.cvtColor(self.sized(width_px, height_px).image(), cv2.COLOR_BGR2GRAY))

    def yuv(self, width_px: int, height_px: int) -> Sequence[Image]:
        """Return it in another size as video has it."""
        planes = cv2.transform(self.sized(width_px, height_px).image(), _TO_YUV)
        return cast(Sequence[Image], cv2.split(planes))

    def sized(self, width_px: int, height_px: int) -> "Pixels":
        """Return it in another size; itself where that is its own."""
        if (width_px, height_px) == self.size_px:
            return self
        sized = cv2.resize(self._image, (width_px, height_px), interpolation=cv2.INTER_AREA)
        return Pixels(cast(Image, sized))

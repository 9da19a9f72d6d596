"""A camera picture by picture: masks, the viewer's name and the time burnt in, for who may not see it whole."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import cv2
import numpy as np

from ingest.values import Image

MOST_PX = 1280  # wide
QUALITY = 80
HIDDEN = "HIDDEN: NO MASKS FOR THIS VIEW"  # OpenCV's letters are Latin; the window says it in its language
_FONT, _WHITE, _BLACK = cv2.FONT_HERSHEY_SIMPLEX, (255, 255, 255), (0, 0, 0)


def burnt(
    image: Image, masks: Sequence[Any] | None, mask_size_px: tuple[int, int] | None, *, watermark: str, at: datetime
) -> bytes:
    """Return a picture as JPEG with what must not be seen filled in; `mask_size_px`: of the picture the masks mean.

    A mask that cannot be read covers everything; None is no picture at all: nobody drew masks for what it shows.
    """
    made = _sized(image)
    if masks is None:
        made[:] = 0
        cv2.putText(made, HIDDEN, (20, made.shape[0] // 2), _FONT, 0.8, _WHITE, 2, cv2.LINE_AA)
        masks = ()
    try:
        _cover(made, masks, mask_size_px)
    except (KeyError, TypeError, ValueError, OverflowError, cv2.error):
        made[:] = 0
    _write(made, f"{watermark}  {at:%Y-%m-%d %H:%M:%S} UTC")
    return _jpeg(made)


def without_picture(image: Image | None, silent_s: float, *, watermark: str, at: datetime) -> bytes:
    """Return what is shown while nothing comes: grey, dark, and saying for how long."""
    size = (360, 640) if image is None else _sized(image).shape[:2]
    made = np.full((*size, 3), 40, np.uint8)
    cv2.putText(made, f"NO PICTURE FOR {silent_s:.0f} s", (20, size[0] // 2), _FONT, 1.0, _WHITE, 2, cv2.LINE_AA)
    _write(made, f"{watermark}  {at:%Y-%m-%d %H:%M:%S} UTC")
    return _jpeg(made)


def _sized(image: Image) -> Image:
    height, width = image.shape[:2]
    if width <= MOST_PX:
        return image.copy()
    return np.asarray(cv2.resize(image, (MOST_PX, max(1, height * MOST_PX // width)), interpolation=cv2.INTER_AREA))


def _cover(image: Image, masks: Sequence[Any], of_px: tuple[int, int] | None) -> None:
    height, width = image.shape[:2]
    scale = np.array([width, height]) / np.array(of_px or (width, height))
    for mask in masks:
        if mask["kind"] != "privacy":
            continue
        corners = np.array(mask["polygon"], dtype=np.float64)
        if corners.ndim != 2 or corners.shape[0] < 3 or corners.shape[1] != 2 or not np.isfinite(corners).all():
            raise ValueError("A mask is a polygon of three corners or more.")
        cv2.fillPoly(image, [np.rint(corners * scale).astype(np.int32)], _BLACK)


def _write(image: Image, text: str) -> None:
    plain = text.encode("ascii", "replace").decode()
    at = (10, image.shape[0] - 12)
    cv2.putText(image, plain, at, _FONT, 0.6, _BLACK, 4, cv2.LINE_AA)
    cv2.putText(image, plain, at, _FONT, 0.6, _WHITE, 1, cv2.LINE_AA)


def _jpeg(image: Image) -> bytes:
    return bytes(cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1])

"""A picture as a model wants it."""

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.models.card import Card
from ingest.values import Image

Blob = NDArray[np.float32]


def preparation(card: Card) -> Callable[[Image], Blob]:
    """Return what brings a BGR picture of any size to the model's input, 1 x 3 x height x width, by its card."""
    size_px = (card.height_px, card.width_px)
    levels, order = _levels(card), (2, 1, 0) if card.channels == "rgb" else (0, 1, 2)
    sizing = _sizing(card)

    def prepare(image: Image) -> Blob:
        if image.shape[:2] != size_px:
            return sizing(image)
        blob = np.empty((1, 3, *size_px), np.float32)
        channels = cv2.split(image)
        for plane, channel in enumerate(order):
            cv2.LUT(channels[channel], levels[plane], dst=blob[0, plane])  # half of what OpenCV's own blob takes
        return blob

    return prepare


def _levels(card: Card) -> list[Blob]:
    """Return what each of the 256 levels becomes, a table a channel in the model's order."""
    grey = np.arange(256, dtype=np.float32)
    return [((grey - mean) / std).astype(np.float32) for mean, std in zip(card.mean, card.std, strict=True)]


def _sizing(card: Card) -> Callable[[Image], Blob]:
    params: Any = cv2.dnn.Image2BlobParams()
    params.scalefactor = tuple(1 / value for value in card.std)
    params.mean = card.mean
    params.size = (card.width_px, card.height_px)
    params.swapRB = card.channels == "rgb"
    params.paddingmode = cv2.dnn.DNN_PMODE_LETTERBOX if card.fit == "letterbox" else cv2.dnn.DNN_PMODE_NULL
    params.borderValue = (114.0, 114.0, 114.0)

    def prepare(image: Image) -> Blob:
        blob: Blob = cv2.dnn.blobFromImageWithParams(image, params)
        return blob

    return prepare

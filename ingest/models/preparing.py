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

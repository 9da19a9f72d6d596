"""A picture as a model wants it."""

from collections.abc import Callable, Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.models.card import Card
from ingest.models.tfjs import ModelError
from ingest.values import Image, Picture

Blob = NDArray[np.float32] | NDArray[np.uint8]


def preparation(card: Card, *, of_bytes: bool = False) -> Callable[[Picture], Blob]:
    """Return what brings a picture of any size to the model's input, 1 x 3 x height x width, by its card.

    A model that takes bytes gets the levels as they are; ModelError where its card wants them scaled.
    """
    if of_bytes and (any(card.mean) or set(card.std) != {1.0}):
        raise ModelError("The model takes bytes, and its card wants them scaled: mean must be 0 and std 1.")
    if card.channels == "yuv":
        return _of_yuv(card, of_bytes=of_bytes)
    of_image = _of_image(card, of_bytes=of_bytes)
    if card.fit == "letterbox":
        return lambda picture: of_image(picture.image())
    return lambda picture: of_image(picture.sized(card.width_px, card.height_px).image())  # by whoever decoded it


def _of_yuv(card: Card, *, of_bytes: bool) -> Callable[[Picture], Blob]:
    mean, std = (np.array(values, np.float32).reshape(3, 1, 1) for values in (card.mean, card.std))

    def prepare(picture: Picture) -> Blob:
        planes = np.stack(picture.yuv(card.width_px, card.height_px))[None]
        return planes if of_bytes else (planes - mean) / std

    return prepare


def _of_image(card: Card, *, of_bytes: bool) -> Callable[[Image], Blob]:
    size_px, order = (card.height_px, card.width_px), (2, 1, 0) if card.channels == "rgb" else (0, 1, 2)
    sizing = _sizing(card, cv2.CV_8U if of_bytes else cv2.CV_32F)
    fill = _planes(order) if of_bytes else _scaled(order, _levels(card))
    kind = np.uint8 if of_bytes else np.float32

    def prepare(image: Image) -> Blob:
        if image.shape[:2] != size_px:
            return sizing(image)
        blob = np.empty((1, 3, *size_px), kind)
        fill(image, blob[0])
        return blob

    return prepare


def _planes(order: Sequence[int]) -> Callable[[Image, Blob], None]:
    def fill(image: Image, planes: Blob) -> None:
        cv2.split(image, [planes[plane] for plane in order])  # in BGR's order, each into where the model has it

    return fill


def _scaled(order: Sequence[int], levels: Sequence[Blob]) -> Callable[[Image, Blob], None]:
    def fill(image: Image, planes: Blob) -> None:
        channels = cv2.split(image)
        for plane, channel in enumerate(order):
            cv2.LUT(channels[channel], levels[plane], dst=planes[plane])  # half of what OpenCV's own blob takes

    return fill


def _levels(card: Card) -> list[Blob]:
    """Return what each of the 256 levels becomes, a table a channel in the model's order."""
    grey = np.arange(256, dtype=np.float32)
    return [((grey - mean) / std).astype(np.float32) for mean, std in zip(card.mean, card.std, strict=True)]


def _sizing(card: Card, depth: int) -> Callable[[Image], Blob]:
    params: Any = cv2.dnn.Image2BlobParams()
    params.ddepth = depth
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

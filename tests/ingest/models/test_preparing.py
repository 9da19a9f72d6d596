from dataclasses import replace
from typing import Literal

import cv2
import numpy as np
import pytest

from ingest.models.card import Card
from ingest.models.nanodet import INT8, NANODET
from ingest.models.preparing import preparation
from ingest.models.tfjs import ModelError
from ingest.picture import Pixels

RGB = replace(NANODET, channels="rgb", mean=(1.0, 2.0, 3.0), std=(4.0, 5.0, 6.0))


@pytest.mark.parametrize("card", [NANODET, RGB], ids=["bgr", "rgb"])
def test_a_picture_of_the_model_s_size_is_prepared_as_one_that_is_brought_to_it(card: Card) -> None:
    image = np.random.default_rng(0).integers(0, 256, (card.height_px, card.width_px, 3)).astype(np.uint8)
    twice = cv2.resize(image, None, fx=2, fy=2, interpolation=cv2.INTER_NEAREST)
    prepare = preparation(card)
    quick, sized = prepare(Pixels(image)), prepare(Pixels(np.asarray(twice)))
    assert quick.shape == sized.shape == (1, 3, card.height_px, card.width_px)
    assert np.abs(quick - sized).max() < 1e-4


@pytest.mark.parametrize("channels", ["bgr", "rgb"])
def test_a_model_that_takes_bytes_gets_them_as_they_are(channels: Literal["bgr", "rgb"]) -> None:
    card = replace(INT8, channels=channels)
    image = np.random.default_rng(0).integers(0, 256, (card.height_px, card.width_px, 3)).astype(np.uint8)
    twice = cv2.resize(image, None, fx=2, fy=2, interpolation=cv2.INTER_NEAREST)
    prepare = preparation(card, of_bytes=True)
    ordered = image if channels == "bgr" else image[:, :, ::-1]
    for blob in (prepare(Pixels(image)), prepare(Pixels(np.asarray(twice)))):
        assert blob.dtype == np.uint8
        assert np.array_equal(blob[0], ordered.transpose(2, 0, 1))


def test_a_card_of_video_s_colours_gets_them_as_bytes_and_scaled() -> None:
    grey = Pixels(np.full((100, 200, 3), 255, np.uint8))
    as_bytes = preparation(INT8, of_bytes=True)(grey)
    assert as_bytes.dtype == np.uint8 and as_bytes.shape == (1, 3, INT8.height_px, INT8.width_px)
    assert as_bytes[0, :, 0, 0].tolist() == [235, 128, 128]
    scaled = preparation(replace(INT8, mean=(15.0, 28.0, 8.0), std=(2.0, 4.0, 8.0)))(grey)
    assert scaled.dtype == np.float32 and scaled[0, :, 0, 0].tolist() == [110, 25, 15]


def test_a_card_that_wants_bytes_scaled_is_refused() -> None:
    with pytest.raises(ModelError, match="mean must be 0 and std 1"):
        preparation(NANODET, of_bytes=True)

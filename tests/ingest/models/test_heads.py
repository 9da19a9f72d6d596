from dataclasses import replace

import numpy as np
import pytest

from ingest.models.card import Card
from ingest.models.heads import head
from ingest.models.tfjs import ModelError

SMALL = Card(
    file="m.onnx",
    head="gfl",
    labels=("a", "b"),
    width_px=32,
    height_px=32,
    channels="bgr",
    strides=(16,),
    threshold=0.3,
)


def test_gfl_sides_are_expectations_over_the_bins() -> None:
    scores = np.zeros((1, 4, 2), np.float32)
    scores[0, 3, 1] = 0.9
    sides = np.full((1, 4, 4, 3), -50, np.float32)
    sides[0, 3, :, 1] = 50  # one stride away on every side, with certainty
    found = head(SMALL)([sides.reshape(1, 4, 12), scores])
    assert found.labels.tolist() == [1]
    assert np.allclose(found.boxes, [[8, 8, 40, 40]])  # the cell centre is (24, 24), the stride 16


def test_gfl_with_nothing_over_the_threshold_gives_nothing() -> None:
    found = head(SMALL)([np.zeros((1, 4, 2), np.float32), np.zeros((1, 4, 12), np.float32)])
    assert len(found.boxes) == 0


def test_gfl_levels_come_in_any_order_and_as_one_and_only_wanted_labels_come_out() -> None:
    card = replace(SMALL, strides=(16, 32), wanted=("b",))
    chance = np.random.default_rng(1)
    scores = chance.uniform(size=(1, 5, 2)).astype(np.float32)
    sides = chance.normal(size=(1, 5, 12)).astype(np.float32)
    scores[0, :, 1] = [0.9, 0.1, 0.8, 0.2, 0.7]  # the last is the coarse level's only cell
    apart = head(card)([sides[:, 4:], scores[:, :4], sides[:, :4], scores[:, 4:]])
    as_one = head(card)([scores, sides])
    assert apart.labels.tolist() == as_one.labels.tolist() == [1, 1, 1]
    assert np.allclose(apart.scores, [0.9, 0.8, 0.7]) and np.allclose(as_one.scores, apart.scores)
    assert np.array_equal(apart.boxes, as_one.boxes)
    assert np.all(as_one.boxes[:, 0] < [8, 8, 16]) and np.all(as_one.boxes[:, 3] > [8, 24, 16])


def test_gfl_outputs_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ModelError, match="do not fit the head gfl"):
        head(SMALL)([np.zeros((1, 4, 2), np.float32)])


def test_yolov8_rows_are_centre_and_size() -> None:
    rows = np.zeros((1, 6, 3), np.float32)
    rows[0, :, 1] = [10, 12, 4, 6, 0.1, 0.8]
    found = head(replace(SMALL, head="yolov8"))([rows])
    assert np.allclose(found.boxes, [[8, 9, 12, 15]])
    assert found.labels.tolist() == [1]
    assert np.allclose(found.scores, [0.8])


def test_only_wanted_labels_come_out() -> None:
    rows = np.zeros((1, 6, 1), np.float32)
    rows[0, :, 0] = [10, 12, 4, 6, 0.4, 0.8]
    found = head(replace(SMALL, head="yolov8", wanted=("a",)))([rows])
    assert found.labels.tolist() == [0]


def test_an_unknown_head_names_the_known_ones() -> None:
    with pytest.raises(ModelError, match="gfl, yolov8"):
        head(replace(SMALL, head="ssd"))

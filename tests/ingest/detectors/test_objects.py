from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from ingest.detectors.objects import open_objects
from ingest.models.card import Card, write_card
from ingest.models.nanodet import NANODET
from ingest.models.tfjs import ModelError
from ingest.picture import Pixels
from ingest.sources.decoded import Decoded

# Pedestrians in frame 100 of vtest.avi that stand free of each other, marked by eye: the middle of each box.
STANDING = [(364, 235), (604, 196), (393, 217), (505, 184), (526, 185)]


def test_the_real_model_finds_the_pedestrians_of_the_real_clip(home: Path) -> None:
    detector = open_objects(home / "models" / "nanodet.card.json")
    with av.open(str(home / "fetched" / "vtest.avi")) as clip:
        image = next(Decoded(frame) for number, frame in enumerate(clip.decode(video=0)) if number == 100)
    people = [d.box for d in detector.detect(image) if d.label == "person" and d.score >= 0.4]
    found = [any(x0 < x < x1 and y0 < y < y1 for x0, y0, x1, y1 in people) for x, y in STANDING]
    assert sum(found) == len(STANDING)
    assert len(people) <= len(STANDING) + 3


def test_persons_are_found_all_through_the_clip(home: Path) -> None:
    detector = open_objects(home / "models" / "nanodet.card.json")
    with av.open(str(home / "fetched" / "vtest.avi")) as clip:
        images = [Decoded(frame) for number, frame in enumerate(clip.decode(video=0)) if number % 100 == 50]
    counts = [sum(d.label == "person" and d.score >= 0.4 for d in detector.detect(image)) for image in images]
    assert min(counts) >= 2
    assert sum(counts) >= 4 * len(counts)


def write_yolo(folder: Path, rows: np.ndarray) -> None:
    """Write a model that always answers with the same rows, whatever it is shown."""
    inputs = [helper.make_tensor_value_info("images", TensorProto.FLOAT, [1, 3, 64, 64])]
    outputs = [helper.make_tensor_value_info("output0", TensorProto.FLOAT, list(rows.shape))]
    answer = helper.make_tensor("answer", TensorProto.FLOAT, rows.shape, rows.ravel().tolist())
    node = helper.make_node("Constant", [], ["output0"], value=answer)
    model = helper.make_model(
        helper.make_graph([node], "g", inputs, outputs), opset_imports=[helper.make_opsetid("", 13)], ir_version=8
    )
    onnx.save(model, folder / "other.onnx")


OTHER = Card(
    file="other.onnx", head="yolov8", labels=("cat", "dog"), width_px=64, height_px=64, channels="rgb", fit="letterbox"
)


def test_another_model_drops_in_with_its_card_and_its_boxes_come_back_to_the_frame(tmp_path: Path) -> None:
    rows = np.zeros((1, 6, 2), np.float32)
    rows[0, :, 0] = [32, 32, 16, 16, 0.1, 0.9]
    rows[0, :, 1] = [33, 32, 16, 16, 0.1, 0.6]  # the same dog again
    write_yolo(tmp_path, rows)
    write_card(OTHER, tmp_path / "other.card.json")
    found = open_objects(tmp_path / "other.card.json").detect(Pixels(np.zeros((100, 200, 3), np.uint8)))
    assert [(d.label, round(d.score, 2)) for d in found] == [("dog", 0.9)]
    assert np.allclose(found[0].box, (75, 25, 125, 75), atol=0.01)


def test_one_van_that_the_model_takes_for_a_car_and_a_truck_is_found_once(tmp_path: Path) -> None:
    rows = np.zeros((1, 7, 3), np.float32)
    rows[0, :, 0] = [32, 32, 16, 16, 0.5, 0.0, 0.0]
    rows[0, :, 1] = [33, 32, 16, 16, 0.0, 0.6, 0.0]
    rows[0, :, 2] = [33, 32, 16, 16, 0.0, 0.0, 0.7]
    write_yolo(tmp_path, rows)
    write_card(replace(OTHER, labels=("car", "truck", "person")), tmp_path / "other.card.json")
    found = open_objects(tmp_path / "other.card.json").detect(Pixels(np.zeros((100, 200, 3), np.uint8)))
    assert [d.label for d in found] == ["person", "truck"]


def test_channels_and_scaling_follow_the_card(tmp_path: Path) -> None:
    write_yolo(tmp_path, np.zeros((1, 6, 1), np.float32))
    card = replace(OTHER, fit="stretch", mean=(10.0, 20.0, 30.0), std=(1.0, 2.0, 4.0))
    write_card(card, tmp_path / "other.card.json")
    image = np.zeros((64, 64, 3), np.uint8)
    image[:] = (200, 100, 50)  # blue, green, red
    (blob,) = open_objects(tmp_path / "other.card.json").given(Pixels(image)).values()
    assert np.allclose(blob[0, :, 5, 5], [(50 - 10) / 1, (100 - 20) / 2, (200 - 30) / 4])


def test_a_file_that_is_no_model_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "nanodet.onnx").write_bytes(b"not a model")
    write_card(NANODET, tmp_path / "a.card.json")
    with pytest.raises(ModelError, match="is no ONNX model"):
        open_objects(tmp_path / "a.card.json")


def test_a_model_of_another_size_than_its_card_says_is_refused(home: Path, tmp_path: Path) -> None:
    (tmp_path / "nanodet.onnx").symlink_to(home / "models" / "nanodet.onnx")
    write_card(replace(NANODET, width_px=320), tmp_path / "a.card.json")
    with pytest.raises(ModelError, match="where its card says"):
        open_objects(tmp_path / "a.card.json")


def test_a_card_without_its_file_is_one_sentence(tmp_path: Path) -> None:
    write_card(NANODET, tmp_path / "a.card.json")
    with pytest.raises(ModelError, match="is not there"):
        open_objects(tmp_path / "a.card.json")

"""Plates are read off drawn vehicles; a model that is missing or is something else is said in one sentence."""

import random
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from ingest.measuring.drawn_plates import some_plate, vehicle
from ingest.models.tfjs import ModelError
from ingest.plates.reading import FINDER, READER, SIGNS, OnnxPlates, open_plates


@pytest.fixture(scope="module")
def reader(home: Path) -> OnnxPlates:
    return open_plates(home)


def test_plates_of_the_asked_width_are_read(reader: OnnxPlates) -> None:
    rng = random.Random(3)
    for _ in range(3):
        plate = some_plate(rng)
        read = reader.read(vehicle(plate, 150, rng, level=0.3))
        assert read is not None and read.text == plate and 100 < read.width_px < 200


@pytest.mark.parametrize(
    ("drawn", "plate"),
    [("A123/BCD", "A123BCD"), ("A473/MN", "A473MN"), ("473/MNK02", "473MNK02"), ("47302/MNK", "473MNK02")],
)
def test_plates_of_two_lines_are_read(reader: OnnxPlates, drawn: str, plate: str) -> None:
    read = reader.read(vehicle(drawn, 120, random.Random(1), level=0.2))
    assert read is not None and read.text == plate and 60 < read.width_px < 160


def test_a_picture_without_a_plate_and_one_too_small_are_read_as_nothing(reader: OnnxPlates) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (200, 300, 3), np.uint8)
    assert reader.read(noise) is None
    for size in ((0, 0, 3), (3, 300, 3), (300, 3, 3)):
        assert reader.read(np.zeros(size, np.uint8)) is None


def test_a_home_opens_its_models_once_for_all_cameras(home: Path, reader: OnnxPlates) -> None:
    assert open_plates(home) is reader


def lacking(tmp_path: Path, fetched: Path, without: str) -> Path:
    (tmp_path / "fetched").mkdir()
    for name in {FINDER, READER, SIGNS} - {without}:
        (tmp_path / "fetched" / name).symlink_to(fetched.resolve() / name)
    return tmp_path


@pytest.mark.parametrize("name", [FINDER, READER, SIGNS])
def test_a_missing_file_is_said_in_one_sentence(tmp_path: Path, fetched: Path, name: str) -> None:
    with pytest.raises(ModelError, match=f"{name} is neither in models nor in fetched"):
        open_plates(lacking(tmp_path, fetched, name))


@pytest.mark.parametrize(
    ("name", "body", "words"),
    [
        (FINDER, b"not a model", "is no ONNX model"),
        (READER, b"", "is no ONNX model"),
        (SIGNS, b"A\nB\n", "where ppocrv6-dict.txt lists 2"),
        (SIGNS, b"\xff\xfe", "cannot be read"),
    ],
)
def test_a_file_that_is_something_else_is_said_in_one_sentence(
    tmp_path: Path, fetched: Path, name: str, body: bytes, words: str
) -> None:
    (lacking(tmp_path, fetched, name) / "fetched" / name).write_bytes(body)
    with pytest.raises(ModelError, match=words):
        open_plates(tmp_path)


@pytest.mark.parametrize("name", [FINDER, READER])
def test_a_model_of_other_shapes_is_said_in_one_sentence(tmp_path: Path, fetched: Path, name: str) -> None:
    taken, given = (helper.make_tensor_value_info(n, TensorProto.FLOAT, [1, 3]) for n in "xy")
    graph = helper.make_graph([helper.make_node("Relu", ["x"], ["y"])], "other", [taken], [given])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(model, lacking(tmp_path, fetched, name) / "fetched" / name)
    with pytest.raises(ModelError, match="its shapes are"):
        open_plates(tmp_path)

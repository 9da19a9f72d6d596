from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
from numpy.typing import NDArray
from onnx import ModelProto, TensorProto, helper, numpy_helper

from ingest.models.nanodet import NANODET
from ingest.models.preparing import preparation
from ingest.models.slim import GREY, join_levels, keep_labels, take_bytes, take_levels, take_planes
from ingest.models.tfjs import ModelError
from ingest.picture import Pixels

FIRST = replace(NANODET, width_px=32, height_px=32)


def run(model: ModelProto, picture: NDArray[Any]) -> dict[str, NDArray[np.float32]]:
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(None, {session.get_inputs()[0].name: picture}), strict=True))


def first_layer(pads: int) -> ModelProto:
    """A convolution and its bias, as a model begins with."""
    chance = np.random.default_rng(1)
    weights = {
        "w": chance.normal(size=(4, 3, 3, 3)).astype(np.float32),
        "b": chance.normal(size=(1, 4, 1, 1)).astype(np.float32),
    }
    nodes = [
        helper.make_node("Conv", ["x", "w"], ["c"], pads=[pads] * 4),
        helper.make_node("Add", ["c", "b"], ["y"]),
    ]
    graph = helper.make_graph(
        nodes,
        "first",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 3, 32, 32])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(values, name) for name, values in weights.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8)


def noise() -> Pixels:
    return Pixels(np.random.default_rng(0).integers(0, 256, (32, 32, 3)).astype(np.uint8))


def test_a_model_that_tells_of_wanted_labels_alone_tells_of_them_what_it_told(home: Path) -> None:
    whole = onnx.load(home / "models" / NANODET.file)
    slim = onnx.load(home / "models" / NANODET.file)
    card = keep_labels(slim, NANODET)
    onnx.checker.check_model(slim)
    blob = np.random.default_rng(0).normal(size=(1, 3, 416, 416)).astype(np.float32)
    told, still = run(whole, blob), run(slim, blob)
    wanted = [NANODET.labels.index(label) for label in card.labels]
    assert card.labels == NANODET.wanted
    for name, values in told.items():
        kept = values[..., wanted] if values.shape[-1] == len(NANODET.labels) else values
        assert np.allclose(still[name], kept, atol=1e-6)


def test_a_model_that_takes_levels_gives_what_it_gave_for_scaled_ones() -> None:
    scaled, levels = first_layer(pads=0), first_layer(pads=0)
    card = take_levels(levels, FIRST)
    before = run(scaled, preparation(FIRST)(noise()))["y"]
    after = run(levels, preparation(card)(noise()))["y"]
    assert np.abs(after - before).mean() < 0.01 * np.abs(before).mean()  # colours of video are rounded


def test_beyond_the_border_lies_grey() -> None:
    levels, framed = first_layer(pads=1), first_layer(pads=0)
    card = take_levels(levels, FIRST)
    take_levels(framed, FIRST)
    around = np.pad(preparation(card)(noise())[0], ((0, 0), (1, 1), (1, 1)))
    framed.graph.input[0].type.tensor_type.shape.CopyFrom(
        helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 3, 34, 34]).type.tensor_type.shape
    )
    assert np.allclose(run(levels, preparation(card)(noise()))["y"], run(framed, around[None])["y"], atol=1e-3)
    assert card.channels == "yuv"
    assert card.mean == (GREY,) * 3


def test_outputs_of_levels_become_one_of_each_width_and_the_finest_level_comes_first(home: Path) -> None:
    joined = onnx.load(home / "models" / NANODET.file)
    told = run(joined, np.zeros((1, 3, 416, 416), np.float32))
    join_levels(joined)
    onnx.checker.check_model(joined)
    together = run(joined, np.zeros((1, 3, 416, 416), np.float32))
    assert {values.shape for values in together.values()} == {(1, 3549, 80), (1, 3549, 44)}
    for values in together.values():
        levels = sorted(
            (one for one in told.values() if one.shape[2] == values.shape[2]), key=lambda one: -one.shape[1]
        )
        assert np.array_equal(values, np.concatenate(levels, axis=1))


def quantised(step: float) -> ModelProto:
    """A model whose input is quantised and given back."""
    weights = {"s": np.array(step, np.float32), "z": np.array(GREY, np.uint8)}
    nodes = [
        helper.make_node("QuantizeLinear", ["x", "s", "z"], ["q"]),
        helper.make_node("DequantizeLinear", ["q", "s", "z"], ["y"]),
    ]
    graph = helper.make_graph(
        nodes,
        "quantised",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 3, 32, 32])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(values, name) for name, values in weights.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8)


def test_bytes_are_taken_as_the_levels_they_stand_for() -> None:
    model = quantised(step=1)
    card = take_bytes(model, FIRST)
    blob = preparation(card, of_bytes=True)(noise())
    assert blob.dtype == np.uint8
    assert np.array_equal(run(model, blob)["y"], blob.astype(np.float32) - GREY)


def test_planes_are_taken_one_by_one_as_the_picture_they_are_of() -> None:
    whole, apart = quantised(step=1), quantised(step=1)
    card = take_bytes(whole, FIRST)
    take_bytes(apart, FIRST)
    take_planes(apart)
    blob = preparation(card, of_bytes=True)(noise())
    session = onnxruntime.InferenceSession(apart.SerializeToString(), providers=["CPUExecutionProvider"])
    given = {one.name: np.ascontiguousarray(blob[:, [n]]) for n, one in enumerate(session.get_inputs())}
    assert [one.shape for one in session.get_inputs()] == [[1, 1, 32, 32]] * 3
    assert np.array_equal(session.run(None, given)[0], run(whole, blob)["y"])


def test_a_model_whose_steps_are_no_levels_takes_no_bytes() -> None:
    with pytest.raises(ModelError, match=r"steps of 0.5 levels"):
        take_bytes(quantised(step=0.5), FIRST)


@pytest.mark.parametrize("slimming", [keep_labels, take_levels, take_bytes])
def test_a_model_of_another_shape_is_refused_in_a_sentence(slimming: Any) -> None:
    other = quantised(step=1)
    other.graph.node[0].op_type = "Identity"
    del other.graph.node[0].input[1:]
    with pytest.raises(ModelError):
        slimming(other, NANODET)

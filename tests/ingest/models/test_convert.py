import base64
import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
from numpy.typing import NDArray

from ingest.models.convert import convert
from ingest.models.tfjs import ModelError


def list_of(*numbers: int) -> dict[str, Any]:
    return {"list": {"i": [str(number) for number in numbers]}}


def text(word: str) -> dict[str, str]:
    return {"s": base64.b64encode(word.encode()).decode()}


def write_model(folder: Path, nodes: list[dict[str, Any]], weights: dict[str, NDArray[Any]], output: str) -> Path:
    shape = {"dim": [{"size": str(size)} for size in (1, 6, 6, 2)]}
    dtype = {"float32": "<f4", "int32": "<i4"}
    kinds = {name: "int32" if value.dtype.kind == "i" else "float32" for name, value in weights.items()}
    manifest = [{"name": name, "shape": list(value.shape), "dtype": kinds[name]} for name, value in weights.items()]
    data = b"".join(value.astype(dtype[kinds[name]]).tobytes() for name, value in weights.items())
    (folder / "model.bin").write_bytes(data)
    document = {
        "modelTopology": {"node": nodes},
        "weightsManifest": [{"paths": ["model.bin"], "weights": manifest}],
        "signature": {"inputs": {"x:0": {"tensorShape": shape}}, "outputs": {f"{output}:0": {}}},
    }
    (folder / "model.json").write_text(json.dumps(document))
    return folder / "model.json"


def run(model: Path, x: NDArray[np.float32]) -> NDArray[np.float32]:
    session = onnxruntime.InferenceSession(str(model))
    found: NDArray[np.float32] = session.run(None, {"x": x})[0]
    return found


def test_a_padded_convolution_gives_the_numbers_numpy_gives(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    kernel = rng.normal(size=(3, 3, 2, 4)).astype(np.float32)
    nodes: list[dict[str, Any]] = [
        {"name": "p", "op": "Pad", "input": ["x", "pads"]},
        {"name": "c", "op": "Conv2D", "input": ["p", "k"], "attr": {"strides": list_of(1, 2, 2, 1)}},
    ]
    pads = np.array([[0, 0], [1, 1], [1, 1], [0, 0]])
    source = write_model(tmp_path, nodes, {"k": kernel, "pads": pads}, "c")
    convert(source, tmp_path / "model.onnx")

    x = rng.normal(size=(1, 6, 6, 2)).astype(np.float32)
    padded = np.pad(x, pads)
    wanted = [
        [np.einsum("hwi,hwio->o", padded[0, 2 * r : 2 * r + 3, 2 * c : 2 * c + 3], kernel) for c in range(3)]
        for r in range(3)
    ]
    assert np.allclose(run(tmp_path / "model.onnx", x)[0], wanted, atol=1e-4)


def test_pads_are_folded_into_what_reads_them(tmp_path: Path) -> None:
    lowest = np.array(np.finfo(np.float32).min, np.float32)
    pads = np.array([[0, 0], [1, 1], [1, 1], [0, 0]])
    nodes: list[dict[str, Any]] = [
        {"name": "p", "op": "PadV2", "input": ["x", "pads", "low"]},
        {
            "name": "m",
            "op": "MaxPool",
            "input": ["p"],
            "attr": {"ksize": list_of(1, 3, 3, 1), "strides": list_of(1, 2, 2, 1)},
        },
    ]
    convert(write_model(tmp_path, nodes, {"pads": pads, "low": lowest}, "m"), tmp_path / "model.onnx")
    assert "Pad" not in {node.op_type for node in onnx.load(tmp_path / "model.onnx").graph.node}
    x = -np.abs(np.random.default_rng(2).normal(size=(1, 6, 6, 2))).astype(np.float32)
    assert np.isclose(run(tmp_path / "model.onnx", x)[0, 0, 0], x[0, :2, :2].max(axis=(0, 1))).all()


def test_a_transpose_and_a_reshape_keep_logical_order(tmp_path: Path) -> None:
    nodes: list[dict[str, Any]] = [
        {"name": "t", "op": "Transpose", "input": ["x", "perm"]},
        {"name": "r", "op": "Reshape", "input": ["t", "shape"]},
    ]
    weights = {"perm": np.array([0, 3, 1, 2]), "shape": np.array([1, 72])}
    convert(write_model(tmp_path, nodes, weights, "r"), tmp_path / "model.onnx")
    x = np.random.default_rng(3).normal(size=(1, 6, 6, 2)).astype(np.float32)
    assert (run(tmp_path / "model.onnx", x) == x.transpose(0, 3, 1, 2).reshape(1, 72)).all()


def test_an_operation_without_a_line_in_the_register_is_named(tmp_path: Path) -> None:
    source = write_model(tmp_path, [{"name": "q", "op": "Fft", "input": ["x"]}], {}, "q")
    with pytest.raises(ModelError, match="does not know the operation Fft"):
        convert(source, tmp_path / "model.onnx")
    assert not (tmp_path / "model.onnx").exists()


def test_what_is_no_graph_model_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "model.json").write_text("[1, 2]")
    with pytest.raises(ModelError, match="is no TensorFlow"):
        convert(tmp_path / "model.json", tmp_path / "model.onnx")
    with pytest.raises(ModelError, match="cannot be read"):
        convert(tmp_path / "absent.json", tmp_path / "model.onnx")


def test_the_real_detector_keeps_no_pad_and_few_transposes(home: Path) -> None:
    ops = [node.op_type for node in onnx.load(home / "models" / "nanodet.onnx").graph.node]
    assert "Pad" not in ops
    assert ops.count("Transpose") <= 6

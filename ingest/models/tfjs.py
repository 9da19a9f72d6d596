"""Reading a TensorFlow.js graph model: the nodes of its JSON and the weights of its binary files."""

import base64
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

STORED = {"float16": "<f2", "float32": "<f4", "int32": "<i4", "uint8": "u1", "uint16": "<u2", "bool": "u1"}


class ModelError(Exception):
    """A model, its card or its weights cannot be used; the text is one clear sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One operation of the graph; inputs are tensor names, attributes stay as TensorFlow wrote them."""

    name: str
    op: str
    inputs: tuple[str, ...]
    attributes: dict[str, Any]

    def ints(self, name: str) -> list[int]:
        """Return a list attribute; empty where the node has none."""
        return [int(i) for i in self.attributes.get(name, {}).get("list", {}).get("i", [])]

    def text(self, name: str) -> str:
        """Return a string attribute; empty where the node has none."""
        return base64.b64decode(self.attributes.get(name, {}).get("s", "")).decode()

    def flag(self, name: str) -> bool:
        """Return a boolean attribute; false where the node has none."""
        return bool(self.attributes.get(name, {}).get("b", False))

    def number(self, name: str, default: float) -> float:
        """Return a float attribute."""
        return float(self.attributes.get(name, {}).get("f", default))


@dataclass(frozen=True, slots=True, kw_only=True)
class TfGraph:
    """A whole graph model: nodes by name, weights by name, the shapes of its inputs and the names of its outputs."""

    nodes: dict[str, Node]
    weights: dict[str, Array]
    inputs: dict[str, tuple[int, ...]]
    outputs: tuple[str, ...]
    constants: dict[str, Array] = field(default_factory=dict)


def tensor_name(name: str) -> str:
    """Return TensorFlow's tensor name without the `^` of control edges and the `:0` of a first output."""
    return name.removeprefix("^").removesuffix(":0")


def read_graph(path: Path) -> TfGraph:
    """Read `model.json` and the weight files beside it. ModelError where they are no TensorFlow.js graph model."""
    try:
        document = json.loads(path.read_bytes())
        nodes = [_node(node) for node in document["modelTopology"]["node"]]
        weights = _weights(document["weightsManifest"], path.parent)
        signature = document["signature"]
    except OSError as error:
        raise ModelError(f"The model file {error.filename} cannot be read: {error.strerror}.") from None
    except (ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{path.name} is no TensorFlow.js graph model ({error!r}).") from None
    return TfGraph(
        nodes={node.name: node for node in nodes},
        weights=weights,
        inputs={tensor_name(name): _shape(value) for name, value in signature["inputs"].items()},
        outputs=tuple(sorted(tensor_name(name) for name in signature["outputs"])),
    )


def _node(node: dict[str, Any]) -> Node:
    inputs = tuple(tensor_name(name) for name in node.get("input", []) if not name.startswith("^"))
    return Node(name=node["name"], op=node["op"], inputs=inputs, attributes=node.get("attr", {}))


def _shape(tensor: dict[str, Any]) -> tuple[int, ...]:
    return tuple(int(dim["size"]) for dim in tensor["tensorShape"]["dim"])


def _weights(manifest: list[dict[str, Any]], folder: Path) -> dict[str, Array]:
    weights: dict[str, Array] = {}
    for group in manifest:
        data = b"".join((folder / path).read_bytes() for path in group["paths"])
        offset = 0
        for entry in group["weights"]:
            array, offset = _weight(entry, data, offset)
            weights[entry["name"]] = array
    return weights


def _weight(entry: dict[str, Any], data: bytes, offset: int) -> tuple[Array, int]:
    quantised = entry.get("quantization") or {}
    stored = np.dtype(STORED[quantised.get("dtype", entry["dtype"])])
    count = int(np.prod(entry["shape"])) if entry["shape"] else 1
    array = cast(Array, np.frombuffer(data, stored, count, offset).reshape(entry["shape"]))
    if "scale" in quantised:  # affine quantisation; float16 is merely stored narrow
        array = array.astype(np.float32) * quantised["scale"] + quantised["min"]
    wide = np.float32 if entry["dtype"] == "float32" else np.int64
    return array.astype(wide), offset + count * stored.itemsize

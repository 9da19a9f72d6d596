"""The ONNX graph being written: nodes, weights, and the tensors that TensorFlow's names have become."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import numpy as np
from onnx import NodeProto, TensorProto, helper, numpy_helper

from ingest.models import layout
from ingest.models.layout import Order, Tensor
from ingest.models.tfjs import Array, ModelError, TfGraph


@dataclass(slots=True, kw_only=True)
class Writing:
    """A conversion under way: what is read, and what is written so far."""

    source: TfGraph
    nodes: list[NodeProto] = field(default_factory=list)
    weights: dict[str, TensorProto] = field(default_factory=dict)
    tensors: dict[str, Tensor] = field(default_factory=dict)
    constants: dict[str, Array] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=count)

    def constant(self, name: str) -> Array | None:
        """Return the value of a tensor that is known while converting, else None."""
        found = self.constants.get(name)
        return self.source.weights.get(name) if found is None else found

    def known(self, name: str) -> Array:
        """Return a constant that the conversion cannot do without; ModelError where it is computed at run time."""
        value = self.constant(name)
        if value is None:
            raise ModelError(f"The converter needs {name} to be a constant.")
        return value

    def weight(self, value: Array) -> str:
        """Write an initializer and return its name."""
        name = f"w{len(self.weights)}"
        self.weights[name] = numpy_helper.from_array(np.asarray(value, order="C"), name)
        return name

    def add(self, op: str, inputs: Sequence[str], **attributes: Any) -> str:
        """Write a node with one output and return the output's name."""
        return self.add_many(op, inputs, 1, **attributes)[0]

    def add_many(self, op: str, inputs: Sequence[str], outputs: int, **attributes: Any) -> list[str]:
        """Write a node and return the names of its outputs."""
        name = f"n{next(self.numbers)}"
        names = [f"{name}_{index}" for index in range(outputs)]
        self.nodes.append(helper.make_node(op, list(inputs), names, name=name, **attributes))
        return names

    def lying(self, name: str, order: Order) -> str:
        """Return the ONNX name of a tensor stored in that order, moving it only where it lies otherwise."""
        tensor = self.tensors[name]
        if tensor.order == order:
            return tensor.name
        return self.add("Transpose", [tensor.name], perm=layout.moves(tensor.order, order))

    def put(self, name: str, value: str, order: Order) -> None:
        """Remember what a TensorFlow name has become."""
        self.tensors[name] = Tensor(name=value, order=order)

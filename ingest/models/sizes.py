"""Sizes of resizing, spelt out: onnxruntime cannot run an int8 Resize that names the axes it works on."""

import numpy as np
from onnx import ModelProto, numpy_helper

from ingest.models.tfjs import ModelError


def spell_out_sizes(model: ModelProto) -> None:
    """Give every Resize the size of all its axes in place of some; ModelError where a size is not known beforehand."""
    shapes = {value.name: value.type.tensor_type.shape.dim for value in model.graph.value_info}
    for node in [node for node in model.graph.node if node.op_type == "Resize"]:
        sizes = [dim.dim_value for dim in shapes.get(node.output[0], ())]
        if not sizes or not all(sizes):
            raise ModelError(f"The converter does not know the size that {node.name} resizes to.")
        name = f"{node.name}_sizes"
        model.graph.initializer.append(numpy_helper.from_array(np.array(sizes, np.int64), name))
        unused = node.input[3]
        node.input[3] = name
        kept = [attribute for attribute in node.attribute if attribute.name != "axes"]
        del node.attribute[:]
        node.attribute.extend(kept)
        _drop(model, unused)


def _drop(model: ModelProto, name: str) -> None:
    if not any(name in node.input for node in model.graph.node):
        gone = next(weight for weight in model.graph.initializer if weight.name == name)
        model.graph.initializer.remove(gone)

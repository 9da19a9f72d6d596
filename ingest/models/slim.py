"""A detector made slimmer before it becomes int8: it tells of what is wanted alone, and takes a picture's own bytes.

Scaling the levels of half a million pixels and reading off scores that nobody wants took 0.3 ms a frame of the 2.0 that
the pipeline adds to the model, and a full millisecond of the model's own 14.5.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import GraphProto, ModelProto, NodeProto, TensorProto, ValueInfoProto, helper, numpy_helper

from ingest.colours import BGR_OF_YUV, NO_COLOUR
from ingest.models.card import Card
from ingest.models.tfjs import ModelError

GREY = 128  # what stands for nothing at the borders, in brightness as in colours; int8 calls it its zero
Values = NDArray[Any]


def keep_labels(model: ModelProto, card: Card) -> Card:
    """Let every head end in the scores of the card's wanted labels alone; return the card of what is left.

    ModelError where the model has no convolution, sum and split of scores and box sides, as NanoDet has them.
    """
    kept = [card.labels.index(label) for label in card.wanted]
    splits = [node for node in model.graph.node if node.op_type == "Split" and _first(model, node) == len(card.labels)]
    if not splits:
        raise ModelError("The model does not end in scores that could be left out.")
    for split in splits:
        _keep(model.graph, split, kept, len(card.labels))
    del model.graph.value_info[:]  # the sizes between have changed
    return replace(card, labels=card.wanted)


def take_levels(model: ModelProto, card: Card) -> Card:
    """Move the card's mean and std and the way from video's colours to BGR into the first convolution.

    Its input becomes the bare level of Y, U or V less GREY.
    """
    conv = _reader(model.graph, model.graph.input[0].name, "Conv")
    total = _reader(model.graph, conv.output[0], "Add")
    weights, bias = _values(model.graph, conv.input[1]), _values(model.graph, total.input[1])
    mean, std = np.array(card.mean, np.float32), np.array(card.std, np.float32)
    to_card = (BGR_OF_YUV if card.channels == "bgr" else BGR_OF_YUV[::-1]) / std[:, None]
    shift = weights.sum(axis=(2, 3)) @ (to_card @ (GREY - NO_COLOUR) - mean / std)
    _put(model.graph, conv.input[1], np.einsum("oihw,ic->ochw", weights, to_card).astype(np.float32))
    _put(model.graph, total.input[1], (bias + shift.reshape(1, -1, 1, 1)).astype(np.float32))
    return replace(card, channels="yuv", mean=(float(GREY),) * 3, std=(1.0, 1.0, 1.0))


def take_bytes(model: ModelProto, card: Card) -> Card:
    """Let an int8 model, whose input is quantised in steps of one level, take the bytes themselves."""
    name = model.graph.input[0].name
    quantise = _reader(model.graph, name, "QuantizeLinear")
    step, zero = (_values(model.graph, part) for part in quantise.input[1:])
    if (float(step), int(zero)) != (1.0, GREY):
        raise ModelError(f"The model's input is quantised in steps of {float(step):g} levels, not of one.")
    for node in model.graph.node:
        node.input[:] = [name if part == quantise.output[0] else part for part in node.input]
    model.graph.node.remove(quantise)
    model.graph.input[0].type.tensor_type.elem_type = TensorProto.UINT8
    return replace(card, mean=(0.0, 0.0, 0.0), std=(1.0, 1.0, 1.0))


def take_planes(model: ModelProto) -> None:
    """Let a model that takes bytes take each plane by itself, as it lies: who hands them over copies nothing."""
    whole = model.graph.input[0]
    _, planes, height, width = _sizes(whole)
    names = [f"{whole.name}_{plane}" for plane in range(planes)]
    model.graph.node.insert(0, helper.make_node("Concat", names, [whole.name], axis=1))
    kind = whole.type.tensor_type.elem_type
    del model.graph.input[:]
    model.graph.input.extend(helper.make_tensor_value_info(name, kind, [1, 1, height, width]) for name in names)


def join_levels(model: ModelProto) -> None:
    """Let a model with an output a level give one of each width, finest level first: each output costs its reading."""
    by_width: dict[int, list[ValueInfoProto]] = {}
    for output in model.graph.output:
        by_width.setdefault(_sizes(output)[2], []).append(output)
    del model.graph.output[:]
    for width, levels in by_width.items():
        name = f"all_of_{width}"
        finest_first = sorted(levels, key=lambda level: -_sizes(level)[1])
        model.graph.node.append(helper.make_node("Concat", [level.name for level in finest_first], [name], axis=1))
        cells = sum(_sizes(level)[1] for level in levels)
        model.graph.output.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, cells, width]))


def _sizes(value: ValueInfoProto) -> list[int]:
    return [dim.dim_value for dim in value.type.tensor_type.shape.dim]


def _keep(graph: GraphProto, split: NodeProto, kept: Sequence[int], labels: int) -> None:
    total = _maker(graph, split.input[0], "Add")
    conv = _maker(graph, total.input[0], "Conv")
    weights, bias, sizes = (_values(graph, name) for name in (conv.input[1], total.input[1], split.input[1]))
    rows = [*kept, *range(labels, len(weights))]
    _put(graph, conv.input[1], weights[rows])
    _put(graph, total.input[1], bias[:, rows])
    _put(graph, split.input[1], np.array([len(kept), *sizes[1:]], sizes.dtype))
    reshape = _reader(graph, _reader(graph, split.output[0], "Sigmoid").output[0], "Reshape")
    _put(graph, reshape.input[1], np.array([1, len(kept), -1], np.int64))
    end = _reader(graph, _reader(graph, reshape.output[0], "Transpose").output[0], "Identity").output[0]
    value = next(value for value in graph.output if value.name == end)
    value.type.tensor_type.shape.dim[2].dim_value = len(kept)


def _first(model: ModelProto, split: NodeProto) -> int:
    return int(_values(model.graph, split.input[1])[0])


def _maker(graph: GraphProto, name: str, kind: str) -> NodeProto:
    return _one((node for node in graph.node if name in node.output), kind)


def _reader(graph: GraphProto, name: str, kind: str) -> NodeProto:
    return _one((node for node in graph.node if name in node.input), kind)


def _one(nodes: Iterable[NodeProto], kind: str) -> NodeProto:
    found = [node for node in nodes if node.op_type == kind]
    if len(found) != 1:
        raise ModelError(f"The model has no single {kind} where its head and its first layer have one.")
    return found[0]


def _values(graph: GraphProto, name: str) -> Values:
    found = next((weight for weight in graph.initializer if weight.name == name), None)
    if found is None:
        raise ModelError(f"The model holds no weights {name}.")
    values: Values = numpy_helper.to_array(found)
    return values


def _put(graph: GraphProto, name: str, values: Values) -> None:
    weight = next(weight for weight in graph.initializer if weight.name == name)
    weight.CopyFrom(numpy_helper.from_array(values, name))

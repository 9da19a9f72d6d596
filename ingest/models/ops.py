"""How TensorFlow's operations become ONNX's: a new operation is one small function and one line in OPS."""

from collections.abc import Callable

import numpy as np

from ingest.models import layout
from ingest.models.graph import Writing
from ingest.models.layout import IMAGES
from ingest.models.tfjs import Array, ModelError, Node

Convert = Callable[[Writing, Node], None]
Fold = Callable[..., Array]


def conv(writing: Writing, node: Node) -> None:
    """Conv2D: TensorFlow's kernel is H, W, in, out."""
    _conv(writing, node, lambda kernel: kernel.transpose(3, 2, 0, 1), grouped=False)


def depthwise(writing: Writing, node: Node) -> None:
    """DepthwiseConv2dNative: TensorFlow's kernel is H, W, channel, multiplier; one group a channel."""
    _conv(writing, node, _depthwise_kernel, grouped=True)


def _depthwise_kernel(kernel: Array) -> Array:
    height, width, channels, multiplier = kernel.shape
    return kernel.transpose(2, 3, 0, 1).reshape(channels * multiplier, 1, height, width)


def _conv(writing: Writing, node: Node, turn: Callable[[Array], Array], *, grouped: bool) -> None:
    kernel = writing.known(node.inputs[1])
    value = writing.add(
        "Conv",
        [writing.lying(node.inputs[0], IMAGES), writing.weight(turn(kernel))],
        kernel_shape=kernel.shape[:2],
        strides=node.ints("strides")[1:3],
        dilations=(node.ints("dilations") or [1, 1, 1, 1])[1:3],
        group=kernel.shape[2] if grouped else 1,
        auto_pad="SAME_UPPER" if node.text("padding") == "SAME" else "NOTSET",
    )
    writing.put(node.name, value, IMAGES)


def max_pool(writing: Writing, node: Node) -> None:
    """MaxPool over height and width."""
    value = writing.add(
        "MaxPool",
        [writing.lying(node.inputs[0], IMAGES)],
        kernel_shape=node.ints("ksize")[1:3],
        strides=node.ints("strides")[1:3],
        auto_pad="SAME_UPPER" if node.text("padding") == "SAME" else "NOTSET",
    )
    writing.put(node.name, value, IMAGES)


def elementwise(op: str) -> Convert:
    """Add, Mul, Sub: a constant is turned to lie as the tensor does; two tensors are brought into one order."""

    def convert(writing: Writing, node: Node) -> None:
        order = next(writing.tensors[name].order for name in node.inputs if name in writing.tensors)
        values = [_operand(writing, name, order) for name in node.inputs]
        writing.put(node.name, writing.add(op, values), order)

    return convert


def _operand(writing: Writing, name: str, order: layout.Order) -> str:
    value = writing.constant(name)
    if value is None:
        return writing.lying(name, order)
    spread = value.reshape((1,) * (len(order) - value.ndim) + value.shape).astype(np.float32)
    return writing.weight(spread.transpose(layout.moves(layout.plain(len(order)), order)))


def unary(op: str) -> Convert:
    """Operations that look at one number at a time keep the layout they meet."""

    def convert(writing: Writing, node: Node) -> None:
        tensor = writing.tensors[node.inputs[0]]
        writing.put(node.name, writing.add(op, [tensor.name]), tensor.order)

    return convert


def leaky_relu(writing: Writing, node: Node) -> None:
    """LeakyRelu; TensorFlow's default slope is 0.2."""
    tensor = writing.tensors[node.inputs[0]]
    value = writing.add("LeakyRelu", [tensor.name], alpha=node.number("alpha", 0.2))
    writing.put(node.name, value, tensor.order)


def identity(writing: Writing, node: Node) -> None:
    """Another name for the same tensor."""
    writing.tensors[node.name] = writing.tensors[node.inputs[0]]


def transpose(writing: Writing, node: Node) -> None:
    """Transpose writes no node: the tensor only remembers its axes in another order."""
    tensor = writing.tensors[node.inputs[0]]
    permutation = tuple(int(axis) for axis in writing.known(node.inputs[1]))
    writing.put(node.name, tensor.name, layout.transposed(tensor.order, permutation))


def pad(writing: Writing, node: Node) -> None:
    """Pad and PadV2, a constant around the tensor; `fold` moves it into the pooling or convolution that follows."""
    logical = writing.known(node.inputs[1]).reshape(-1, 2)
    around = len(logical) == 4 and not logical[[0, 3]].any()  # of an image: what reads it wants it lying so
    order = IMAGES if around else writing.tensors[node.inputs[0]].order
    pads = logical[np.argsort(order)]
    filled = float(writing.known(node.inputs[2])) if node.op == "PadV2" else 0.0
    inputs = [
        writing.lying(node.inputs[0], order),
        writing.weight(pads.T.reshape(-1).astype(np.int64)),
        writing.weight(np.array(filled, "f4")),
    ]
    writing.put(node.name, writing.add("Pad", inputs), order)


def concat(writing: Writing, node: Node) -> None:
    """ConcatV2 along an axis, in the order the first tensor lies."""
    order = writing.tensors[node.inputs[0]].order
    axis = layout.stored_axis(order, int(writing.known(node.inputs[-1]).reshape(-1)[0]))
    values = [writing.lying(name, order) for name in node.inputs[:-1]]
    writing.put(node.name, writing.add("Concat", values, axis=axis), order)


def split(writing: Writing, node: Node) -> None:
    """SplitV: one output a part, named name, name:1, name:2 …"""
    tensor = writing.tensors[node.inputs[0]]
    sizes = writing.known(node.inputs[1]).astype(np.int64).reshape(-1)
    axis = layout.stored_axis(tensor.order, int(writing.known(node.inputs[2]).reshape(-1)[0]))
    values = writing.add_many("Split", [tensor.name, writing.weight(sizes)], len(sizes), axis=axis)
    for index, value in enumerate(values):
        writing.put(f"{node.name}:{index}" if index else node.name, value, tensor.order)


def reshape(writing: Writing, node: Node) -> None:
    """Reshape reads the numbers in logical order, so here a tensor must lie as it is said."""
    shape = writing.known(node.inputs[1]).astype(np.int64).reshape(-1)
    rank = len(writing.tensors[node.inputs[0]].order)
    value = writing.add("Reshape", [writing.lying(node.inputs[0], layout.plain(rank)), writing.weight(shape)])
    writing.put(node.name, value, layout.plain(len(shape)))


def resize(writing: Writing, node: Node) -> None:
    """ResizeBilinear to a fixed height and width."""
    size = writing.known(node.inputs[1]).astype(np.int64).reshape(-1)
    mode = "half_pixel" if node.flag("half_pixel_centers") else "asymmetric"
    value = writing.add(
        "Resize",
        [writing.lying(node.inputs[0], IMAGES), "", "", writing.weight(size)],
        mode="linear",
        axes=[2, 3],
        coordinate_transformation_mode="align_corners" if node.flag("align_corners") else mode,
    )
    writing.put(node.name, value, IMAGES)


def dense(indices: Array, shape: Array, values: Array, default: Array) -> Array:
    """SparseToDense, met on constants only (the shapes of reshapes)."""
    full = np.full([int(size) for size in np.atleast_1d(shape)], default)
    full[tuple(np.atleast_2d(indices.reshape(-1, full.ndim)).T)] = values
    return full


OPS: dict[str, Convert] = {
    "Conv2D": conv,
    "DepthwiseConv2dNative": depthwise,
    "MaxPool": max_pool,
    "Add": elementwise("Add"),
    "AddV2": elementwise("Add"),
    "BiasAdd": elementwise("Add"),
    "Mul": elementwise("Mul"),
    "Sub": elementwise("Sub"),
    "Relu": unary("Relu"),
    "Sigmoid": unary("Sigmoid"),
    "Exp": unary("Exp"),
    "LeakyRelu": leaky_relu,
    "Identity": identity,
    "Transpose": transpose,
    "Pad": pad,
    "PadV2": pad,
    "ConcatV2": concat,
    "SplitV": split,
    "Reshape": reshape,
    "ResizeBilinear": resize,
}

FOLDS: dict[str, Fold] = {  # what is computed while converting, where every input is known
    "SparseToDense": dense,
    "Identity": lambda value: value,
    "Cast": lambda value: value,
    "Add": lambda left, right: left + right,
    "AddV2": lambda left, right: left + right,
    "Mul": lambda left, right: left * right,
    "Sub": lambda left, right: left - right,
    "Reshape": lambda value, shape: value.reshape([int(size) for size in shape]),
    "Transpose": lambda value, permutation: value.transpose([int(axis) for axis in permutation]),
    "ConcatV2": lambda *parts: np.concatenate([np.atleast_1d(part) for part in parts[:-1]], int(parts[-1])),
}


def convert_node(writing: Writing, node: Node) -> None:
    """Fold a node of constants, else write it. ModelError for an operation that has no line in OPS."""
    values = [writing.constant(name) for name in node.inputs]
    if node.op in FOLDS and all(value is not None for value in values):
        writing.constants[node.name] = FOLDS[node.op](*values)
    elif node.op in OPS:
        OPS[node.op](writing, node)
    else:
        raise ModelError(f"The converter does not know the operation {node.op} of {node.name}.")

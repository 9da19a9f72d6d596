"""Folding a Pad into the pooling or convolution behind it; left alone, static int8 sees -inf and detects nothing."""

from collections import Counter

import numpy as np
from onnx import NodeProto, helper, numpy_helper

from ingest.models.graph import Writing

NEUTRAL = {"Conv": 0.0, "MaxPool": -np.inf}  # what the operation itself fills its own pads with


def fold_pads(writing: Writing) -> int:
    """Fold every pad of height and width that its readers can do themselves; return how many went."""
    makers = {node.output[0]: node for node in writing.nodes}
    readers = [node for node in writing.nodes if _foldable(writing, node, makers.get(node.input[0]))]
    for node in readers:
        maker = makers[node.input[0]]
        _take_over(node, _pads(writing, maker))
        node.input[0] = maker.input[0]
    used = Counter(name for node in writing.nodes for name in node.input)
    gone = [node for node in writing.nodes if node.op_type == "Pad" and not used[node.output[0]]]
    writing.nodes = [node for node in writing.nodes if node not in gone]
    return len(gone)


def _foldable(writing: Writing, node: NodeProto, maker: NodeProto | None) -> bool:
    if maker is None or maker.op_type != "Pad" or node.op_type not in NEUTRAL:
        return False
    filled = float(numpy_helper.to_array(writing.weights[maker.input[2]]))
    pads = _pads(writing, maker)
    neutral = NEUTRAL[node.op_type]
    same = filled == neutral or (neutral < 0 and filled < -1e30)  # float16 weights hold the lowest float for -inf
    return same and len(pads) == 8 and not any(pads[axis] for axis in (0, 1, 4, 5))


def _pads(writing: Writing, node: NodeProto) -> list[int]:
    return [int(pad) for pad in numpy_helper.to_array(writing.weights[node.input[1]])]


def _take_over(node: NodeProto, pads: list[int]) -> None:
    kept = [attribute for attribute in node.attribute if attribute.name not in ("auto_pad", "pads")]
    del node.attribute[:]
    node.attribute.extend([*kept, helper.make_attribute("pads", [pads[2], pads[3], pads[6], pads[7]])])

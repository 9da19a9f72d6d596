"""TensorFlow.js graph model in, ONNX model out: numpy and onnx, nothing else."""

from pathlib import Path

import onnx
from onnx import TensorProto, helper

from ingest.models import layout
from ingest.models.fold import fold_pads
from ingest.models.graph import Writing
from ingest.models.ops import convert_node
from ingest.models.sizes import spell_out_sizes
from ingest.models.tfjs import ModelError, TfGraph, read_graph

OPSET = 18  # the first whose Resize takes axes


def convert(source: Path, target: Path) -> int:
    """Convert `source` (model.json) to `target` (.onnx); return the number of nodes.

    The inputs and outputs keep their names. The target appears whole or not at all.
    ModelError says in one sentence what the model has that the converter does not know.
    """
    writing = Writing(source=read_graph(source))
    for name, shape in writing.source.inputs.items():
        writing.put(name, name, layout.plain(len(shape)))
    for name in _in_order(writing.source):
        convert_node(writing, writing.source.nodes[name])
    model = _model(writing)
    half = target.with_suffix(".part")
    onnx.save(model, half)
    half.replace(target)
    return len(model.graph.node)


def _in_order(graph: TfGraph) -> list[str]:
    """Return the nodes the outputs need, each after what it reads; a stack, because graphs are deep."""
    done: dict[str, None] = {}
    stack = list(reversed(graph.outputs))
    while stack:
        name = stack[-1]
        if name in done or name in graph.inputs or name in graph.weights:
            stack.pop()
            continue
        if name not in graph.nodes:
            raise ModelError(f"The model names a tensor {name} that it does not hold.")
        missing = [part for part in _reads(graph, name) if part not in done]
        if missing:
            stack += missing
        else:
            done[stack.pop()] = None
    return list(done)


def _reads(graph: TfGraph, name: str) -> list[str]:
    sources = (part.split(":")[0] for part in graph.nodes[name].inputs)
    return [part for part in sources if part not in graph.inputs and part not in graph.weights]


def _model(writing: Writing) -> onnx.ModelProto:
    fold_pads(writing)
    for name in writing.source.outputs:
        rank = len(writing.tensors[name].order)
        ends = writing.lying(name, layout.plain(rank))
        writing.nodes.append(helper.make_node("Identity", [ends], [name], name=f"out_{name}"))
    used = {name for node in writing.nodes for name in node.input}
    graph = helper.make_graph(
        writing.nodes,
        "qyran",
        [helper.make_tensor_value_info(n, TensorProto.FLOAT, s) for n, s in writing.source.inputs.items()],
        [helper.make_tensor_value_info(n, TensorProto.FLOAT, None) for n in writing.source.outputs],
        [weight for name, weight in writing.weights.items() if name in used],
    )
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="qyran", ir_version=8
    )
    model = onnx.shape_inference.infer_shapes(model)
    spell_out_sizes(model)
    onnx.checker.check_model(model)
    return model

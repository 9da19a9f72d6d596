"""Static int8 of a model: a third of the time a frame, by scales read off pictures like those it will see.

Weights per channel, activations as unsigned bytes, between quantise and dequantise nodes (QDQ). Dynamic int8 gains
nothing. Pads must be folded before (`fold`), or the model detects nothing.
"""

import logging
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

from ingest.models.card import Card
from ingest.models.preparing import Blob, preparation
from ingest.models.slim import GREY, join_levels, keep_labels, take_bytes, take_levels, take_planes
from ingest.values import Picture


class _Pictures(CalibrationDataReader):  # type: ignore[misc]
    """Hands the pictures to the calibration, one a call."""

    def __init__(self, input_name: str, blobs: Iterator[Blob]) -> None:
        self._input_name, self._blobs = input_name, blobs

    def get_next(self) -> dict[str, Blob] | None:
        """Return the next one; None when all were seen."""
        blob = next(self._blobs, None)
        return None if blob is None else {self._input_name: blob}


def quantise(model: Path, target: Path, card: Card, pictures: Iterable[Picture]) -> Card:
    """Write the int8 model of an fp32 one at `target`, which appears whole or not at all.

    What it writes takes bytes, a plane each, and tells of the wanted labels alone (`slim`); returns its card, less the
    file's name.
    """
    slim = onnx.load(model)
    levels = take_levels(slim, keep_labels(slim, card))
    half = target.with_suffix(".part")
    _quantise(slim, half, levels, pictures)
    ended = onnx.load(half)
    bare = take_bytes(ended, levels)
    take_planes(ended)
    join_levels(ended)
    onnx.save(ended, half)
    half.replace(target)
    return replace(bare, precision="int8")


def _quantise(slim: onnx.ModelProto, target: Path, card: Card, pictures: Iterable[Picture]) -> None:
    prepare, name = preparation(card), slim.graph.input[0].name
    one_level = {name: [{"scale": np.array(1, np.float32), "zero_point": np.array(GREY, np.uint8)}]}
    logging.getLogger().addFilter(_not_advice)
    try:
        with tempfile.TemporaryDirectory() as folder:
            whole, plain = Path(folder) / "whole.onnx", Path(folder) / "plain.onnx"
            onnx.save(slim, whole)
            quant_pre_process(str(whole), str(plain), skip_symbolic_shape=True)
            quantize_static(
                str(plain),
                str(target),
                _Pictures(name, map(prepare, pictures)),
                quant_format=QuantFormat.QDQ,
                per_channel=True,
                activation_type=QuantType.QUInt8,
                weight_type=QuantType.QInt8,
                calibrate_method=CalibrationMethod.MinMax,
                extra_options={"TensorQuantOverrides": one_level},
            )
    finally:
        logging.getLogger().removeFilter(_not_advice)


def _not_advice(record: logging.LogRecord) -> bool:
    return record.levelno > logging.WARNING  # the quantiser advises what was just done

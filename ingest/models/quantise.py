"""Static int8 of a model: a third of the time a frame, by scales read off pictures like those it will see.

Weights per channel, activations as unsigned bytes, between quantise and dequantise nodes (QDQ). Dynamic int8 gains
nothing. Pads must be folded before (`fold`), or the model detects nothing.
"""

import logging
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

from ingest.models.card import Card
from ingest.models.preparing import Blob, preparation
from ingest.values import Image


class _Pictures(CalibrationDataReader):  # type: ignore[misc]
    """Hands the pictures to the calibration, one a call."""

    def __init__(self, input_name: str, blobs: Iterator[Blob]) -> None:
        self._input_name, self._blobs = input_name, blobs

    def get_next(self) -> dict[str, Blob] | None:
        """Return the next one; None when all were seen."""
        blob = next(self._blobs, None)
        return None if blob is None else {self._input_name: blob}


def quantise(model: Path, target: Path, card: Card, pictures: Sequence[Image], input_name: str) -> None:
    """Write the int8 model of an fp32 one at `target`, which appears whole or not at all; two dozen pictures do."""
    prepare = preparation(card)
    logging.getLogger().addFilter(_not_advice)
    half = target.with_suffix(".part")
    try:
        with tempfile.TemporaryDirectory() as folder:
            plain = Path(folder) / "plain.onnx"
            quant_pre_process(str(model), str(plain), skip_symbolic_shape=True)
            quantize_static(
                str(plain),
                str(half),
                _Pictures(input_name, map(prepare, pictures)),
                quant_format=QuantFormat.QDQ,
                per_channel=True,
                activation_type=QuantType.QUInt8,
                weight_type=QuantType.QInt8,
                calibrate_method=CalibrationMethod.MinMax,
            )
    finally:
        logging.getLogger().removeFilter(_not_advice)
    half.replace(target)


def _not_advice(record: logging.LogRecord) -> bool:
    return record.levelno > logging.WARNING  # the quantiser advises what was just done

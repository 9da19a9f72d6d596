"""Objects by an ONNX model and its card, run by onnxruntime on the processor."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import onnxruntime
import structlog
from numpy.typing import NDArray

from ingest.kin import kin
from ingest.models.card import Card, read_card
from ingest.models.heads import Candidates, head
from ingest.models.preparing import Blob, preparation
from ingest.models.tfjs import ModelError
from ingest.values import Detection, Picture
from layers.faults import told

log = structlog.get_logger()

MOST_SIZES = 64  # of pictures, whose way back from the model's input is remembered
MOST = 100  # a frame with more objects than this is a crowd, and the weakest go


class OnnxObjects:
    """An `ObjectDetector`. One session serves every thread: `session.run` is safe to call at once, one core a call."""

    def __init__(self, card: Card, session: Any) -> None:
        """Take a card and its open session; `open_objects` opens one."""
        self.card = card
        self.session = session
        self._inputs = [one.name for one in session.get_inputs()]
        self._decode = head(card)
        self._prepare = preparation(card, of_bytes=session.get_inputs()[0].type == "tensor(uint8)")
        self._placing = lru_cache(MOST_SIZES)(partial(_placing, card))
        kindred = [kin(label) for label in card.labels]
        self._kin = np.array([kindred.index(label) for label in kindred])  # one object is found once, by any label

    def detect(self, picture: Picture) -> tuple[Detection, ...]:
        """Return what is seen, strongest first, boxes in the picture's own pixels."""
        outputs = self.session.run(None, self.given(picture))
        return self._detections(self._decode(outputs), *picture.size_px)

    def given(self, picture: Picture) -> dict[str, Blob]:
        """Return the picture as the model wants it, by input: 1 x 3 x height x width, or a plane each, as it lies."""
        if len(self._inputs) == 1:
            return {self._inputs[0]: self._prepare(picture)}
        planes = picture.yuv(self.card.width_px, self.card.height_px)
        shape = 1, 1, self.card.height_px, self.card.width_px
        laid = (np.ascontiguousarray(plane).reshape(shape) for plane in planes)
        return dict(zip(self._inputs, laid, strict=True))

    def _detections(self, found: Candidates, width_px: int, height_px: int) -> tuple[Detection, ...]:
        kept = self._kept(found)
        if not len(kept):
            return ()
        boxes = self._in_frame(found.boxes[kept], width_px, height_px)
        rows: Any = zip(found.labels[kept].tolist(), found.scores[kept].tolist(), boxes.tolist(), strict=True)
        labels = self.card.labels
        return tuple(Detection(label=labels[label], score=score, box=tuple(box)) for label, score, box in rows)

    def _kept(self, found: Candidates) -> Sequence[int]:
        """Return which are left where of two kindred boxes upon each other the weaker one goes, strongest first."""
        rectangles = found.boxes.copy()
        rectangles[:, 2:] -= found.boxes[:, :2]
        kept = cv2.dnn.NMSBoxesBatched(
            rectangles.tolist(),  # OpenCV reads lists faster than arrays
            found.scores.tolist(),
            self._kin[found.labels].tolist(),
            self.card.threshold,
            self.card.overlap,
        )
        return kept[:MOST]

    def _in_frame(self, boxes: NDArray[np.float32], width_px: int, height_px: int) -> NDArray[np.float32]:
        """Bring boxes from the model's input back to the frame and clip them to it."""
        placing = self._placing(width_px, height_px)
        placed: NDArray[np.float32] = boxes * placing.scale + placing.shift
        return np.minimum(np.maximum(placed, 0, out=placed), placing.limits, out=placed)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Placing:
    """How boxes of the model's input come to lie in frames of one size: x0, y0, x1, y1."""

    scale: NDArray[np.float32]
    shift: NDArray[np.float32]
    limits: NDArray[np.float32]


def _placing(card: Card, width_px: int, height_px: int) -> _Placing:
    to_x, to_y = width_px / card.width_px, height_px / card.height_px
    left = top = 0.0
    if card.fit == "letterbox":
        to_x = to_y = max(to_x, to_y)
        left, top = (width_px - card.width_px * to_x) / 2, (height_px - card.height_px * to_y) / 2
    twice = (np.array(pair * 2, np.float32) for pair in ((to_x, to_y), (left, top), (width_px, height_px)))
    scale, shift, limits = twice
    return _Placing(scale=scale, shift=shift, limits=limits)


def open_objects(card_path: Path) -> OnnxObjects:
    """Open the model a card describes. ModelError says in one sentence what is wrong with the card or the file."""
    card = read_card(card_path)
    path = card_path.parent / card.file
    if not path.is_file():
        raise ModelError(f"The model file {path} of the card {card_path.name} is not there.")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # two sessions of one thread beat one of two; the pipeline brings the threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    try:
        session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # noqa: BLE001 - onnxruntime raises a dozen types of its own and promises none
        log.warning("model_not_opened", file=path.name, error=told(error))
        raise ModelError(f"{path.name} is no ONNX model that onnxruntime can open.") from None
    return OnnxObjects(_checked(card, session), session)


def _checked(card: Card, session: Any) -> Card:
    inputs = [one.shape for one in session.get_inputs()]
    planes = 1 if len(inputs) == 3 and card.channels == "yuv" else 3
    wanted = [1, planes, card.height_px, card.width_px]
    for shape in inputs if len(inputs) in (1, 3) else [inputs]:
        fixed = [have for have in shape if isinstance(have, int)]
        if len(shape) != 4 or any(have != want for have, want in zip(shape, wanted, strict=True) if have in fixed):
            raise ModelError(f"The model takes {shape} where its card says {wanted}.")
    return card

"""Objects by an ONNX model and its card, run by onnxruntime on the processor."""

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

MOST = 100  # a frame with more objects than this is a crowd, and the weakest go


class OnnxObjects:
    """An `ObjectDetector`. One session serves every thread: `session.run` is safe to call at once, one core a call."""

    def __init__(self, card: Card, session: Any) -> None:
        """Take a card and its open session; `open_objects` opens one."""
        self.card = card
        self.session = session
        self._input = session.get_inputs()[0].name
        self._decode = head(card)
        self._prepare = preparation(card, of_bytes=session.get_inputs()[0].type == "tensor(uint8)")
        kindred = [kin(label) for label in card.labels]
        self._kin = np.array([kindred.index(label) for label in kindred])  # one object is found once, by any label

    @property
    def input_name(self) -> str:
        """Return the name the model gives its picture."""
        return str(self._input)

    def detect(self, picture: Picture) -> tuple[Detection, ...]:
        """Return what is seen, strongest first, boxes in the picture's own pixels."""
        outputs = self.session.run(None, {self._input: self.prepare(picture)})
        return self._detections(self._decode(outputs), *picture.size_px)

    def prepare(self, picture: Picture) -> Blob:
        """Return the picture as the model wants it: 1 x 3 x height x width; stretched by whoever decoded it."""
        if self.card.fit == "stretch":
            picture = picture.sized(self.card.width_px, self.card.height_px)
        return self._prepare(picture.image())

    def _detections(self, found: Candidates, width_px: int, height_px: int) -> tuple[Detection, ...]:
        corners, sizes = found.boxes[:, :2], found.boxes[:, 2:] - found.boxes[:, :2]
        rectangles = np.concatenate([corners, sizes], axis=1).astype(np.float64)
        scores = found.scores.astype(np.float32)
        kept = cv2.dnn.NMSBoxesBatched(
            rectangles.tolist(),
            scores.tolist(),
            self._kin[found.labels].tolist(),
            self.card.threshold,
            self.card.overlap,
        )
        boxes = self._in_frame(found.boxes, width_px, height_px)
        return tuple(
            Detection(
                label=self.card.labels[int(found.labels[i])], score=float(scores[i]), box=tuple(boxes[i].tolist())
            )
            for i in list(kept)[:MOST]
        )

    def _in_frame(self, boxes: NDArray[np.float32], width_px: int, height_px: int) -> NDArray[np.float32]:
        """Bring boxes from the model's input back to the frame and clip them to it."""
        to_x, to_y = width_px / self.card.width_px, height_px / self.card.height_px
        shift = np.zeros(2, np.float32)
        if self.card.fit == "letterbox":
            to_x = to_y = max(to_x, to_y)
            inner = np.array([width_px / to_x, height_px / to_y])
            shift = ((np.array([self.card.width_px, self.card.height_px]) - inner) / 2).astype(np.float32)
        placed = (boxes - np.tile(shift, 2)) * np.array([to_x, to_y] * 2, np.float32)
        limits = np.array([width_px, height_px] * 2, np.float32)
        clipped: NDArray[np.float32] = np.clip(placed, 0, limits)
        return clipped


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
    shape = session.get_inputs()[0].shape
    fixed = [have for have in shape if isinstance(have, int)]
    wanted = [1, 3, card.height_px, card.width_px]
    if len(shape) != 4 or any(have != want for have, want in zip(shape, wanted, strict=True) if have in fixed):
        raise ModelError(f"The model takes {shape} where its card says {wanted}.")
    return card

"""Reading plates: text is found on the picture of a vehicle, straightened, and read sign by sign (PP-OCRv6, ONNX).

Nothing that is read is kept, logged or put into the words of an error.
"""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import cv2
import numpy as np
import onnxruntime

from ingest.models.tfjs import ModelError
from ingest.plates.lines import Floats, Line, together
from ingest.plates.spelling import spell
from ingest.plates.voting import Read
from ingest.values import Image
from layers.hotlist.rules import normal

FINDER, READER, SIGNS = "ppocrv6-det.onnx", "ppocrv6-rec.onnx", "ppocrv6-dict.txt"
FOUND_ON_PX = 416  # the longer side of the picture that text is looked for on
READ_AT_PX, NARROWEST_PX, WIDEST_PX = 48, 320, 640  # height of a straightened line; its least and greatest width
INK, LINE, WIDER = 0.3, 0.5, 1.6  # a pixel's score, a whole line's, and how much DB's shrunken line is widened
FLATTEST = 1.1  # a line is at least so many times wider than high: two letters of a plate of two lines are no wider
MOST_LINES = 6
COSTLY = 0.9  # what each unit of a repair leaves of the certainty
_MEAN, _STD = np.array([0.485, 0.456, 0.406], np.float32), np.array([0.229, 0.224, 0.225], np.float32)  # ImageNet's


class PlateReader(Protocol):
    """Reads the plate of one vehicle; may be called from several threads at once."""

    def read(self, vehicle: Image) -> Read | None:
        """Return the plate on a BGR picture of a vehicle, None where none is read."""
        ...


class OnnxPlates:
    """A `PlateReader` of two models; `open_plates` opens one."""

    def __init__(self, finder: Any, reader: Any, signs: Sequence[str]) -> None:
        """Take the open sessions and the sign of each class of the reader but the blank, which is its first."""
        self._finder, self._reader = finder, reader
        self._signs = ("", *(normal(sign) if len(sign) == 1 else "" for sign in signs))
        self._of_plates = np.array([True, *(len(sign) == 1 for sign in self._signs[1:])])

    def read(self, vehicle: Image) -> Read | None:
        """Return the likeliest plate: of each line alone, of all from left to right, of two one above the other."""
        lines = [self._line(vehicle, corners) for corners in self.find(vehicle)]
        told = [line for line in lines if line.text]
        return max((_plate(text, lines) for text, lines in together(told)), key=_worth, default=None)

    def find(self, image: Image) -> list[Floats]:
        """Return the corners of the lines of text on a picture, from left to right."""
        height, width = image.shape[:2]
        if min(height, width) < 8:
            return []
        scale = FOUND_ON_PX / max(height, width)
        size = [max(32, round(side * scale / 32) * 32) for side in (width, height)]
        scores = self._ink(cv2.resize(image, size))
        found = [_widened(contour) for contour in _contours(scores)]
        back = np.array([width / size[0], height / size[1]], np.float32)
        flat = [one * back for one in found if _is_flat(one * back)]
        return sorted(flat[:MOST_LINES], key=lambda one: float(one[:, 0].min()))

    def _ink(self, image: Any) -> Floats:
        sent = ((image.astype(np.float32) / 255 - _MEAN) / _STD).transpose(2, 0, 1)[None]
        scores: Floats = self._finder.run(None, {self._finder.get_inputs()[0].name: sent})[0][0, 0]
        return scores

    def _line(self, image: Image, corners: Floats) -> Line:
        text, certainty = self._decode(self._classes(_straightened(image, corners)))
        return Line(corners=corners, text=text, certainty=certainty)

    def _classes(self, line: Any) -> Floats:
        sent = line.astype(np.float32).transpose(2, 0, 1) / 127.5 - 1
        padded = np.pad(sent, ((0, 0), (0, 0), (0, max(0, NARROWEST_PX - sent.shape[2]))))
        scores: Floats = self._reader.run(None, {self._reader.get_inputs()[0].name: padded[None]})[0][0]
        return scores

    def _decode(self, scores: Floats) -> tuple[str, float]:
        """Read the likeliest classes that a plate can hold, without repeats and blanks (CTC)."""
        known = np.where(self._of_plates[: scores.shape[1]], scores[:, : len(self._of_plates)], 0)
        best = known.argmax(axis=1)
        fresh = (best != 0) & (best != np.concatenate([[0], best[:-1]]))
        text = "".join(self._signs[i] for i in best[fresh].tolist())
        return text, float(known.max(axis=1)[fresh].mean()) if fresh.any() else 0.0


def _plate(text: str, lines: Sequence[Line]) -> Read | None:
    spelt = spell(text)
    if spelt is None:
        return None
    certainty = min(line.certainty for line in lines) * COSTLY**spelt.cost * (0.8 if spelt.kind == "free" else 1.0)
    x0 = min(float(line.corners[:, 0].min()) for line in lines)
    x1 = max(float(line.corners[:, 0].max()) for line in lines)
    return Read(text=spelt.text, certainty=certainty, width_px=x1 - x0)


def _worth(read: Read | None) -> float:
    return -1.0 if read is None else read.certainty * min(len(read.text), 6) / 6


def _contours(scores: Floats) -> list[Any]:
    """Return the outlines of what is ink, the strongest lines first."""
    outlines = cv2.findContours((scores > INK).astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)[0]
    scored = [(_score(scores, outline), outline) for outline in outlines if len(outline) >= 4]
    return [one for score, one in sorted(scored, key=lambda pair: -pair[0]) if score >= LINE]


def _score(scores: Floats, outline: Any) -> float:
    x, y, width, height = cv2.boundingRect(outline)
    inside = np.zeros((height, width), np.uint8)
    cv2.fillPoly(inside, [outline - (x, y)], 1)
    return float(scores[y : y + height, x : x + width][inside > 0].mean())


def _widened(outline: Any) -> Floats:
    """Return the corners of the smallest rectangle about an outline, widened as the finder was taught (DB, 2019)."""
    (x, y), (width, height), angle = cv2.minAreaRect(outline)
    by = 2 * WIDER * width * height / max(2 * (width + height), 1e-3)
    corners = cv2.boxPoints(((x, y), (width + by, height + by), angle))
    sums, differences = corners.sum(axis=1), np.diff(corners, axis=1)[:, 0]
    order = [sums.argmin(), differences.argmin(), sums.argmax(), differences.argmax()]
    return np.asarray(corners[order], np.float32)


def _is_flat(corners: Floats) -> bool:
    width, height = _size(corners)
    return height >= 4 and width / height >= FLATTEST


def _size(corners: Floats) -> tuple[float, float]:
    return float(np.linalg.norm(corners[1] - corners[0])), float(np.linalg.norm(corners[3] - corners[0]))


def _straightened(image: Image, corners: Floats) -> Any:
    width, height = _size(corners)
    wide = int(np.clip(READ_AT_PX * width / max(height, 1.0), READ_AT_PX, WIDEST_PX))
    flat = np.array([[0, 0], [wide, 0], [wide, READ_AT_PX], [0, READ_AT_PX]], np.float32)
    way = cv2.getPerspectiveTransform(corners, flat)
    return cv2.warpPerspective(image, way, (wide, READ_AT_PX), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)


# ── opening ──


def open_plates(home: Path) -> OnnxPlates:
    """Open the models of a home, one pair for all cameras of a process; HOME/models comes before HOME/fetched.

    ModelError says in one sentence which is missing or is something else.
    """
    return _opened(*(_file(home, name) for name in (FINDER, READER, SIGNS)))


def _file(home: Path, name: str) -> Path:
    found = next((home / folder / name for folder in ("models", "fetched") if (home / folder / name).is_file()), None)
    if found is None:
        raise ModelError(f"Plates cannot be read: {name} is neither in models nor in fetched, where `up` puts it.")
    return found.resolve()


@lru_cache(maxsize=4)
def _opened(finder: Path, reader: Path, signs: Path) -> OnnxPlates:
    sessions = _session(finder, "finds text"), _session(reader, "reads text")
    known = _signs(signs)
    classes = sessions[1].get_outputs()[0].shape[-1]
    if not isinstance(classes, int) or len(known) + 1 > classes or classes - len(known) > 2:
        raise ModelError(f"{reader.name} knows {classes} signs where {signs.name} lists {len(known)}.")
    return OnnxPlates(*sessions, known)


def _session(path: Path, does: str) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # the pipeline brings the threads
    options.log_severity_level = 4
    try:
        session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception:  # noqa: BLE001 - onnxruntime raises a dozen types of its own and promises none
        raise ModelError(f"{path.name} is no ONNX model that onnxruntime can open.") from None
    shapes = [one.shape for one in (*session.get_inputs(), *session.get_outputs())]
    ranks = [len(shape) for shape in shapes]
    wanted, height = ([4, 4], None) if does == "finds text" else ([4, 3], READ_AT_PX)
    if ranks != wanted or (height and isinstance(shapes[0][2], int) and shapes[0][2] != height):
        raise ModelError(f"{path.name} is no model that {does}: its shapes are {shapes}.")
    return session


def _signs(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").removesuffix("\n").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(f"The list of signs {path.name} cannot be read ({type(error).__name__}).") from None

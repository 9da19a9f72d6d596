"""The card beside an ONNX file: what its pictures must look like and what its numbers mean.

Any detector can be dropped into HOME/models with such a card; `head` names a function in `ingest/models/heads.py`.
"""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from ingest.models.tfjs import ModelError

Triple = tuple[float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """How to use a model. A pixel becomes (value - mean) / std, channel by channel, in the order of `channels`.

    `channels` yuv are video's own (`ingest/colours.py`), of a stretched picture. `threshold` is the lowest score that
    leaves the detector, `overlap` the IoU above which the weaker box goes, `fit` how the frame is brought to
    width x height: stretched, or letterboxed with grey 114. `wanted` are the labels that are handed on; empty: all.
    """

    file: str
    head: str
    labels: tuple[str, ...]
    width_px: int
    height_px: int
    channels: Literal["bgr", "rgb", "yuv"]
    mean: Triple = (0.0, 0.0, 0.0)
    std: Triple = (255.0, 255.0, 255.0)
    fit: Literal["stretch", "letterbox"] = "stretch"
    threshold: float = 0.25
    overlap: float = 0.5
    wanted: tuple[str, ...] = ()
    strides: tuple[int, ...] = (8, 16, 32)
    precision: str = "fp32"
    licence: str = ""
    origin: str = ""


def read_card(path: Path) -> Card:
    """Read a card. ModelError says in one sentence what is missing or wrong."""
    try:
        card = msgspec.json.decode(path.read_bytes(), type=Card)
    except OSError as error:
        raise ModelError(f"The model card {path} cannot be read: {error.strerror}.") from None
    except msgspec.MsgspecError as error:
        raise ModelError(f"The model card {path.name} is not usable: {error}.") from None
    fault = _fault(card)
    if fault:
        raise ModelError(f"The model card {path.name} is not usable: {fault}.")
    return card


def write_card(card: Card, path: Path) -> None:
    """Write a card as indented JSON; it appears whole or not at all."""
    half = path.with_suffix(".part")
    half.write_bytes(msgspec.json.format(msgspec.json.encode(card), indent=2) + b"\n")
    half.replace(path)


def _fault(card: Card) -> str | None:
    numbers = (*card.mean, *card.std, card.threshold, card.overlap)
    checks = {
        "labels must name at least one thing": bool(card.labels),
        "width_px and height_px must be from 32 to 4096": all(32 <= n <= 4096 for n in (card.width_px, card.height_px)),
        "std must not hold a zero": all(card.std),
        "its numbers must be finite": all(map(math.isfinite, numbers)),
        "threshold and overlap must lie between 0 and 1": all(0 < n < 1 for n in (card.threshold, card.overlap)),
        "wanted must name labels of the card": set(card.wanted) <= set(card.labels),
        "file must be a name in the card's own folder": Path(card.file).name == card.file,
        "channels yuv must be stretched": card.channels != "yuv" or card.fit == "stretch",
        "strides must be positive": bool(card.strides) and all(stride > 0 for stride in card.strides),
    }
    return next((fault for fault, holds in checks.items() if not holds), None)

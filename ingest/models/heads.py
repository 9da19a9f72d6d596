"""Heads: how a model's raw outputs become boxes. A new head is one function and one line in HEADS."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.models.card import Card
from ingest.models.tfjs import ModelError

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Candidates:
    """Boxes x0, y0, x1, y1 in pixels of the model's input, with score and label number; not yet thinned out."""

    boxes: Floats
    scores: Floats
    labels: Ints


Decode = Callable[[Sequence[Floats]], Candidates]
Head = Callable[[Card], Decode]


def gfl(card: Card) -> Decode:
    """Generalized Focal Loss, as NanoDet has it: box sides are expectations over a few bins (Li et al. 2020).

    Scores come already through the sigmoid; cell centres lie at (i + 0.5) x stride.
    """
    centres, reach = _cells(card)
    wanted = _wanted(card)
    columns = wanted if len(wanted) < len(card.labels) else slice(None)

    def decode(outputs: Sequence[Floats]) -> Candidates:
        scores, sides = _levels(outputs, len(card.labels))
        scores = scores[:, columns]
        best = cv2.reduce(scores, 1, cv2.REDUCE_MAX).reshape(-1)  # a fifth of numpy's time for rows so short
        cells = (best > card.threshold).nonzero()[0]
        boxes = centres[cells] + reach[cells] * _expected(sides[cells])
        return Candidates(boxes=boxes, scores=best[cells], labels=wanted[scores[cells].argmax(axis=1)])

    return decode


def yolov8(card: Card) -> Decode:
    """One output of 4 + labels rows: centre x, centre y, width, height, then a score a label (YOLOv8 and its kin)."""
    wanted = _wanted(card)

    def decode(outputs: Sequence[Floats]) -> Candidates:
        rows = outputs[0][0]
        if rows.shape[0] != 4 + len(card.labels):
            raise ModelError(f"The model gives {rows.shape[0]} rows where its card asks for 4 + {len(card.labels)}.")
        scores = rows[4:][wanted]
        best = scores.max(axis=0)
        keep = np.flatnonzero(best > card.threshold)
        middle, half = rows[:2, keep].T, rows[2:4, keep].T / 2
        boxes = np.concatenate([middle - half, middle + half], axis=1)
        return Candidates(boxes=boxes, scores=best[keep], labels=wanted[scores[:, keep].argmax(axis=0)])

    return decode


def _wanted(card: Card) -> Ints:
    names = card.wanted or card.labels
    return np.array([card.labels.index(name) for name in names], dtype=np.int64)


def _cells(card: Card) -> tuple[Floats, Floats]:
    """Return for every cell its centre as x, y, x, y and its stride to the left, up, right and down, level by level.

    In pixels of the input.
    """
    centres, strides = [], []
    for stride in card.strides:
        rows, columns = -(-card.height_px // stride), -(-card.width_px // stride)
        y, x = np.mgrid[:rows, :columns]
        centres.append((np.stack([x.ravel(), y.ravel()] * 2, axis=1) + 0.5) * stride)
        strides.append(np.full((rows * columns, 4), stride) * (-1, -1, 1, 1))
    return np.concatenate(centres).astype(np.float32), np.concatenate(strides).astype(np.float32)


def _levels(outputs: Sequence[Floats], labels: int) -> tuple[Floats, Floats]:
    """Tell scores from box sides by their width and join the levels of each, finest first."""
    scores = [output[0] for output in outputs if output.shape[2] == labels]
    sides = [output[0] for output in outputs if output.shape[2] != labels]
    if len(outputs) > 2:
        scores, sides = sorted(scores, key=len, reverse=True), sorted(sides, key=len, reverse=True)
    if not scores or list(map(len, scores)) != list(map(len, sides)):
        raise ModelError("The model's outputs do not fit the head gfl of its card.")
    return _joined(scores), _joined(sides)


def _joined(levels: Sequence[Floats]) -> Floats:
    return levels[0] if len(levels) == 1 else np.concatenate(levels)


def _expected(sides: Floats) -> Floats:
    """Return the expected distance of the four sides, in strides: a softmax over the bins, weighted by bin number.

    No trained model comes near the logit of 88 whose exponential is too big.
    """
    bins = sides.shape[1] // 4
    weighted = np.exp(sides.reshape(-1, bins)) @ _weights(bins)
    expected: Floats = (weighted[:, 0] / weighted[:, 1]).reshape(-1, 4)
    return expected


@cache
def _weights(bins: int) -> Floats:
    """Return two columns: the numbers of the bins and ones, for a weighted sum beside the bare one."""
    return np.stack([np.arange(bins), np.ones(bins)], axis=1).astype(np.float32)


HEADS: dict[str, Head] = {"gfl": gfl, "yolov8": yolov8}


def head(card: Card) -> Decode:
    """Return the decoder a card asks for; ModelError names the ones there are."""
    if card.head not in HEADS:
        raise ModelError(f"The model card asks for the head {card.head}; there are {', '.join(HEADS)}.")
    return HEADS[card.head](card)

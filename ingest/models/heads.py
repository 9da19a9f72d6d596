"""Heads: how a model's raw outputs become boxes. A new head is one function and one line in HEADS."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

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
    centres, strides = _cells(card)
    wanted = _wanted(card)

    def decode(outputs: Sequence[Floats]) -> Candidates:
        cells, scores, sides = _likely(_levels(outputs, len(card.labels)), card.threshold)
        best = scores[:, wanted].max(axis=1)
        keep = np.flatnonzero(best > card.threshold)
        cells = cells[keep]
        distances = _expected(sides[keep]) * strides[cells, None]
        boxes = np.concatenate([centres[cells] - distances[:, :2], centres[cells] + distances[:, 2:]], axis=1)
        return Candidates(boxes=boxes, scores=best[keep], labels=wanted[scores[keep][:, wanted].argmax(axis=1)])

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
    """Return the centre (x, y) and the stride of every cell, in pixels of the input, level by level."""
    centres, strides = [], []
    for stride in card.strides:
        rows, columns = -(-card.height_px // stride), -(-card.width_px // stride)
        y, x = np.mgrid[:rows, :columns]
        centres.append((np.stack([x.ravel(), y.ravel()], axis=1) + 0.5) * stride)
        strides.append(np.full(rows * columns, stride))
    return np.concatenate(centres).astype(np.float32), np.concatenate(strides).astype(np.float32)


def _levels(outputs: Sequence[Floats], labels: int) -> list[tuple[Floats, Floats]]:
    """Tell scores from box sides by their width and put the levels in order, finest first."""
    levels = sorted((output[0] for output in outputs), key=len, reverse=True)
    scores = [level for level in levels if level.shape[1] == labels]
    sides = [level for level in levels if level.shape[1] != labels]
    if not scores or [len(level) for level in scores] != [len(level) for level in sides]:
        raise ModelError("The model's outputs do not fit the head gfl of its card.")
    return list(zip(scores, sides, strict=True))


def _likely(levels: Sequence[tuple[Floats, Floats]], threshold: float) -> tuple[Ints, Floats, Floats]:
    """Return the cells of all levels with any score above the threshold: numbers, scores and sides.

    Few are; asking the scores as they lie in memory takes a tenth of a maximum for each cell.
    """
    rows = [_rows(scores, threshold) for scores, _ in levels]
    begins = np.cumsum([0, *(len(scores) for scores, _ in levels)])
    cells = np.concatenate([row + begin for row, begin in zip(rows, begins[:-1], strict=True)])
    scores, sides = (
        np.concatenate([level[kind][row] for level, row in zip(levels, rows, strict=True)]) for kind in (0, 1)
    )
    return cells, scores, sides


def _rows(scores: Floats, threshold: float) -> Ints:
    """Return the rows that hold a number above the threshold, in order."""
    found = np.flatnonzero(scores > threshold) // scores.shape[1]
    return np.array(list(dict.fromkeys(found.tolist())), np.int64)


def _expected(sides: Floats) -> Floats:
    """Return the expected distance of the four sides, in strides: a softmax over the bins, weighted by bin number."""
    bins = sides.reshape(len(sides), 4, sides.shape[1] // 4)
    weights = np.exp(bins - bins.max(axis=2, keepdims=True)) if bins.size else bins
    steps = np.arange(bins.shape[2], dtype=np.float32)
    expected: Floats = (weights @ steps) / np.maximum(weights.sum(axis=2), np.float32(1e-9))
    return expected


HEADS: dict[str, Head] = {"gfl": gfl, "yolov8": yolov8}


def head(card: Card) -> Decode:
    """Return the decoder a card asks for; ModelError names the ones there are."""
    if card.head not in HEADS:
        raise ModelError(f"The model card asks for the head {card.head}; there are {', '.join(HEADS)}.")
    return HEADS[card.head](card)

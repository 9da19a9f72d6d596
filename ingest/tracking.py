"""Following objects over frames: IoU against a constant-velocity prediction, strong boxes first, then weak ones.

The two scores are ByteTrack's idea (Zhang et al. 2022): a weak box may hold a track but never starts one. All boxes are
matched at once in numpy; tracks are capped and expire by the clock, so phantoms cost neither time nor memory.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from ingest.kin import kin
from ingest.values import Detection, Track

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracking:
    """Settings: scores from 0 to 1, overlaps as IoU, times in seconds."""

    strong: float = 0.4
    least_iou: float = 0.2
    confirm_hits: int = 3
    expire_s: float = 1.5
    most_tracks: int = 200
    slack_a_second: float = 0.8  # boxes are widened by this share of their size for each second between frames …
    most_slack: float = 0.5  # … up to this, so that a busy machine's rare frames still meet (C-BIoU, Yang et al. 2023)
    gain: float = 0.5  # share of a new velocity that is believed at once
    weight_of_new: float = 0.7  # share of a new box that is believed; the rest smooths its trembling


class Tracker:
    """The tracks of one camera, as columns."""

    def __init__(self, settings: Tracking | None = None) -> None:
        """Start with nothing followed."""
        self.settings = settings or Tracking()
        self._next_id = 1
        self._at: datetime | None = None
        self._seen_as: list[dict[str, float]] = []  # the scores of each label that a track was found by, added up
        self._boxes: Floats = np.zeros((0, 4))
        self._speeds: Floats = np.zeros((0, 4))  # px/s of each side
        self._scores: Floats = np.zeros(0)
        self._ids: Ints = np.zeros(0, np.int64)
        self._hits: Ints = np.zeros(0, np.int64)
        self._unseen_s: Floats = np.zeros(0)

    def __len__(self) -> int:
        """Return how many tracks are alive, confirmed or not."""
        return len(self._ids)

    def update(self, detections: Sequence[Detection], at: datetime) -> tuple[Track, ...]:
        """Take the objects of one frame and return all live tracks. A clock that jumps back counts as no time."""
        passed_s = max(0.0, (at - self._at).total_seconds()) if self._at else 0.0
        self._at = at
        self._predict(passed_s)
        usable = [d for d in detections if np.isfinite(d.box).all() and np.isfinite(d.score)]
        boxes = np.array([d.box for d in usable], np.float64).reshape(-1, 4)
        strong = np.array([d.score >= self.settings.strong for d in usable], bool)
        free = np.ones(len(self._ids), bool)
        taken = np.zeros(len(usable), bool)
        overlap = self._overlap(usable, boxes, passed_s)
        for wanted in (strong, ~strong):
            tracks, found = self._pairs(overlap, np.flatnonzero(free), np.flatnonzero(wanted))
            self._move(tracks, boxes[found], np.array([usable[d].score for d in found.tolist()]), passed_s)
            self._name(tracks, [usable[d] for d in found.tolist()])
            free[tracks], taken[found] = False, True
        self._start([d for d, s, t in zip(usable, strong, taken, strict=True) if s and not t])
        return self._tracks()

    def _predict(self, passed_s: float) -> None:
        self._unseen_s = self._unseen_s + passed_s
        self._keep(self._unseen_s <= self.settings.expire_s)
        self._boxes = self._boxes + self._speeds * passed_s

    def _keep(self, which: NDArray[np.bool_]) -> None:
        self._seen_as = [labels for labels, keep in zip(self._seen_as, which, strict=True) if keep]
        for name in ("_boxes", "_speeds", "_scores", "_ids", "_hits", "_unseen_s"):
            setattr(self, name, getattr(self, name)[which])

    def _overlap(self, detections: Sequence[Detection], boxes: Floats, passed_s: float) -> Floats:
        """Return the overlap of every track with every detection; none where their labels are not kindred."""
        slack = min(self.settings.most_slack, self.settings.slack_a_second * passed_s)
        kin_of = [self._kin(track) for track in range(len(self._seen_as))]
        same = np.array(kin_of)[:, None] == np.array([kin(d.label) for d in detections])
        overlap = iou(widened(self._boxes, slack), widened(boxes, slack))
        return np.where(same, overlap, 0.0) if overlap.size else overlap

    def _pairs(self, overlap: Floats, tracks: Ints, found: Ints) -> tuple[Ints, Ints]:
        """Return which of these tracks are given which of these detections: the best overlap over all."""
        among = overlap[np.ix_(tracks, found)]
        rows, columns = linear_sum_assignment(among, maximize=True)
        good = among[rows, columns] >= self.settings.least_iou
        return tracks[rows[good]], found[columns[good]]

    def _name(self, tracks: Ints, detections: Sequence[Detection]) -> None:
        for number, found in zip(tracks.tolist(), detections, strict=True):
            seen_as = self._seen_as[number]
            seen_as[found.label] = seen_as.get(found.label, 0.0) + found.score

    def _kin(self, track: int) -> str:
        return kin(next(iter(self._seen_as[track])))

    def _move(self, tracks: Ints, boxes: Floats, scores: Floats, passed_s: float) -> None:
        """Correct prediction and velocity by what was measured (an alpha-beta filter)."""
        surprise = boxes - self._boxes[tracks]
        self._boxes[tracks] += self.settings.weight_of_new * surprise
        unseen = np.maximum(self._unseen_s[tracks], passed_s)[:, None]
        if passed_s > 0:
            self._speeds[tracks] += self.settings.gain * surprise / unseen
        self._scores[tracks] = scores
        self._hits[tracks] += 1
        self._unseen_s[tracks] = 0.0

    def _start(self, detections: Sequence[Detection]) -> None:
        new = sorted(detections, key=lambda d: -d.score)[: self.settings.most_tracks - len(self._ids)]
        if not new:
            return
        self._seen_as += [{d.label: d.score} for d in new]
        self._boxes = np.vstack([self._boxes, [d.box for d in new]])
        self._speeds = np.vstack([self._speeds, np.zeros((len(new), 4))])
        self._scores = np.append(self._scores, [d.score for d in new])
        self._ids = np.append(self._ids, np.arange(self._next_id, self._next_id + len(new)))
        self._hits = np.append(self._hits, np.ones(len(new), np.int64))
        self._unseen_s = np.append(self._unseen_s, np.zeros(len(new)))
        self._next_id += len(new)

    def _tracks(self) -> tuple[Track, ...]:
        rows: Any = zip(
            self._ids.tolist(),
            [max(labels, key=labels.__getitem__) for labels in self._seen_as],
            self._scores.tolist(),
            self._boxes.tolist(),
            (self._hits >= self.settings.confirm_hits).tolist(),
            (self._unseen_s == 0).tolist(),
            strict=True,
        )
        return tuple(
            Track(
                id=number,
                label=label,
                score=score,
                box=(box[0], box[1], box[2], box[3]),
                foot=((box[0] + box[2]) / 2, box[3]),
                confirmed=confirmed,
                seen=seen,
            )
            for number, label, score, box, confirmed, seen in rows
        )


def widened(boxes: Floats, share: float) -> Floats:
    """Return boxes grown on every side by a share of their own width and height."""
    by = (boxes[:, 2:] - boxes[:, :2]) * share
    return np.concatenate([boxes[:, :2] - by, boxes[:, 2:] + by], axis=1)


def iou(left: Floats, right: Floats) -> Floats:
    """Return the overlap of every box of `left` with every box of `right`, as intersection over union."""
    low = np.maximum(left[:, None, :2], right[None, :, :2])
    high = np.minimum(left[:, None, 2:], right[None, :, 2:])
    shared = _areas(np.maximum(high - low, 0))
    areas = [_areas(np.maximum(boxes[:, 2:] - boxes[:, :2], 0)) for boxes in (left, right)]
    overlap: Floats = shared / np.maximum(areas[0][:, None] + areas[1][None] - shared, 1e-9)
    return overlap


def _areas(sizes: Floats) -> Floats:
    """Multiply width by height, the last axis."""
    areas: Floats = sizes[..., 0] * sizes[..., 1]
    return areas

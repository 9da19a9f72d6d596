"""Following objects over frames: IoU against a constant-velocity prediction, strong boxes first, then weak ones.

The two scores are ByteTrack's idea (Zhang et al. 2022): a weak box may hold a track but never starts one. All boxes are
matched at once in numpy; tracks are capped and expire by the clock, so phantoms cost neither time nor memory.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import isfinite

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from ingest.kin import kin
from ingest.values import Detection, Track

Floats = NDArray[np.float64]
OUTWARDS = np.array([-1.0, -1.0, 1.0, 1.0])  # so that the smaller reach is the inner one, on every side


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


@dataclass(slots=True, kw_only=True)
class _Followed:
    """What is known of one object but where it is."""

    id: int
    kin: str
    score: float
    seen_as: dict[str, float]  # the scores of each label that it was found by, added up
    hits: int = 1
    unseen_s: float = 0.0

    def see(self, found: Detection) -> None:
        """Note that it was found."""
        self.seen_as[found.label] = self.seen_as.get(found.label, 0.0) + found.score
        self.score, self.unseen_s = found.score, 0.0
        self.hits += 1

    def track(self, box: Sequence[float], confirm_hits: int) -> Track:
        """Return it as others know it, where it is now."""
        x0, y0, x1, y1 = box
        return Track(
            id=self.id,
            label=max(self.seen_as, key=self.seen_as.__getitem__),
            score=self.score,
            box=(x0, y0, x1, y1),
            foot=((x0 + x1) / 2, y1),
            confirmed=self.hits >= confirm_hits,
            seen=self.unseen_s == 0,
        )


class Tracker:
    """The tracks of one camera: where they are as rows of numbers, all else beside."""

    def __init__(self, settings: Tracking | None = None) -> None:
        """Start with nothing followed."""
        self.settings = settings or Tracking()
        self._next_id = 1
        self._at: datetime | None = None
        self._followed: list[_Followed] = []
        self._boxes: Floats = np.zeros((0, 4))
        self._speeds: Floats = np.zeros((0, 4))  # px/s of each side

    def __len__(self) -> int:
        """Return how many tracks are alive, confirmed or not."""
        return len(self._followed)

    def update(self, detections: Sequence[Detection], at: datetime) -> tuple[Track, ...]:
        """Take the objects of one frame and return all live tracks. A clock that jumps back counts as no time."""
        passed_s = max(0.0, (at - self._at).total_seconds()) if self._at else 0.0
        self._at = at
        self._predict(passed_s)
        usable = [one for one in detections if isfinite(sum(one.box) + one.score)]
        given = self._given(usable, passed_s)
        if given:
            self._move(given, usable, passed_s)
        taken = set(given.values())
        self._start([one for number, one in enumerate(usable) if number not in taken and self._strong(one)])
        rows = zip(self._followed, self._boxes.tolist(), strict=True)
        return tuple(one.track(box, self.settings.confirm_hits) for one, box in rows)

    def _strong(self, found: Detection) -> bool:
        return found.score >= self.settings.strong

    def _predict(self, passed_s: float) -> None:
        for one in self._followed:
            one.unseen_s += passed_s
        kept = [row for row, one in enumerate(self._followed) if one.unseen_s <= self.settings.expire_s]
        if len(kept) < len(self):
            self._followed = [self._followed[row] for row in kept]
            self._boxes, self._speeds = self._boxes[kept], self._speeds[kept]
        self._boxes += self._speeds * passed_s

    def _given(self, usable: Sequence[Detection], passed_s: float) -> dict[int, int]:
        """Return which track is given which detection: the strong ones first, then the weak ones to whom is left."""
        if not usable or not self._followed:
            return {}
        overlap = self._overlap(usable, passed_s)
        strong = [number for number, one in enumerate(usable) if self._strong(one)]
        given = self._pairs(overlap, list(range(len(self))), strong)
        free = [row for row in range(len(self)) if row not in given]
        weak = [number for number, one in enumerate(usable) if not self._strong(one)]
        return given | self._pairs(overlap, free, weak)

    def _overlap(self, usable: Sequence[Detection], passed_s: float) -> Floats:
        """Return the overlap of every track with every detection; none where their labels are not kindred."""
        slack = min(self.settings.most_slack, self.settings.slack_a_second * passed_s)
        overlap = iou(self._boxes, np.array([one.box for one in usable], np.float64), slack)
        ours, theirs = [one.kin for one in self._followed], [kin(one.label) for one in usable]
        if len({*ours, *theirs}) > 1:
            overlap[np.array(ours)[:, None] != np.array(theirs)] = 0.0
        return overlap

    def _pairs(self, overlap: Floats, tracks: Sequence[int], found: Sequence[int]) -> dict[int, int]:
        """Return which of these tracks are given which of these detections: the best overlap over all."""
        if not tracks or not found:
            return {}
        among = overlap[tracks][:, found]
        rows, columns = linear_sum_assignment(among, maximize=True)
        pairs = zip(rows.tolist(), columns.tolist(), among[rows, columns].tolist(), strict=True)
        return {tracks[row]: found[column] for row, column, share in pairs if share >= self.settings.least_iou}

    def _move(self, given: Mapping[int, int], usable: Sequence[Detection], passed_s: float) -> None:
        """Correct prediction and velocity by what was measured (an alpha-beta filter)."""
        rows = list(given)
        surprise = np.array([usable[number].box for number in given.values()]) - self._boxes[rows]
        self._boxes[rows] += self.settings.weight_of_new * surprise
        if passed_s > 0:
            unseen_s = [[max(self._followed[row].unseen_s, passed_s)] for row in rows]
            self._speeds[rows] += self.settings.gain * surprise / unseen_s
        for row, number in given.items():
            self._followed[row].see(usable[number])

    def _start(self, detections: Sequence[Detection]) -> None:
        new = sorted(detections, key=lambda one: -one.score)[: self.settings.most_tracks - len(self)]
        if not new:
            return
        self._followed += [
            _Followed(id=number, kin=kin(one.label), score=one.score, seen_as={one.label: one.score})
            for number, one in enumerate(new, self._next_id)
        ]
        self._boxes = np.concatenate([self._boxes, [one.box for one in new]])
        self._speeds = np.concatenate([self._speeds, np.zeros((len(new), 4))])
        self._next_id += len(new)


def iou(left: Floats, right: Floats, slack: float = 0.0) -> Floats:
    """Return the overlap of every box of `left` with every box of `right`, as intersection over union.

    The boxes are grown before, on every side by a share of their own width and height.
    """
    reach, areas = _grown(np.concatenate([left, right]), slack)
    inner = np.minimum(reach[: len(left), None], reach[len(left) :])
    shared = _product(np.maximum(inner[..., :2] + inner[..., 2:], 0))
    overlap: Floats = shared / np.maximum(areas[: len(left), None] + areas[len(left) :] - shared, 1e-9)
    return overlap


def _grown(boxes: Floats, share: float) -> tuple[Floats, Floats]:
    """Return how far grown boxes reach to the left, up, right and down of nought, and their areas."""
    reach = boxes * OUTWARDS
    sizes = np.maximum(reach[:, :2] + reach[:, 2:], 0)
    reach += np.concatenate([sizes, sizes], axis=1) * share
    return reach, _product(sizes) * (1 + 2 * share) ** 2


def _product(sizes: Floats) -> Floats:
    """Multiply width by height, the last axis."""
    areas: Floats = sizes[..., 0] * sizes[..., 1]
    return areas

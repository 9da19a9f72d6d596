"""Streets in short pieces (lixels) that know their neighbours: what happens in one street stays in the streets."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
PIECE_M, GRAIN_M = 20.0, 0.05


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lixels:
    """n pieces: their middles in metres, n x 2, lengths, ends as numbers of joints, n x 2, and the street of each.

    `begins` and `members` hold which pieces meet at each joint.
    """

    middle_m: Floats
    length_m: Floats
    ends: Ints
    street: Ints
    begins: Ints
    members: Ints

    @classmethod
    def of(cls, streets: NDArray[np.object_], piece_m: float = PIECE_M) -> Self:
        """Take lines in metres, which meet where they share a corner; no piece is longer than `piece_m`."""
        begin, end, street = _sides(streets, piece_m)
        _, joint = np.unique(_grains(np.concatenate([begin, end])), return_inverse=True)
        ends = joint.reshape(2, -1).T
        order = np.argsort(ends.ravel(), kind="stable")
        counts = np.bincount(ends.ravel(), minlength=int(joint.max(initial=-1)) + 1)
        return cls(
            middle_m=(begin + end) / 2,
            length_m=np.linalg.norm(end - begin, axis=1),
            ends=np.ascontiguousarray(ends),
            street=street,
            begins=np.concatenate([[0], np.cumsum(counts)]),
            members=order // 2,
        )

    def __len__(self) -> int:
        """Return the number of pieces."""
        return len(self.length_m)

    def nearest(self, places_m: Floats, within_m: float) -> Ints:
        """Return the piece whose middle is nearest to each place, -1 where none is within so many metres."""
        if not len(self) or not len(places_m):
            return np.full(len(places_m), -1)
        away, found = cKDTree(self.middle_m).query(places_m, distance_upper_bound=within_m + PIECE_M / 2)
        return np.where(np.isfinite(away), found, -1)


def _grains(places_m: Floats) -> Ints:
    """Return a number for each place, n x 2, the same for those within one grain: far quicker sorted than two."""
    if not len(places_m):
        return np.empty(0, np.int64)
    grains = np.round((places_m - places_m.min(axis=0)) / GRAIN_M).astype(np.int64)
    return np.asarray((grains[:, 0] << 32) + grains[:, 1], np.int64)


def _sides(streets: NDArray[np.object_], piece_m: float) -> tuple[Floats, Floats, Ints]:
    """Return begin and end of every piece, and the number of its street: sides of lines, long ones cut evenly."""
    corners, of = shapely.get_coordinates(streets, return_index=True)
    side = np.flatnonzero((of[1:] == of[:-1]) & (corners[1:] != corners[:-1]).any(axis=1))
    begin, along = corners[side], corners[side + 1] - corners[side]
    parts = np.maximum(1, np.ceil(np.linalg.norm(along, axis=1) / piece_m)).astype(np.int64)
    number = np.arange(parts.sum()) - np.repeat(np.cumsum(parts) - parts, parts)
    first, step = np.repeat(begin, parts, axis=0), np.repeat(along / parts[:, None], parts, axis=0)
    low = first + step * number[:, None]
    return low, low + step, np.repeat(of[side], parts)

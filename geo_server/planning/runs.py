"""Cells of a mask as runs along its rows, and which runs touch: a tile's million cells are a few thousand runs.

Where a mask tells kinds, numbers from 1 on instead of true, what touches is of one kind.
"""

from dataclasses import dataclass
from typing import Any, Self

import numba
import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_] | NDArray[np.int16]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Runs:
    """Runs in the order of rows and columns: from `first` on, `last` left out; those of a row from `begins[row]` on.

    `patch` is the number of each run's patch from 0 on: cells of a patch touch. Patches are numbered from the south,
    and in a row from the west.
    """

    first: Ints
    last: Ints
    begins: Ints
    patch: Ints
    patches: int

    @classmethod
    def of(cls, mask: Mask, *, corners: bool = False) -> Self:
        """Find the runs of a mask; cells touch by their sides, with `corners` by these too."""
        rows, columns = mask.shape
        rimmed = np.zeros((rows, columns + 1), mask.dtype)
        rimmed[:, :-1] = mask
        flat = rimmed.ravel()
        changes = np.flatnonzero(flat[1:] != flat[:-1]) + 1
        edges = np.concatenate([[0], changes]) if flat[:1].any() else changes
        kind = flat[edges]
        first, last = edges[kind != 0], edges[1:][kind[:-1] != 0]  # the rim ends the last of them
        begins = np.searchsorted(first, np.arange(rows + 1) * (columns + 1))
        row = first // (columns + 1)
        first, last = first - row * (columns + 1), last - row * (columns + 1)
        patch, count = _patches(first, last, begins, kind[kind != 0], int(corners))
        return cls(first=first, last=last, begins=begins, patch=patch, patches=int(count))

    def cells(self) -> Ints:
        """Return how many cells each patch has."""
        return np.bincount(self.patch, self.last - self.first, minlength=self.patches).astype(np.int64)

    def labels(self, columns: int) -> NDArray[np.int32]:
        """Return the mask with each cell's patch, from 1 on, 0 where there is none."""
        labels = np.zeros((len(self.begins) - 1, columns), np.int32)
        _draw(self.first, self.last, self.begins, self.patch, labels)
        return labels


@numba.njit(cache=True, nogil=True)
def _patches(first: Any, last: Any, begins: Any, kind: Any, slack: int) -> Any:
    parent, patch, count = np.arange(len(first)), np.empty(len(first), np.int64), 0
    for row in range(1, len(begins) - 1):
        below, end = begins[row - 1], begins[row]
        for run in range(end, begins[row + 1]):
            while below < end and last[below] + slack <= first[run]:
                below += 1
            touching = below
            while touching < end and first[touching] < last[run] + slack:
                if kind[run] == kind[touching]:
                    one, other = _root(parent, run), _root(parent, touching)
                    parent[max(one, other)] = min(one, other)
                touching += 1
    for run in range(len(first)):  # of two that meet the later takes the earlier: a root stands before its own
        root = _root(parent, run)
        if root == run:
            patch[run] = count
            count += 1
        patch[run] = patch[root]
    return patch, count


@numba.njit(cache=True, nogil=True)
def _root(parent: Any, run: int) -> int:
    while parent[run] != run:
        parent[run] = parent[parent[run]]
        run = parent[run]
    return run


@numba.njit(cache=True, nogil=True)
def _draw(first: Any, last: Any, begins: Any, patch: Any, labels: Any) -> None:
    for row in range(len(begins) - 1):
        for run in range(begins[row], begins[row + 1]):
            labels[row, first[run] : last[run]] = patch[run] + 1

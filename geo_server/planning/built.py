"""Cells that are built on, as blocks: a gap reaches over the blocks that stand in its midst."""

from dataclasses import dataclass
from typing import Any, Self

import numba
import numpy as np
from numpy.typing import NDArray

from geo_server.planning.growing import roomier
from geo_server.planning.runs import Runs

Flags = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Built:
    """Cells by their number, row by row: those of each block, and those that lie against one, by a side or a corner."""

    cell: Ints
    block: Ints
    beside: Ints
    whose: Ints
    blocks: int

    @classmethod
    def of(cls, built: Flags) -> Self:
        """Return the blocks of a mask."""
        runs = Runs.of(built, corners=True)
        beside, whose = _beside(built, runs.first, runs.last, runs.begins, runs.patch)
        block = np.repeat(runs.patch, runs.last - runs.first)  # runs and cells are in one order
        return cls(cell=np.flatnonzero(built), block=block, beside=beside, whose=whose, blocks=runs.patches)

    def within(self, mask: Flags) -> Ints:
        """Return the cells of the blocks that have nothing but a mask of open ground around them."""
        among: Flags = _surrounded(self.beside, self.whose, self.blocks, mask.ravel())
        return self.cell[among[self.block]]


@numba.njit(cache=True, nogil=True)
def _surrounded(beside: Any, whose: Any, blocks: int, mask: Any) -> Any:
    """Say of each block whether something lies beside it, and nothing but the mask does."""
    by_some, by_other = np.zeros(blocks, np.bool_), np.zeros(blocks, np.bool_)
    for one in range(len(beside)):
        by_some[whose[one]] = True
        if not mask[beside[one]]:
            by_other[whose[one]] = True
    return by_some & ~by_other


@numba.njit(cache=True, nogil=True)
def _beside(built: Any, first: Any, last: Any, begins: Any, patch: Any) -> Any:
    """Return open cells and the block that each lies against; a cell between two is told for both, and some twice."""
    rows, columns = built.shape
    beside, whose, used = np.empty(1024, np.int64), np.empty(1024, np.int64), 0
    for row in range(rows):
        for run in range(begins[row], begins[row + 1]):
            west, east = max(0, first[run] - 1), min(columns, last[run] + 1)
            beside, whose = roomier(beside, used + 3 * (east - west)), roomier(whose, used + 3 * (east - west))
            for y in range(max(0, row - 1), min(rows, row + 2)):
                for x in range(west, east):
                    if not built[y, x]:
                        beside[used], whose[used] = y * columns + x, patch[run]
                        used += 1
    return beside[:used].copy(), whose[:used].copy()

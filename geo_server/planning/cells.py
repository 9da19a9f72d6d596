"""Cells of a tile: which one a place is in, and which lie around it."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from geo_server.planning.filling import filled

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """Rows north and columns east from `origin`, of `cell_m` metres; numbered row by row."""

    origin: tuple[float, float]
    shape: tuple[int, int]
    cell_m: float

    def at(self, places_m: Floats) -> Ints:
        """Return the number of the cell each place, n x 2, is in; -1 for one outside."""
        column, row = ((places_m[:, axis] - self.origin[axis]) // self.cell_m for axis in (0, 1))
        inside = (row >= 0) & (row < self.shape[0]) & (column >= 0) & (column < self.shape[1])
        return np.where(inside, row * self.shape[1] + column, -1).astype(np.int64)

    def around(self, places_m: Floats, radius_m: float) -> tuple[Ints, Ints]:
        """Return the cells within a radius of each place, n x 2, and the place each is around: those of each together.

        A cell is within it whose south-west corner is so far away, or one cell further.
        """
        column, row = ((places_m[:, axis] - self.origin[axis]) // self.cell_m for axis in (0, 1))
        near, place = _around(row.astype(np.int64), column.astype(np.int64), _steps(radius_m, self.cell_m), *self.shape)
        return near, place

    def filled(self, outlines: NDArray[np.object_]) -> Flags:
        """Return the cells whose middle lies in any of the polygons, metres."""
        return filled(outlines, self.origin, self.shape, self.cell_m)


@cache
def _steps(radius_m: float, cell_m: float) -> Ints:
    """Return by how many rows and columns cells lie within a radius."""
    reach = int(radius_m // cell_m) + 1
    rows, columns = np.indices((2 * reach + 1, 2 * reach + 1), dtype=np.int64).reshape(2, -1) - reach
    near = np.hypot(rows, columns) * cell_m <= radius_m + cell_m
    return np.column_stack([rows[near], columns[near]])


@numba.njit(cache=True, nogil=True)
def _around(row: Any, column: Any, steps: Any, rows: int, columns: int) -> Any:
    near, whose, used = np.empty(len(row) * len(steps), np.int64), np.empty(len(row) * len(steps), np.int64), 0
    for place in range(len(row)):
        for one in range(len(steps)):
            y, x = row[place] + steps[one, 0], column[place] + steps[one, 1]
            if 0 <= y < rows and 0 <= x < columns:
                near[used], whose[used] = y * columns + x, place
                used += 1
    return near[:used].copy(), whose[:used].copy()

"""Cells of a tile: which one a place is in, and which lie around it."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from geo_server.planning.filling import filled
from geo_server.planning.owners import NOBODY, SHARED, Owners
from geo_server.planning.rings import Rings

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
        """Return the cells within a radius of places, n x 2, and the place each is around: as pairs."""
        steps = _steps(radius_m, self.cell_m)
        row, column = ((at[:, None] + steps[None, :, axis]).ravel() for axis, at in enumerate(self._places(places_m)))
        inside = (row >= 0) & (row < self.shape[0]) & (column >= 0) & (column < self.shape[1])
        place = np.repeat(np.arange(len(places_m)), len(steps))
        return (row * self.shape[1] + column)[inside], place[inside]

    def any_near(self, places_m: Floats, radius_m: float, mask: Flags) -> Flags:
        """Say of each place, n x 2, whether any cell of a mask lies within a radius."""
        return np.asarray(_any_near(*self._places(places_m), _steps(radius_m, self.cell_m), mask), np.bool_)

    def near_each(self, places_m: Floats, radius_m: float, labels: NDArray[np.int32], count: int) -> Ints:
        """Return how many places each of `count` patches has within a radius, by its number from 0 on, no patch."""
        return np.asarray(_near_each(*self._places(places_m), _steps(radius_m, self.cell_m), labels, count), np.int64)

    def owner_near(self, places_m: Floats, radius_m: float, owner: Owners) -> Owners:
        """Return who alone sees any cell within a radius of each place: shared, where one is or two groups see some."""
        found = _owner_near(*self._places(places_m), _steps(radius_m, self.cell_m), owner, NOBODY, SHARED)
        return np.asarray(found, np.uint16)

    def patches_near(self, place_m: Floats, radius_m: float, labels: NDArray[np.int32]) -> list[int]:
        """Return the numbers of the patches within a radius of one place."""
        row, column = self._places(place_m.reshape(1, 2))
        near = np.array([row[0], column[0]]) + _steps(radius_m, self.cell_m)
        near = near[((near >= 0) & (near < np.array(self.shape))).all(axis=1)]
        return [int(one) for one in np.unique(labels[near[:, 0], near[:, 1]]) if one > 0]

    def _places(self, places_m: Floats) -> tuple[Ints, Ints]:
        column, row = ((places_m[:, axis] - self.origin[axis]) // self.cell_m for axis in (0, 1))
        return row.astype(np.int64), column.astype(np.int64)

    def filled(self, outlines: NDArray[np.object_] | Rings) -> Flags:
        """Return the cells whose middle lies in any of the polygons, metres."""
        rings = outlines if isinstance(outlines, Rings) else Rings.of(outlines)
        return filled(rings, self.origin, self.shape, self.cell_m)


@cache
def _steps(radius_m: float, cell_m: float) -> Ints:
    """Return by how many rows and columns cells lie within a radius."""
    reach = int(radius_m // cell_m) + 1
    rows, columns = np.indices((2 * reach + 1, 2 * reach + 1), dtype=np.int64).reshape(2, -1) - reach
    near = np.hypot(rows, columns) * cell_m <= radius_m + cell_m
    return np.column_stack([rows[near], columns[near]])


@numba.njit(cache=True, nogil=True)
def _any_near(row: Any, column: Any, steps: Any, mask: Any) -> Any:
    found = np.zeros(len(row), np.bool_)
    for place in range(len(row)):
        for one in range(len(steps)):
            y, x = row[place] + steps[one, 0], column[place] + steps[one, 1]
            if 0 <= y < mask.shape[0] and 0 <= x < mask.shape[1] and mask[y, x]:
                found[place] = True
                break
    return found


@numba.njit(cache=True, nogil=True)
def _near_each(row: Any, column: Any, steps: Any, labels: Any, count: int) -> Any:
    found, last = np.zeros(count + 1, np.int64), np.full(count + 1, -1)
    for place in range(len(row)):
        for one in range(len(steps)):
            y, x = row[place] + steps[one, 0], column[place] + steps[one, 1]
            if 0 <= y < labels.shape[0] and 0 <= x < labels.shape[1] and last[labels[y, x]] != place:
                last[labels[y, x]] = place
                found[labels[y, x]] += 1
    return found


@numba.njit(cache=True, nogil=True)
def _owner_near(row: Any, column: Any, steps: Any, owner: Any, nobody: int, shared: int) -> Any:
    found = np.full(len(row), nobody, np.uint16)
    for place in range(len(row)):
        for one in range(len(steps)):
            y, x = row[place] + steps[one, 0], column[place] + steps[one, 1]
            if not (0 <= y < owner.shape[0] and 0 <= x < owner.shape[1]) or owner[y, x] == nobody:
                continue
            if found[place] != nobody and found[place] != owner[y, x]:
                found[place] = shared
                break
            found[place] = owner[y, x]
    return found

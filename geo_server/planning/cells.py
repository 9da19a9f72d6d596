"""Cells of a tile: which one a place is in, and which lie around it."""

from dataclasses import dataclass

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
        """Return cells whose middle lies within a radius, and the place each is around: as pairs."""
        reach = int(radius_m // self.cell_m) + 1
        steps = np.arange(-reach, reach + 1) * self.cell_m
        offsets = np.stack(np.meshgrid(steps, steps), axis=-1).reshape(-1, 2)
        offsets = offsets[np.hypot(*offsets.T) <= radius_m + self.cell_m]
        near = places_m[:, None, :] + offsets[None, :, :]
        cells, place = self.at(near.reshape(-1, 2)), np.repeat(np.arange(len(places_m)), len(offsets))
        inside = cells >= 0
        return cells[inside], place[inside]

    def filled(self, outlines: NDArray[np.object_]) -> Flags:
        """Return the cells whose middle lies in any of the polygons, metres."""
        return filled(outlines, self.origin, self.shape, self.cell_m)

"""The map in cells: positions are encoded once a cell, and a viewport is a few runs of neighbouring cells."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from layers.values import BBox

SIDE = 64  # cells from west to east and from south to north
CELLS = SIDE * SIDE
SMALLEST_DEG = 0.25
Runs = tuple[tuple[int, int], ...]  # from the first cell to one past the last, in rows from the south


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """64 × 64 cells over where most units are; the cells on its rim reach to the ends of the globe."""

    west: float
    south: float
    wide: float  # degrees of one cell
    high: float

    @classmethod
    def over(cls, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> "Grid":
        """Lay the grid over all but the outermost hundredth of the positions; over Kazakhstan where there are none."""
        if not len(lon):
            return cls(west=46.0, south=40.0, wide=42.0 / SIDE, high=16.0 / SIDE)
        (west, east), (south, north) = (np.percentile(axis, (0.5, 99.5)) for axis in (lon, lat))
        # Never less than a city, so that a few units, or many on one spot, do not make a grid of nothing.
        wide, high = max(float(east - west), SMALLEST_DEG), max(float(north - south), SMALLEST_DEG)
        west, south = float(west + east - wide) / 2, float(south + north - high) / 2
        return cls(west=west, south=south, wide=wide / SIDE, high=high / SIDE)

    def cells(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.int32]:
        """Return each position's cell."""
        column = np.clip((lon - self.west) / self.wide, 0, SIDE - 1).astype(np.int32)
        row = np.clip((lat - self.south) / self.high, 0, SIDE - 1).astype(np.int32)
        return row * SIDE + column

    def runs(self, box: BBox) -> Runs:
        """Return the cells that a viewport touches."""
        rows = range(self._row(box.south), self._row(box.north) + 1)
        if box.west <= box.east:
            spans = [(self._column(box.west), self._column(box.east))]
        else:  # across the antimeridian: from its west to the end of the globe, and from the other end to its east
            spans = [(self._column(box.west), SIDE - 1), (0, self._column(box.east))]
        return tuple((row * SIDE + first, row * SIDE + last + 1) for row in rows for first, last in spans)

    def _column(self, lon: float) -> int:
        return int(min(max((lon - self.west) / self.wide, 0), SIDE - 1))

    def _row(self, lat: float) -> int:
        return int(min(max((lat - self.south) / self.high, 0), SIDE - 1))


def mask_of(runs: Runs) -> NDArray[np.bool_]:
    """Return for each cell whether a run holds it."""
    mask = np.zeros(CELLS, np.bool_)
    for first, end in runs:
        mask[first:end] = True
    return mask

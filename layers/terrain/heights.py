"""The height of the ground at a place: between four heights of a grid it is bilinear."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from layers.terrain.schema import Known, TerrainGrid
from layers.values import BBox

Floats = NDArray[np.float64]
LOOKS = 41  # along each side of a box that is asked about


def heights_at(grids: Sequence[TerrainGrid], places: Floats) -> Floats:
    """Return the height at places of longitude and latitude, n x 2, of the first grid that knows it; else NaN.

    Half a step beyond its outer heights a grid tells those, where no grid lies between heights.
    """
    found = np.full(len(places), np.nan)
    for beyond in (0.0, 0.5):
        for grid in grids:
            column, row = (places[:, 0] - grid.west) / grid.step_lon, (places[:, 1] - grid.south) / grid.step_lat
            inside = (column >= -beyond) & (column <= grid.columns - 1 + beyond)
            inside &= (row >= -beyond) & (row <= grid.rows - 1 + beyond)
            todo = np.flatnonzero(inside & np.isnan(found))
            found[todo] = bilinear(grid.heights_m(), column[todo], row[todo])
    return found


def bilinear(heights: Floats, column: Floats, row: Floats) -> Floats:
    """Return what lies between the values of an array, or at its edge where a place is beyond."""
    left, low = _before(column, heights.shape[1]), _before(row, heights.shape[0])
    x, y = np.clip(column - left, 0, 1), np.clip(row - low, 0, 1)
    south = heights[low, left] * (1 - x) + heights[low, left + 1] * x
    north = heights[low + 1, left] * (1 - x) + heights[low + 1, left + 1] * x
    return np.asarray(south * (1 - y) + north * y, np.float64)


def _before(at: Floats, count: int) -> NDArray[np.int64]:
    return np.clip(np.floor(at), 0, count - 2).astype(np.int64)


def known_in(grids: Sequence[TerrainGrid], box: BBox) -> Known:
    """Say whether the height of the ground is known in a box."""
    sides = np.linspace(box.west, box.east, LOOKS), np.linspace(box.south, box.north, LOOKS)
    known = ~np.isnan(heights_at(grids, np.stack(np.meshgrid(*sides), axis=-1).reshape(-1, 2)))
    return "whole" if known.all() else "part" if known.any() else "none"

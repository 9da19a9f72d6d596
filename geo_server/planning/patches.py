"""Patches of cells as polygons: their borders are walked, cell by cell, what belongs to them on the left hand."""

from typing import Any

import numba
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import ndimage

Flags = NDArray[np.bool_]


def patches(mask: Flags, origin: tuple[float, float], cell_m: float) -> NDArray[np.object_]:
    """Return the cells of a mask as polygons, one for cells that touch by their sides; rows run north from `origin`."""
    labels, count = ndimage.label(mask)
    corners, ends, ring_of = _walked(np.pad(mask, 1), labels)
    sizes = np.diff(ends)
    places = corners * cell_m + np.array(origin)
    rings = shapely.linearrings(places, indices=np.repeat(np.arange(len(sizes)), sizes))
    shells_first = np.lexsort((~shapely.is_ccw(rings), ring_of))
    out = np.full(count, None, dtype=object)
    shapely.polygons(rings[shells_first], indices=ring_of[shells_first], out=out)
    torn = ~shapely.is_valid(out)  # a patch that meets itself at a corner
    out[torn] = shapely.make_valid(out[torn], method="structure", keep_collapsed=False)
    return out


@numba.njit(cache=True, nogil=True)
def _walked(mask: Any, labels: Any) -> Any:
    """Return the corners of all rings, in cells, where each ring begins, and the number of its patch from 0.

    `mask` has a rim of one cell around it. Where cells touch by a corner alone the walk turns left and stays.
    """
    rows, columns = mask.shape
    east, north = np.array([1, 0, -1, 0]), np.array([0, 1, 0, -1])
    walked = np.zeros((rows, columns), np.bool_)
    corners, ends, ring_of, used, rings = np.empty((1024, 2)), np.zeros(256, np.int64), np.empty(256, np.int64), 0, 0
    for row in range(1, rows - 1):
        for column in range(1, columns - 1):
            if not mask[row, column] or mask[row - 1, column] or walked[row, column]:
                continue
            at_row, at_column, way = row, column, 0
            while True:
                if way == 0:
                    if walked[at_row, at_column]:
                        break
                    walked[at_row, at_column] = True
                ahead_row, ahead_column = at_row + north[way], at_column + east[way]
                right = (way + 3) % 4
                aside_row, aside_column = ahead_row + north[right], ahead_column + east[right]
                if mask[ahead_row, ahead_column] and not mask[aside_row, aside_column]:
                    at_row, at_column = ahead_row, ahead_column
                    continue
                if used == len(corners):
                    corners = _twice(corners)
                # the end of the side that is on the right of this cell, in this way
                corners[used, 0] = at_column - 1 + (1 if way == 0 or way == 1 else 0)
                corners[used, 1] = at_row - 1 + (1 if way == 1 or way == 2 else 0)
                used += 1
                if mask[ahead_row, ahead_column]:
                    at_row, at_column, way = aside_row, aside_column, right
                else:
                    way = (way + 1) % 4
            if rings + 1 == len(ends):
                ends, ring_of = _longer(ends), _longer(ring_of)
            ring_of[rings] = labels[row - 1, column - 1] - 1
            rings += 1
            ends[rings] = used
    return corners[:used].copy(), ends[: rings + 1].copy(), ring_of[:rings].copy()


@numba.njit(cache=True, nogil=True)
def _twice(rows: Any) -> Any:
    more = np.empty((2 * len(rows), rows.shape[1]), rows.dtype)
    more[: len(rows)] = rows
    return more


@numba.njit(cache=True, nogil=True)
def _longer(values: Any) -> Any:
    more = np.zeros(2 * len(values), values.dtype)
    more[: len(values)] = values
    return more

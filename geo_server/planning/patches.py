"""Patches of cells as polygons: their borders are walked, cell by cell, what belongs to them on the left hand."""

from typing import Any

import numba
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import ndimage

from geo_server.planning.growing import roomier

Flags = NDArray[np.bool_]
Ints = NDArray[np.int32]


def labelled(mask: Flags) -> tuple[Ints, int]:
    """Return the number of each cell's patch, from 1 on, 0 where the mask has none; and how many there are."""
    labels, count = ndimage.label(mask)
    return labels.astype(np.int32, copy=False), int(count)


def patches(mask: Flags, origin: tuple[float, float], cell_m: float) -> NDArray[np.object_]:
    """Return the cells of a mask as polygons, one for cells that touch by their sides; rows run north from `origin`.

    They are in the order of `labelled`.
    """
    labels, count = labelled(mask)
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


_EAST, _NORTH = np.array([1, 0, -1, 0]), np.array([0, 1, 0, -1])  # one cell on, by way


@numba.njit(cache=True, nogil=True)
def _walked(mask: Any, labels: Any) -> Any:
    """Return the corners of all rings, in cells, where each ring begins, and the number of its patch from 0.

    `mask` has a rim of one cell around it.
    """
    rows, columns = mask.shape
    walked = np.zeros((rows, columns), np.bool_)
    corners, ends, ring_of, used, rings = np.empty((1024, 2)), np.zeros(256, np.int64), np.empty(256, np.int64), 0, 0
    for row in range(1, rows - 1):
        for column in range(1, columns - 1):
            if not mask[row, column] or mask[row - 1, column] or walked[row, column]:
                continue
            corners, used = _ring(mask, row, column, walked, corners, used)
            ends, ring_of = roomier(ends, rings + 2), roomier(ring_of, rings + 1)
            ring_of[rings] = labels[row - 1, column - 1] - 1
            rings += 1
            ends[rings] = used
    return corners[:used].copy(), ends[: rings + 1].copy(), ring_of[:rings].copy()


@numba.njit(cache=True, nogil=True)
def _ring(mask: Any, row: int, column: int, walked: Any, corners: Any, used: int) -> Any:
    """Walk once around from a cell whose south is free, on its southern side to the east; note the corners.

    Where cells touch by a corner alone the walk turns left and stays.
    """
    way = 0
    while way or not walked[row, column]:
        if way == 0:
            walked[row, column] = True
        ahead = row + _NORTH[way], column + _EAST[way]
        right = (way + 3) % 4
        aside = ahead[0] + _NORTH[right], ahead[1] + _EAST[right]
        if mask[ahead] and not mask[aside]:
            row, column = ahead
            continue
        corners = roomier(corners, used + 1)
        # the end of the side that is on the right of this cell, in this way
        corners[used, 0] = column - 1 + (1 if way == 0 or way == 1 else 0)
        corners[used, 1] = row - 1 + (1 if way == 1 or way == 2 else 0)
        used += 1
        if mask[ahead]:
            row, column = aside
            way = right
        else:
            way = (way + 1) % 4
    return corners, used

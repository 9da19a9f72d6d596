"""Patches of cells as polygons: their borders are walked, cell by cell, what belongs to them on the left hand.

A mask may tell kinds, numbers from 1 on instead of true: then a patch ends where another kind begins.
"""

from typing import Any

import numba
import numpy as np
import shapely
from numpy.typing import NDArray

from geo_server.planning.growing import roomier
from geo_server.planning.runs import Mask, Runs

Ints = NDArray[np.int64]
OFF = 0.01  # of a cell: where a patch meets itself or another at a corner, each stays so far within its own cell


def patches(mask: Mask, origin: tuple[float, float], cell_m: float) -> NDArray[np.object_]:
    """Return the cells of a mask as polygons, one for cells that touch by their sides; rows run north from `origin`.

    They are in the order of their `Runs`, and valid: no border touches another of its kind.
    """
    runs = Runs.of(mask)
    return outlined(mask, runs, np.arange(runs.patches), origin, cell_m)


def outlined(mask: Mask, runs: Runs, which: Ints, origin: tuple[float, float], cell_m: float) -> NDArray[np.object_]:
    """Return some of a mask's patches, by their numbers, as `patches` does."""
    number = np.full(runs.patches, -1)
    number[which] = np.arange(len(which))
    corners, ends, ring_of = _walked(np.pad(mask, 1), runs.first, runs.last, runs.begins, number[runs.patch])
    sizes = np.diff(ends)
    places = corners * cell_m + np.array(origin)
    rings = shapely.linearrings(places, indices=np.repeat(np.arange(len(sizes)), sizes))
    shells_first = np.argsort(ring_of, kind="stable")  # what is walked first of a patch is its southern border
    out = np.full(len(which), None, dtype=object)
    shapely.polygons(rings[shells_first], indices=ring_of[shells_first], out=out)
    return out


_EAST, _NORTH = np.array([1, 0, -1, 0]), np.array([0, 1, 0, -1])  # one cell on, by way


@numba.njit(cache=True, nogil=True)
def _walked(mask: Any, begin: Any, end: Any, begins: Any, number: Any) -> Any:
    """Return the corners of all rings, in cells, where each ring begins, and the place of its patch.

    `mask` has a rim of one empty cell around it; `number` is the place of each run's patch, below 0 where nobody asks.
    """
    walked = np.zeros(mask.shape, np.bool_)
    corners, ends, ring_of, used, rings = np.empty((1024, 2)), np.zeros(256, np.int64), np.empty(256, np.int64), 0, 0
    for row in range(1, mask.shape[0] - 1):
        below, last_below = begins[max(0, row - 2)], begins[row - 1]
        for run in range(begins[row - 1], begins[row]):
            column = begin[run]  # from here on nothing is known of what lies south
            while column < end[run]:
                while below < last_below and end[below] <= column:
                    below += 1
                covered = below < last_below and begin[below] <= column
                if covered and mask[row - 1, column + 1] == mask[row, column + 1]:
                    column = end[below]
                    continue
                if number[run] >= 0 and not walked[row, column + 1]:
                    corners, used = _ring(mask, row, column + 1, walked, corners, used)
                    ends, ring_of = roomier(ends, rings + 2), roomier(ring_of, rings + 1)
                    ring_of[rings] = number[run]
                    rings += 1
                    ends[rings] = used
                if below == last_below:
                    break
                column = end[below] if covered else begin[below]
    return corners[:used].copy(), ends[: rings + 1].copy(), ring_of[:rings].copy()


@numba.njit(cache=True, nogil=True)
def _ring(mask: Any, row: int, column: int, walked: Any, corners: Any, used: int) -> Any:
    """Walk once around from a cell whose south is free, on its southern side to the east; note the corners.

    Where cells touch by a corner alone the walk turns left and stays.
    """
    way, kind = 0, mask[row, column]
    while way or not walked[row, column]:
        if way == 0:
            walked[row, column] = True
        ahead = row + _NORTH[way], column + _EAST[way]
        right = (way + 3) % 4
        aside = ahead[0] + _NORTH[right], ahead[1] + _EAST[right]
        if mask[ahead] == kind and mask[aside] != kind:
            row, column = ahead
            continue
        corners = roomier(corners, used + 1)
        # the end of the side that is on the right of this cell, in this way
        off = OFF if mask[aside] == kind and mask[ahead] != kind else 0.0
        corners[used, 0] = column - 1 + (1 - off if way == 0 or way == 1 else off)
        corners[used, 1] = row - 1 + (1 - off if way == 1 or way == 2 else off)
        used += 1
        if mask[ahead] == kind:
            row, column = aside
            way = right
        else:
            way = (way + 1) % 4
    return corners, used

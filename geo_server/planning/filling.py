"""Polygons as cells: those whose middle lies in them, row by row between the sides that are crossed."""

from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from geo_server.planning.rings import Rings

Flags = NDArray[np.bool_]


def filled(rings: Rings, origin: tuple[float, float], shape: tuple[int, int], cell_m: float) -> Flags:
    """Return the cells, rows and columns from `origin` to the north and east, that lie in any of the polygons."""
    mask = np.zeros(shape, np.bool_)
    if len(rings.corners):
        side = np.ones(len(rings.corners), np.bool_)
        side[rings.begins[1:] - 1] = False
        parts = np.append(rings.begins[:-1][~rings.hole], len(rings.corners))
        cells = (rings.corners - np.array(origin)) / cell_m - 0.5  # so that whole numbers are middles
        _fill(cells, side, parts, mask)
    return mask


@numba.njit(cache=True, nogil=True)
def _fill(corners: Any, side: Any, begins: Any, mask: Any) -> None:
    counts = np.zeros(mask.shape[0] + 1, np.int64)
    for part in range(len(begins) - 1):
        first, last = begins[part], begins[part + 1]
        low, high = _counted(corners, side, first, last, counts)
        if low >= high:
            continue
        for row in range(low, high):
            counts[row + 1] += counts[row]
        crossed = _crossings(corners, side, first, last, counts, low, high)
        for row in range(low, high):
            _between(_sorted(crossed[counts[row] : counts[row + 1]]), mask[row])
        counts[low : high + 1] = 0


@numba.njit(cache=True, nogil=True)
def _counted(corners: Any, side: Any, first: int, last: int, counts: Any) -> Any:
    """Count into `counts[row + 1]` the sides that cross a row's middle; return the rows that any crosses."""
    rows = len(counts) - 1
    low, high = rows, 0
    for one in range(first, last - 1):
        if side[one]:
            begin, end = _rows(corners[one, 1], corners[one + 1, 1], rows)
            low, high = min(low, begin), max(high, end)
            for row in range(begin, end):
                counts[row + 1] += 1
    return low, high


@numba.njit(cache=True, nogil=True)
def _crossings(corners: Any, side: Any, first: int, last: int, counts: Any, low: int, high: int) -> Any:
    """Return where sides cross rows' middles, columns, those of a row from `counts[row]` on."""
    crossed, free = np.empty(counts[high]), counts[low:high].copy()
    for one in range(first, last - 1):
        if not side[one]:
            continue
        x0, y0, x1, y1 = corners[one, 0], corners[one, 1], corners[one + 1, 0], corners[one + 1, 1]
        begin, end = _rows(y0, y1, len(counts) - 1)
        slope = (x1 - x0) / (y1 - y0) if end > begin else 0.0
        for row in range(begin, end):
            crossed[free[row - low]] = x0 + (row - y0) * slope
            free[row - low] += 1
    return crossed


@numba.njit(cache=True, nogil=True, inline="always")
def _rows(begin: float, end: float, rows: int) -> Any:
    """Return the rows whose middle a side crosses, its upper end left out: no corner counts twice."""
    low, high = min(begin, end), max(begin, end)
    return max(0, int(np.ceil(low))), max(0, min(rows, int(np.ceil(high))))


@numba.njit(cache=True, nogil=True)
def _sorted(few: Any) -> Any:
    """Sort in place by insertion: a row crosses a house twice, seldom more."""
    for one in range(1, len(few)):
        value, at = few[one], one
        while at > 0 and few[at - 1] > value:
            few[at] = few[at - 1]
            at -= 1
        few[at] = value
    return few


@numba.njit(cache=True, nogil=True)
def _between(crossed: Any, row: Any) -> None:
    for pair in range(0, len(crossed) - 1, 2):
        first, last = max(0, int(np.ceil(crossed[pair]))), min(len(row), int(np.ceil(crossed[pair + 1])))
        if last > first:  # a number below 0 would count from the end
            row[first:last] = True

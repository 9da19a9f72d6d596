"""Which cells each of many views sees: of the cells that count, the others are passed over."""

from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from geo_server.planning.cells import Cells
from geo_server.planning.growing import roomier
from geo_server.planning.rasters import _in_some, _span
from geo_server.planning.viewsheds.seen import Seen

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


def cells_of(seen: Seen, cells: Cells, counts: Flags) -> tuple[Ints, Ints]:
    """Return where each view's cells begin, n + 1, and the numbers of those whose middle it sees and that count."""
    views = seen.views
    begins = np.searchsorted(seen.ray, np.arange(len(seen.view) + 1))
    rays = np.searchsorted(seen.view, np.arange(len(views) + 1))
    polar = rays, seen.azimuth, seen.half, begins, seen.parts
    frame = (*cells.origin, cells.cell_m)
    found, members = _members((views.east_m, views.north_m), polar, frame, counts.reshape(cells.shape))
    return np.asarray(found, np.int64), np.asarray(members, np.int64)


@numba.njit(cache=True, nogil=True)
def _members(eyes: Any, polar: Any, frame: Any, counts: Any) -> Any:
    east, north = eyes
    rays, azimuth, half, begins, parts = polar
    x0, y0, cell_m = frame
    found, members, used = np.zeros(len(east) + 1, np.int64), np.empty(4096, np.int64), 0
    for one in range(len(east)):
        first, last = rays[one], rays[one + 1]
        found[one + 1] = used
        if first == last or begins[first] == begins[last] or half[first] == 0.0:
            continue
        reach = parts[begins[first] : begins[last], 1].max()
        begin, step = azimuth[first] - half[first], 2 * half[first]
        middle = begin + (last - first) * step / 2
        ahead_x, ahead_y, aside = np.cos(middle), np.sin(middle), np.cos(min(np.pi, (last - first) * step / 2))
        south, top = _span(north[one] - reach - y0, north[one] + reach - y0, cell_m, counts.shape[0])
        west, right = _span(east[one] - reach - x0, east[one] + reach - x0, cell_m, counts.shape[1])
        for row in range(south, top):
            y = y0 + (row + 0.5) * cell_m - north[one]
            for column in range(west, right):
                if not counts[row, column]:
                    continue
                x = x0 + (column + 0.5) * cell_m - east[one]
                away = x * x + y * y
                if away > reach * reach or x * ahead_x + y * ahead_y < np.sqrt(away) * aside - 1e-9:
                    continue
                turned = np.arctan2(y, x) - begin
                ray = first + int((turned - np.floor(turned / (2 * np.pi)) * (2 * np.pi)) / step)
                if ray < last and _in_some(parts, begins[ray], begins[ray + 1], away):
                    members = roomier(members, used + 1)
                    members[used] = row * counts.shape[1] + column
                    used += 1
        found[one + 1] = used
    return found, members[:used].copy()

"""Ground in cells: how many views see each, how finely the best does, and who alone does; rays are looked up."""

from dataclasses import dataclass
from typing import Any, Self

import numba
import numpy as np
from numpy.typing import NDArray

from geo_server.planning.owners import NOBODY, SHARED, Owners
from geo_server.planning.patches import patches
from geo_server.planning.viewsheds.relief import height
from geo_server.planning.viewsheds.seen import Seen

Floats = NDArray[np.float64]
CELL_M = 2.0
MOST = np.iinfo(np.uint16).max


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Raster:
    """Cells of `cell_m` metres from the south-west corner `origin`, rows to the north.

    `count` of views that see a cell's middle, and `density`, the best of them in px/m: 0 where none or none is known.
    `owner` tells, for each way of grouping views, the number of the group that alone sees a cell, or nobody, or shared.
    Where nobody asks how finely, `density` is empty.
    """

    origin: tuple[float, float]
    cell_m: float
    count: NDArray[np.uint16]
    density: NDArray[np.float32]
    owner: Owners

    @classmethod
    def bare(
        cls,
        west: float,
        south: float,
        east: float,
        north: float,
        cell_m: float = CELL_M,
        *,
        fine: bool = True,
        groupings: int = 0,
    ) -> Self:
        """Return a raster that covers a box in metres and that nobody sees yet."""
        shape = max(1, int(np.ceil((north - south) / cell_m))), max(1, int(np.ceil((east - west) / cell_m)))
        count, density = np.zeros(shape, np.uint16), np.zeros(shape if fine else (0, 0), np.float32)
        owner = np.zeros((groupings, *shape), np.uint16)
        return cls(origin=(west, south), cell_m=cell_m, count=count, density=density, owner=owner)

    def add(self, seen: Seen, groups: Owners | None = None) -> None:
        """Count what views see; `groups`, views x groupings, from 1 on: `nobody` for a view that is in no group."""
        self._count(seen, 1, np.zeros((len(seen.views), len(self.owner)), np.uint16) if groups is None else groups)

    def take_away(self, seen: Seen) -> None:
        """Count it no longer; density and owners of what is left are to be reckoned anew."""
        self._count(seen, -1, np.zeros((len(seen.views), len(self.owner)), np.uint16))

    def where(self, mask: NDArray[np.bool_]) -> NDArray[np.object_]:
        """Return the cells of a mask as polygons, one a patch of cells that touch by their sides."""
        return patches(mask, self.origin, self.cell_m)

    def _count(self, seen: Seen, by: int, groups: Owners) -> None:
        views = seen.views
        begins = np.searchsorted(seen.ray, np.arange(len(seen.view) + 1))
        rays = np.searchsorted(seen.view, np.arange(len(views) + 1))
        eyes = views.east_m, views.north_m, views.axis, views.focal_px
        polar = rays, seen.azimuth, seen.half, begins, seen.parts
        hills = None if seen.relief is None else (seen.relief.told, views.axis_rising)
        _counted(eyes, polar, (*self.origin, self.cell_m), self.count, self.density, self.owner, groups, by, hills)


@numba.njit(cache=True, nogil=True)
def _counted(
    eyes: Any, polar: Any, frame: Any, count: Any, density: Any, owner: Any, groups: Any, by: int, hills: Any
) -> None:
    east, north, axis, focal = eyes
    rays, azimuth, half, begins, parts = polar
    x0, y0, cell_m = frame
    for one in range(len(east)):
        first, last = rays[one], rays[one + 1]
        if first == last or begins[first] == begins[last] or half[first] == 0.0:
            continue
        reach = parts[begins[first] : begins[last], 1].max()
        begin, step = azimuth[first] - half[first], 2 * half[first]
        middle = begin + (last - first) * step / 2
        ahead_x, ahead_y, aside = np.cos(middle), np.sin(middle), np.cos(min(np.pi, (last - first) * step / 2))
        south, top = _span(north[one] - reach - y0, north[one] + reach - y0, cell_m, count.shape[0])
        west, right = _span(east[one] - reach - x0, east[one] + reach - x0, cell_m, count.shape[1])
        wide = axis[one, 0] == 0.0 and axis[one, 1] == 0.0 and axis[one, 2] == 0.0
        for row in range(south, top):
            y = y0 + (row + 0.5) * cell_m - north[one]
            for column in range(west, right):
                x = x0 + (column + 0.5) * cell_m - east[one]
                away = x * x + y * y
                if away > reach * reach or x * ahead_x + y * ahead_y < np.sqrt(away) * aside - 1e-9:
                    continue  # most are: an angle costs more than all else
                turned = np.arctan2(y, x) - begin
                ray = first + int((turned - np.floor(turned / (2 * np.pi)) * (2 * np.pi)) / step)
                if ray >= last or not _in_some(parts, begins[ray], begins[ray + 1], away):
                    continue
                count[row, column] = min(MOST, max(0, int(count[row, column]) + by))
                for grouping in range(len(owner)):
                    own, held = groups[one, grouping], owner[grouping, row, column]
                    if held != own or own == NOBODY:
                        owner[grouping, row, column] = own if held == NOBODY and own != NOBODY else SHARED
                if density.size == 0:
                    continue
                depth = np.sqrt(away) if wide else axis[one, 0] * x + axis[one, 1] * y + axis[one, 2]
                if hills is not None:  # decided as this is compiled
                    depth += hills[1][one] * _rise(hills[0], east[one], north[one], x, y)
                if by > 0 and focal[one] > density[row, column] * depth:  # never where it is not known
                    density[row, column] = focal[one] / max(depth, 1e-6)


@numba.njit(cache=True, nogil=True)
def _rise(relief: Any, east: float, north: float, x: float, y: float) -> float:
    """Return how much higher the ground is so far from an eye than under it; nothing where nobody knows."""
    rise = height(relief, east + x, north + y) - height(relief, east, north)
    return 0.0 if np.isnan(rise) else rise


@numba.njit(cache=True, nogil=True, inline="always")
def _span(low: float, high: float, cell_m: float, cells: int) -> Any:
    return max(0, int(np.floor(low / cell_m))), min(cells, int(np.floor(high / cell_m)) + 1)


@numba.njit(cache=True, nogil=True, inline="always")
def _in_some(parts: Any, begin: int, end: int, away: float) -> bool:
    for part in range(begin, end):  # noqa: SIM110 - any() over a generator is not compiled
        if parts[part, 0] * parts[part, 0] <= away <= parts[part, 1] * parts[part, 1]:
            return True
    return False

"""The height of the ground: grids of degrees carried into the metres of a zone, and what of a place they know."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numba
import numpy as np
from numpy.typing import NDArray

from geo_server.planning.ground import Ground
from layers.terrain.heights import LOOKS, bilinear, heights_at
from layers.terrain.schema import Known, TerrainGrid
from layers.values import BBox

Floats = NDArray[np.float64]
DEG_M = 111_320.0  # metres to a degree of latitude
FINEST_M, MOST_NODES = 0.5, 4_000_000
LATTICE_M = 500.0  # between places that are carried into degrees: halfway a straight line is off by some millimetres
Sides = tuple[float, float, float, float]  # west, south, east, north in metres


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Relief:
    """Heights in metres, rows to the north from `origin`, `step_m` apart; NaN where nobody knows the ground.

    Between four of them the ground is bilinear. Rays are followed in steps of `march_m`, a quarter of what the finest
    grid was told in.
    """

    origin: tuple[float, float]
    step_m: float
    march_m: float
    heights_m: Floats

    @classmethod
    def of(cls, grids: Sequence[TerrainGrid], ground: Ground, within: Sides | None = None) -> Self | None:
        """Take grids of degrees, or what of them lies in a box: the finest first where several lie over each other.

        None where there are none.
        """
        known = sorted(grids if within is None else _within(grids, ground, within), key=_told_in_m)
        if not known:
            return None
        west, south, east, north = _box(known, ground)
        told_in_m = _told_in_m(known[0])
        step_m = max(FINEST_M, told_in_m / 2, float(np.sqrt((east - west) * (north - south) / MOST_NODES)))
        columns, rows = (max(2, int(np.ceil(side / step_m)) + 1) for side in (east - west, north - south))
        places = _degrees(ground, (west, south), step_m, (rows, columns))
        heights = heights_at(known, places).reshape(rows, columns)
        return cls(origin=(west, south), step_m=step_m, march_m=max(FINEST_M, told_in_m / 4), heights_m=heights)

    @property
    def told(self) -> Any:
        """Return what the kernels are handed: heights, x0, y0, step and the march."""
        return self.heights_m, *self.origin, self.step_m, self.march_m

    def at(self, places_m: Floats) -> Floats:
        """Return the ground's height at places, n x 2; NaN where nobody knows it."""
        return np.asarray(_each_height(self.told, np.ascontiguousarray(places_m, np.float64)), np.float64)


def counted(relief: Relief | None, west: float, south: float, east: float, north: float) -> Known:
    """Say whether the height of the ground is counted in a box, metres: the whole of it, in part, or nowhere."""
    if relief is None:
        return "none"
    sides = np.linspace(west, east, LOOKS), np.linspace(south, north, LOOKS)
    known = ~np.isnan(relief.at(np.stack(np.meshgrid(*sides), axis=-1).reshape(-1, 2)))
    return "whole" if known.all() else "part" if known.any() else "none"


def _within(grids: Sequence[TerrainGrid], ground: Ground, sides: Sides) -> list[TerrainGrid]:
    west, south, east, north = sides
    corners = ground.degrees(np.array([(west, south), (west, north), (east, south), (east, north)]))
    (low_lon, low_lat), (high_lon, high_lat) = corners.min(axis=0).tolist(), corners.max(axis=0).tolist()
    box = BBox(west=low_lon, south=low_lat, east=high_lon, north=high_lat)
    return [part for one in grids if (part := one.within(box)) is not None]


def _degrees(ground: Ground, origin: tuple[float, float], step_m: float, shape: tuple[int, int]) -> Floats:
    """Return longitude and latitude of the crossings of a grid of metres, row by row."""
    sizes = [max(2, int(np.ceil(count * step_m / LATTICE_M)) + 1) for count in shape]
    sides = (origin[axis] + np.arange(sizes[1 - axis]) * LATTICE_M for axis in (0, 1))
    lattice = ground.degrees(np.stack(np.meshgrid(*sides), axis=-1).reshape(-1, 2)).reshape(*sizes, 2)
    row, column = (np.asarray(at.ravel() * (step_m / LATTICE_M), np.float64) for at in np.indices(shape))
    return np.column_stack([bilinear(lattice[..., axis], column, row) for axis in (0, 1)])


def _told_in_m(grid: TerrainGrid) -> float:
    """Return how far apart a grid's heights are where they are nearest."""
    narrow = np.cos(np.radians(abs(grid.south + grid.rows * grid.step_lat / 2)))
    return float(min(grid.step_lat, grid.step_lon * narrow) * DEG_M)


def _box(grids: Sequence[TerrainGrid], ground: Ground) -> tuple[float, float, float, float]:
    corners = np.concatenate([_corners(one) for one in grids])
    places = ground.metres(corners[:, 0], corners[:, 1])
    (west, south), (east, north) = places.min(axis=0).tolist(), places.max(axis=0).tolist()
    return west, south, east, north


def _corners(grid: TerrainGrid) -> Floats:
    """Return the corners of a grid in degrees, half a step beyond its outer heights."""
    lons = grid.west + np.array([-0.5, grid.columns - 0.5]) * grid.step_lon
    lats = grid.south + np.array([-0.5, grid.rows - 0.5]) * grid.step_lat
    return np.stack(np.meshgrid(lons, lats), axis=-1).reshape(-1, 2)


@numba.njit(cache=True, nogil=True)
def height(relief: Any, x: float, y: float) -> float:
    """Return the height of the ground at a place, NaN where nobody knows it."""
    heights, x0, y0, step, _ = relief
    column, row = (x - x0) / step, (y - y0) / step
    if not (column >= 0.0 and row >= 0.0 and column <= heights.shape[1] - 1 and row <= heights.shape[0] - 1):
        return np.nan
    left, low = min(int(column), heights.shape[1] - 2), min(int(row), heights.shape[0] - 2)
    right, up = column - left, row - low
    south = heights[low, left] * (1 - right) + heights[low, left + 1] * right
    north = heights[low + 1, left] * (1 - right) + heights[low + 1, left + 1] * right
    return float(south * (1 - up) + north * up)


@numba.njit(cache=True, nogil=True)
def _each_height(relief: Any, places: Any) -> Any:
    found = np.empty(len(places))
    for one in range(len(places)):
        found[one] = height(relief, places[one, 0], places[one, 1])
    return found

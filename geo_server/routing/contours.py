"""The map of minutes to reach: roads' times as a raster, and the raster's bands as polygons."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt
from shapely.geometry.base import BaseGeometry

from geo_server.routing.road_graph import Floats, RoadGraph

CELLS = 180  # along the longer side, so that the answer stays small for a city of any size
LEAST_CELL_M = 60.0
FILLED_M = 250.0  # beside a road, that belongs to it
_M_PER_DEG = 111_195.08


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Where a unit comes in more than `from_s` and up to `to_s` seconds: polygons in lon lat degrees WGS 84."""

    from_s: float
    to_s: float
    shape: BaseGeometry


def bands(graph: RoadGraph, seconds: Floats, edges_s: Sequence[float]) -> list[Band]:
    """Return the bands between these edges (ascending, from 0) that hold anything; `seconds` are by road."""
    if not np.isfinite(seconds).any():
        return []
    raster, corner, cell = _raster(graph, seconds)
    found = []
    for low, high in zip([0.0, *edges_s], edges_s, strict=False):
        inside = (raster <= high) & ((raster > low) if low else True)
        if inside.any():
            found.append(Band(from_s=low, to_s=high, shape=_polygons(inside, corner, cell)))
    return found


def _raster(graph: RoadGraph, seconds: Floats) -> tuple[Floats, tuple[float, float], tuple[float, float]]:
    """Return times by row (from the south) and column, the south-west corner, and a cell's size, both in degrees."""
    west, south = float(graph.lon.min()), float(graph.lat.min())
    m_per_lon = _M_PER_DEG * float(np.cos(np.radians(south)))
    x, y = (graph.lon - west) * m_per_lon, (graph.lat - south) * _M_PER_DEG
    cell_m = max(LEAST_CELL_M, float(max(x.max(), y.max())) / CELLS)
    margin = int(np.ceil(FILLED_M / cell_m))
    x, y, time = _along(graph, x, y, seconds, cell_m)
    column, row = (x // cell_m).astype(np.int64) + margin, (y // cell_m).astype(np.int64) + margin
    raster = np.full((int(row.max()) + margin + 1, int(column.max()) + margin + 1), np.inf)
    np.minimum.at(raster, (row, column), time)
    _fill(raster, FILLED_M / cell_m)
    cell = (cell_m / m_per_lon, cell_m / _M_PER_DEG)
    return raster, (west - margin * cell[0], south - margin * cell[1]), cell


def _along(graph: RoadGraph, x: Floats, y: Floats, seconds: Floats, cell_m: float) -> tuple[Floats, Floats, Floats]:
    """Return points along every road, no farther apart than a cell, with the time of their road."""
    road = np.repeat(np.arange(len(graph.road_ids)), np.diff(graph.offsets))
    first = np.flatnonzero(road[:-1] == road[1:])
    east, north = x[first + 1] - x[first], y[first + 1] - y[first]
    steps = np.ceil(np.hypot(east, north) / cell_m).astype(np.int64) + 1
    nth = np.arange(steps.sum()) - np.repeat(np.cumsum(steps) - steps, steps)
    share = nth / np.repeat(steps, steps)
    piece = np.repeat(first, steps)
    return (
        x[piece] + share * np.repeat(east, steps),
        y[piece] + share * np.repeat(north, steps),
        np.repeat(seconds[road[first]], steps),
    )


def _fill(raster: Floats, cells: float) -> None:
    """Give each cell without a road the time of the nearest one that has, up to so many cells away."""
    away, nearest = distance_transform_edt(np.isinf(raster), return_indices=True)
    near = away <= cells
    raster[near] = raster[nearest[0][near], nearest[1][near]]


def _polygons(inside: NDArray[np.bool_], corner: tuple[float, float], cell: tuple[float, float]) -> BaseGeometry:
    """Join the runs of cells of each row."""
    padded = np.zeros((inside.shape[0], inside.shape[1] + 2), dtype=np.int8)
    padded[:, 1:-1] = inside
    turn = np.diff(padded, axis=1)
    rows, first = np.nonzero(turn == 1)
    last = np.nonzero(turn == -1)[1]
    west, east = corner[0] + first * cell[0], corner[0] + last * cell[0]
    south = corner[1] + rows * cell[1]
    return shapely.simplify(shapely.union_all(shapely.box(west, south, east, south + cell[1])), 0.0)

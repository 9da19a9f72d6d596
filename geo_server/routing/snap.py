"""From a place to the nearest point of a road: exact, over a grid of cells, thousands of places in a millisecond."""

import math
from dataclasses import dataclass

import numba
import numpy as np
from numpy.typing import NDArray

from geo_server.routing.road_graph import Floats, Ints, RoadGraph

REACH_M = 500.0  # beyond this a place counts as having no road
_CELL_M = 120.0
_M_PER_DEG = 111_195.08  # of a great circle on the IUGG mean sphere; only compared with each other


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapped:
    """Where places meet the roads: road index (-1 where none is near), fraction along its line, metres beside it."""

    road: Ints
    fraction: Floats
    offset_m: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadIndex:
    """The pieces of all road lines in local metres, listed by the cells of a grid that they cross."""

    west: float
    south: float
    m_per_lon: float
    columns: int
    rows: int
    cell_ptr: NDArray[np.int32]
    cell_piece: NDArray[np.int32]
    piece_road: NDArray[np.int32]
    ends: Floats  # by piece: x0, y0, x1, y1 in metres east and north of the corner
    piece_from: Floats  # by piece: fraction of its road's line where it begins
    piece_share: Floats  # by piece: fraction of its road's line it covers

    def snap(self, lon: Floats, lat: Floats) -> Snapped:
        """Find the nearest point of a road within 500 m of each place (degrees WGS 84)."""
        x = (np.atleast_1d(lon) - self.west) * self.m_per_lon
        y = (np.atleast_1d(lat) - self.south) * _M_PER_DEG
        grid = (self.columns, self.rows, self.cell_ptr, self.cell_piece)
        pieces = (self.piece_road, self.ends, self.piece_from, self.piece_share)
        road, fraction, offset_m = _nearest(x, y, *grid, *pieces)
        return Snapped(road=road, fraction=fraction, offset_m=offset_m)


def index(graph: RoadGraph) -> RoadIndex:
    """Build the grid over every road that can be driven, closed ones included: a closure bars the way through alone."""
    west, south = (float(graph.lon.min()), float(graph.lat.min())) if len(graph.lon) else (0.0, 0.0)
    middle = (south + float(graph.lat.max())) / 2 if len(graph.lat) else 0.0
    m_per_lon = _M_PER_DEG * math.cos(math.radians(middle))
    x, y = (graph.lon - west) * m_per_lon, (graph.lat - south) * _M_PER_DEG
    points_road = np.repeat(np.arange(len(graph.road_ids)), np.diff(graph.offsets))
    first = np.flatnonzero(points_road[:-1] == points_road[1:]) if len(x) else np.empty(0, dtype=np.int64)
    drivable = np.isfinite(graph.free_drive_s[::2]) | np.isfinite(graph.free_drive_s[1::2])
    first = first[drivable[points_road[first]]]
    ends = np.stack([x[first], y[first], x[first + 1], y[first + 1]], axis=1)
    road = points_road[first]
    piece_from, piece_share = _fractions(road, np.hypot(ends[:, 2] - ends[:, 0], ends[:, 3] - ends[:, 1]), graph)
    columns, rows = (int(np.max(v, initial=0.0) // _CELL_M) + 1 for v in (x, y))
    cell_ptr, cell_piece = _fill(ends, columns, rows)
    return RoadIndex(
        west=west,
        south=south,
        m_per_lon=m_per_lon,
        columns=columns,
        rows=rows,
        cell_ptr=cell_ptr,
        cell_piece=cell_piece,
        piece_road=road.astype(np.int32),
        ends=ends,
        piece_from=piece_from,
        piece_share=piece_share,
    )


def _fractions(road: Ints, length: Floats, graph: RoadGraph) -> tuple[Floats, Floats]:
    total = np.bincount(road, weights=length, minlength=len(graph.road_ids))
    before = np.concatenate([[0.0], np.cumsum(length)])[:-1]
    start = np.concatenate([[0.0], np.cumsum(total)])[:-1]
    scale = np.where(total > 0, total, 1.0)[road]
    return np.clip((before - start[road]) / scale, 0.0, 1.0), length / scale


def _fill(ends: Floats, columns: int, rows: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """List every piece under each cell its box touches; city blocks are short, so boxes waste little."""
    low = (np.minimum(ends[:, :2], ends[:, 2:]) // _CELL_M).astype(np.int64)
    high = (np.maximum(ends[:, :2], ends[:, 2:]) // _CELL_M).astype(np.int64)
    wide, tall = (high - low + 1).T if len(ends) else np.empty((2, 0), dtype=np.int64)
    piece = np.repeat(np.arange(len(ends)), wide * tall)
    nth = np.arange(len(piece)) - np.repeat(np.cumsum(wide * tall) - wide * tall, wide * tall)
    cell = (low[piece, 1] + nth // wide[piece]) * columns + low[piece, 0] + nth % wide[piece]
    order = np.argsort(cell, kind="stable")
    pointer = np.zeros(columns * rows + 1, dtype=np.int32)
    np.cumsum(np.bincount(cell, minlength=columns * rows), out=pointer[1:])
    return pointer, piece[order].astype(np.int32)


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _nearest(  # type: ignore[no-untyped-def]
    x, y, columns, rows, cell_ptr, cell_piece, piece_road, ends, piece_from, piece_share
):
    n = len(x)
    road = np.full(n, -1, np.int64)
    fraction = np.zeros(n)
    offset = np.full(n, np.inf)
    last_ring = math.ceil(REACH_M / _CELL_M)
    for i in range(n):
        px, py = x[i], y[i]
        column, row = math.floor(px / _CELL_M), math.floor(py / _CELL_M)
        best = REACH_M * REACH_M
        for ring in range(last_ring + 1):
            # Cells of ring r lie at least (r - 1) cells away from the place: nothing nearer can be left in them.
            nearest_left = max(ring - 1, 0) * _CELL_M
            if nearest_left * nearest_left > best:
                break
            for cy in range(max(row - ring, 0), min(row + ring, rows - 1) + 1):
                edge = cy == row - ring or cy == row + ring
                step = 1 if edge or ring == 0 else 2 * ring
                for cx in range(column - ring, column + ring + 1, step):
                    if cx < 0 or cx >= columns:
                        continue
                    # Most cells of a ring lie beyond what was found already: by their box, no piece is looked at.
                    gap_x = max(cx * _CELL_M - px, px - (cx + 1) * _CELL_M, 0.0)
                    gap_y = max(cy * _CELL_M - py, py - (cy + 1) * _CELL_M, 0.0)
                    if gap_x * gap_x + gap_y * gap_y > best:
                        continue
                    cell = cy * columns + cx
                    for at in range(cell_ptr[cell], cell_ptr[cell + 1]):
                        piece = cell_piece[at]
                        ax, ay = ends[piece, 0], ends[piece, 1]
                        dx, dy = ends[piece, 2] - ax, ends[piece, 3] - ay
                        square = dx * dx + dy * dy
                        t = 0.0
                        if square > 0.0:
                            t = min(max(((px - ax) * dx + (py - ay) * dy) / square, 0.0), 1.0)
                        ex, ey = px - ax - t * dx, py - ay - t * dy
                        away = ex * ex + ey * ey
                        if away < best:
                            best = away
                            road[i] = piece_road[piece]
                            fraction[i] = min(piece_from[piece] + t * piece_share[piece], 1.0)
                            offset[i] = math.sqrt(away)
    return road, fraction, offset

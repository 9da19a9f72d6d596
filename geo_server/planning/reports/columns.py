"""The columns of the 3-D view: how many cameras hang in a square of ground, and how much of it is seen. Pure."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely import STRtree

from geo_server.planning.reports.detail import M_PER_DEG
from geo_server.planning.reports.schema import Shape, Told
from layers.values import BBox

SIZES_M = (50.0, 100.0, 250.0, 500.0, 1000.0, 2500.0, 5000.0, 10_000.0, 25_000.0, 50_000.0)
ACROSS = 60  # squares, at most, along the longer side
TILE_M = 2000.0  # of coverage: in larger squares whole tiles are counted
Cell = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A square of ground by its middle, lon lat degrees: the cameras in it, and the share of it that is seen."""

    lon: float
    lat: float
    cameras: int
    seen: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Squares of `size_m` metres from the south-west corner of a box; `per_lon` and `per_lat` are degrees a square."""

    west: float
    south: float
    size_m: float
    per_lon: float
    per_lat: float

    def cell(self, lon: float, lat: float) -> Cell:
        """Return the square of a place."""
        return math.floor((lon - self.west) / self.per_lon), math.floor((lat - self.south) / self.per_lat)

    def middle(self, cell: Cell) -> tuple[float, float]:
        """Return the longitude and latitude of a square's middle."""
        return self.west + (cell[0] + 0.5) * self.per_lon, self.south + (cell[1] + 0.5) * self.per_lat

    def box(self, cell: Cell) -> shapely.Polygon:
        """Return a square, degrees."""
        west, south = self.west + cell[0] * self.per_lon, self.south + cell[1] * self.per_lat
        return shapely.box(west, south, west + self.per_lon, south + self.per_lat)


def grid_over(bbox: BBox) -> Grid:
    """Return the finest grid with no more squares than there is room for."""
    squeeze = math.cos(math.radians((bbox.south + bbox.north) / 2))
    longer_m = M_PER_DEG * max((bbox.east - bbox.west) * squeeze, bbox.north - bbox.south)
    size_m = next((size for size in SIZES_M if longer_m / size <= ACROSS), SIZES_M[-1])
    per_lat = size_m / M_PER_DEG
    return Grid(west=bbox.west, south=bbox.south, size_m=size_m, per_lon=per_lat / squeeze, per_lat=per_lat)


def columns(told: Told) -> tuple[Grid, list[Column]]:
    """Return a column for each square in which a camera hangs."""
    grid = grid_over(told.bbox)
    cameras = Counter(grid.cell(lon, lat) for lon, lat in told.hanging)
    if grid.size_m >= TILE_M:
        seen_m2 = _of_tiles(grid, told.tiles)
    else:
        seen_m2 = _of_shapes(grid, told.layers["coverage"].shapes, list(cameras))
    return grid, [_column(grid, cell, n, seen_m2) for cell, n in sorted(cameras.items())]


def _column(grid: Grid, cell: Cell, cameras: int, seen_m2: Mapping[Cell, float]) -> Column:
    lon, lat = grid.middle(cell)
    return Column(lon=lon, lat=lat, cameras=cameras, seen=min(1.0, seen_m2.get(cell, 0.0) / grid.size_m**2))


def _of_tiles(grid: Grid, tiles: Iterable[tuple[float, float, float]]) -> Mapping[Cell, float]:
    found: defaultdict[Cell, float] = defaultdict(float)
    for lon, lat, seen in tiles:
        found[grid.cell(lon, lat)] += seen
    return found


def _of_shapes(grid: Grid, shapes: Sequence[Shape], cells: Sequence[Cell]) -> Mapping[Cell, float]:
    """Return how much of these squares the patches cover, which do not overlap each other."""
    if not shapes or not cells:
        return {}
    patches = shapely.make_valid(shapely.from_wkb([one.wkb for one in shapes]))
    boxes = np.array([grid.box(cell) for cell in cells])
    box_n, patch_n = STRtree(patches).query(boxes)
    parts = shapely.area(shapely.intersection(boxes[box_n], patches[patch_n]))
    sums = np.bincount(box_n, parts, minlength=len(cells)) / (grid.per_lon * grid.per_lat) * grid.size_m**2
    return dict(zip(cells, sums.tolist(), strict=True))

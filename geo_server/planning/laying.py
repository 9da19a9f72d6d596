"""Which tiles there are to reckon: those that hold ground that counts, and those that some camera looks into."""

import math
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

import numpy as np
import shapely
from numpy.typing import NDArray

from geo_server.planning.ground import ZONE_DEG, Ground
from geo_server.planning.tiles import Box
from layers.coverage.schema import Square

TILE_M = 4000.0
CELL_M = 4.0  # of a tile: a city's shares differ by a thousandth from those of cells of 1 m
Floats = NDArray[np.float64]
Key = tuple[int, int, int]  # EPSG code, column and row


def box_of(col: int, row: int) -> Box:
    """Return where a tile lies in the metres of its zone."""
    west, south = col * TILE_M, row * TILE_M
    return Box(west=west, south=south, east=west + TILE_M, north=south + TILE_M)


def squares(grounds: Sequence[bytes], hanging: Iterable[tuple[float, float, float]]) -> list[Square]:
    """Return the tiles of grounds, WKB in degrees, and of cameras: longitude, latitude and range in metres."""
    keys = {key for wkb in grounds for key in _under(shapely.from_wkb(wkb))}
    keys |= _around(np.array(list(hanging), np.float64).reshape(-1, 3))
    return [Square(epsg=epsg, col=col, row=row, geom=_outline(epsg, col, row)) for epsg, col, row in sorted(keys)]


def _under(ground: shapely.Geometry) -> Iterator[Key]:
    """Yield the tiles that a shape in degrees lies over, zone by zone."""
    west, south, east, north = shapely.bounds(ground).tolist()
    for zone in range(int((west + 180) // ZONE_DEG), int((east + 180) // ZONE_DEG) + 1):
        begins = zone * ZONE_DEG - 180
        part = shapely.clip_by_rect(ground, begins, south - 1, begins + ZONE_DEG, north + 1)
        if not shapely.is_empty(part):
            yield from _in_zone(part, Ground.around(begins + ZONE_DEG / 2, (south + north) / 2))


def _in_zone(part: shapely.Geometry, grid: Ground) -> Iterator[Key]:
    shape = grid.in_metres(np.array([part], dtype=object))[0]
    low_col, low_row, high_col, high_row = (math.floor(side / TILE_M) for side in shapely.bounds(shape).tolist())
    keys = [(col, row) for col in range(low_col, high_col + 1) for row in range(low_row, high_row + 1)]
    places = np.array(keys, np.float64) * TILE_M
    boxes = shapely.box(places[:, 0], places[:, 1], places[:, 0] + TILE_M, places[:, 1] + TILE_M)
    shapely.prepare(shape)
    for which in np.flatnonzero(shapely.intersects(shape, boxes)).tolist():
        yield grid.epsg, *keys[which]


def _around(hanging: Floats) -> set[Key]:
    """Return the tiles that cameras, rows of longitude, latitude and range, may look into."""
    zones = np.array([Ground.around(lon, lat).epsg for lon, lat in hanging[:, :2].tolist()], np.int64)
    keys: set[Key] = set()
    for epsg in np.unique(zones).tolist():
        rows, grid = hanging[zones == epsg], Ground(epsg=epsg)
        places, range_m = grid.metres(rows[:, 0], rows[:, 1]), rows[:, 2:]
        corners = np.hstack([np.floor((places + side * range_m) / TILE_M) for side in (-1, 1)]).astype(np.int64)
        for west, south, east, north in np.unique(corners, axis=0).tolist():
            keys |= {(epsg, col, row) for col in range(west, east + 1) for row in range(south, north + 1)}
    return keys


def _outline(epsg: int, col: int, row: int) -> bytes:
    box = box_of(col, row)
    square: NDArray[np.object_] = np.array([shapely.box(box.west, box.south, box.east, box.north)], dtype=object)
    wkb: bytes = shapely.to_wkb(Ground(epsg=epsg).in_degrees(square)[0])
    return wkb


@cache
def band_of(epsg: int) -> tuple[float, float]:
    """Return from which longitude to which a zone counts: where two meet, each has its own side."""
    begins = (epsg % 100 - 1) * ZONE_DEG - 180
    return float(begins), float(begins + ZONE_DEG)

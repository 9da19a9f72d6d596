"""A tile of ground: what its cameras cover of it for each purpose, what they leave out, and how much of each area."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo_server.planning.filling import filled
from geo_server.planning.ground import Ground
from geo_server.planning.purposes import Purpose
from geo_server.planning.rasters import CELL_M, Raster
from geo_server.planning.viewsheds.cameras import Houses, Hung, Unseeing, hanging
from geo_server.planning.viewsheds.seen import seen_by
from geo_server.planning.viewsheds.walls import Walls

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """Where a tile lies in the metres of its ground."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tile:
    """What stands in a tile, and the cameras that may look into it, wherever they hang.

    `areas` are outlines in metres by the area's number.
    """

    ground: Ground
    box: Box
    hung: Hung
    houses: Houses
    areas: Mapping[int, NDArray[np.object_]]
    cell_m: float = CELL_M


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Covered:
    """Who sees what of a tile's open ground, for each purpose, and which cameras nobody can reckon, with the reason."""

    open: Flags  # the cells that no building stands on
    rasters: Mapping[str, Raster]
    unseeing: tuple[tuple[int, Unseeing], ...]

    def gaps(self, purpose: str, least_m2: float) -> NDArray[np.object_]:
        """Return the open ground that nobody sees for a purpose, as polygons of so many square metres or more."""
        raster = self.rasters[purpose]
        found = raster.where(self.open & (raster.count == 0))
        return found[np.array([one.area >= least_m2 for one in found], np.bool_)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How many square metres of an area's open ground are seen for a purpose: at all, and by two views or more."""

    area: int
    purpose: str
    ground_m2: float
    seen_m2: float
    twice_m2: float


def covered(tile: Tile, purposes: Mapping[str, Purpose]) -> Covered:
    """Return who sees what; purposes that look at the same height share their rays."""
    walls = Walls.of(tile.houses.outlines, tile.houses.tops_m)
    rasters = {name: _bare(tile) for name in purposes}
    unseeing: dict[tuple[int, Unseeing], None] = {}
    for above_m in dict.fromkeys(purpose.above_m for purpose in purposes.values()):
        found = hanging(tile.hung, tile.houses, tile.ground, above_m)
        unseeing.update(dict.fromkeys(found.unseeing))
        seen = seen_by(found.views, walls)
        for name, purpose in purposes.items():
            if purpose.above_m == above_m:
                rasters[name].add(purpose.fit(seen))
    return Covered(open=~_filled(tile, tile.houses.outlines), rasters=rasters, unseeing=tuple(unseeing))


def shares(tile: Tile, found: Covered) -> list[Share]:
    """Return how much of each area in the tile is seen, area by area and purpose by purpose."""
    cell_m2 = tile.cell_m**2
    told = []
    for area, outline in tile.areas.items():
        ground = found.open & _filled(tile, outline)
        for purpose, raster in found.rasters.items():
            count = raster.count[ground]
            seen_m2, twice_m2 = (float((count >= least).sum()) * cell_m2 for least in (1, 2))
            whole_m2 = float(ground.sum()) * cell_m2
            told.append(Share(area=area, purpose=purpose, ground_m2=whole_m2, seen_m2=seen_m2, twice_m2=twice_m2))
    return told


def _bare(tile: Tile) -> Raster:
    return Raster.bare(tile.box.west, tile.box.south, tile.box.east, tile.box.north, tile.cell_m)


def _filled(tile: Tile, outlines: NDArray[np.object_]) -> Flags:
    bare = _bare(tile)
    return filled(outlines, bare.origin, bare.count.shape, tile.cell_m)

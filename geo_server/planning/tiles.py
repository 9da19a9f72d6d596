"""A tile of ground: what stands there, and which of its cells cameras see for each purpose."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from numpy.typing import NDArray

from geo_server.planning.built import Built
from geo_server.planning.cells import Cells
from geo_server.planning.ground import Ground
from geo_server.planning.purposes import Purpose
from geo_server.planning.rasters import CELL_M, Raster
from geo_server.planning.sights import Known, Sights, sights
from geo_server.planning.things import Things
from geo_server.planning.viewsheds.cameras import Houses, Hung, Unseeing, hung_for
from geo_server.planning.viewsheds.relief import Relief, counted
from geo_server.planning.viewsheds.seen import seen_by
from geo_server.planning.viewsheds.walls import Walls
from layers.terrain.schema import Known as KnownGround

Flags = NDArray[np.bool_]
Ints = NDArray[np.int64]
NOWHERE = -1  # in no area


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

    The outlines of `houses` are valid. `areas` are outlines in metres by the area's number, no two of them over each
    other; `known` has a row for each of `hung`. `fine` asks how finely each cell is seen as well. Without a `relief`
    the ground is flat.
    """

    ground: Ground
    box: Box
    hung: Hung
    known: Known
    houses: Houses
    areas: Mapping[int, NDArray[np.object_]]
    things: Things = field(default_factory=Things.none)
    cell_m: float = CELL_M
    fine: bool = False
    relief: Relief | None = None

    @property
    def terrain(self) -> KnownGround:
        """Say whether the height of its ground is known."""
        return counted(self.relief, self.box.west, self.box.south, self.box.east, self.box.north)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Covered:
    """Who sees what of a tile's open ground, for each purpose, and which cameras nobody can reckon, with the reason.

    `grounds` are the open cells of each of the tile's areas, in their order.
    """

    tile: Tile
    cells: Cells
    area: NDArray[np.int16]  # of each cell, the place in the tile's areas, or nowhere
    open: Flags  # the cells that no building stands on
    grounds: tuple[Flags, ...]
    built: Built
    sights: Mapping[str, Sights]
    unseeing: tuple[tuple[int, Unseeing], ...]


def covered(tile: Tile, purposes: Mapping[str, Purpose]) -> Covered:
    """Return who sees what; purposes that look at the same height share their rays."""
    walls, cells = Walls.around(tile.houses.rings, tile.houses.tops_m), _cells(tile)
    built = cells.filled(tile.houses.rings)
    found_of: dict[str, Sights] = {}
    unseeing: tuple[tuple[int, Unseeing], ...] = ()
    alike = _by_height(purposes)
    for above_m, found in hung_for(tile.hung, tile.houses, tile.ground, alike).items():
        unseeing, known = found.unseeing, tile.known.only(_of_views(tile.hung, found.camera))
        coarsest = min(purpose.density_px_m for purpose in alike[above_m].values())
        seen = seen_by(found.views.no_coarser(coarsest), walls, tile.relief)
        for name, purpose in alike[above_m].items():
            found_of[name] = sights(seen, purpose, known, partial(_bare, tile))
    area, bare = _areas(tile, cells), ~built
    return Covered(
        tile=tile,
        cells=cells,
        area=area,
        open=bare,
        grounds=tuple(bare & (area == place) for place in range(len(tile.areas))),
        built=Built.of(built),
        sights={name: found_of[name] for name in purposes},
        unseeing=unseeing,
    )


def _by_height(purposes: Mapping[str, Purpose]) -> dict[float, dict[str, Purpose]]:
    """Return purposes by the height of what they look for."""
    alike: dict[float, dict[str, Purpose]] = {}
    for name, purpose in purposes.items():
        alike.setdefault(purpose.above_m, {})[name] = purpose
    return alike


def _of_views(hung: Hung, cameras: Ints) -> Ints:
    """Return a row of the hung for the camera of each view; what is known of a camera is the same in all its rows."""
    numbers, rows = np.unique(hung.camera, return_index=True)
    return np.asarray(rows[np.searchsorted(numbers, cameras)], np.int64)


def _areas(tile: Tile, cells: Cells) -> NDArray[np.int16]:
    area = np.full(cells.shape, NOWHERE, np.int16)
    for place, outlines in enumerate(tile.areas.values()):
        area[cells.filled(outlines)] = place
    return area


def _bare(tile: Tile, groupings: int = 0) -> Raster:
    box = tile.box
    return Raster.bare(box.west, box.south, box.east, box.north, tile.cell_m, fine=tile.fine, groupings=groupings)


def _cells(tile: Tile) -> Cells:
    bare = _bare(tile)
    return Cells(origin=bare.origin, shape=(bare.count.shape[0], bare.count.shape[1]), cell_m=tile.cell_m)

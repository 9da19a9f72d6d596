"""A region as it is reckoned: what stands there, what of it counts to see, and what somebody sees already."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from geo_server.planning.cells import Cells
from geo_server.planning.ground import Ground
from geo_server.planning.placement.question import Question
from geo_server.planning.placement.schema import Asked
from geo_server.planning.placement.spots import Land
from geo_server.planning.placement.worth import cells_around, weights
from geo_server.planning.placement.zones import Zones
from geo_server.planning.purposes import Purpose, purposes
from geo_server.planning.rasters import Raster
from geo_server.planning.reckoning import houses_of, hung_of, things_of
from geo_server.planning.things import Things
from geo_server.planning.viewsheds.cameras import Houses, hanging
from geo_server.planning.viewsheds.relief import Relief
from geo_server.planning.viewsheds.seen import Seen, seen_by
from geo_server.planning.viewsheds.walls import Walls

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Shapes = NDArray[np.object_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Setting:
    """What a view depends on: the purpose, what stands in its way, where it must not look, and the cells."""

    question: Question
    purpose: Purpose
    grid: Ground
    houses: Houses
    walls: Walls
    zones: Zones
    cells: Cells
    relief: Relief | None = None

    def raster(self, seen: Seen) -> Flags:
        """Return the cells that are seen."""
        (west, south), (rows, columns), cell_m = self.cells.origin, self.cells.shape, self.cells.cell_m
        raster = Raster.bare(west, south, west + columns * cell_m, south + rows * cell_m, cell_m)
        raster.add(seen)
        return raster.count > 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scene:
    """A region in metres: what each cell counts, which count at all, and which somebody sees already."""

    setting: Setting
    land: Land
    things: Things
    counts: Flags
    weight: Floats
    seen: Flags

    def left(self) -> Floats:
        """Return what each cell counts that nobody sees yet."""
        return np.where(self.seen.ravel(), 0.0, self.weight)

    def before(self) -> float:
        """Return what is seen already, by weight."""
        return float(self.weight[self.seen.ravel()].sum())


def scene_of(asked: Asked) -> Scene:
    """Return a region as it is reckoned."""
    grid = Ground(epsg=asked.epsg)
    (region,) = grid.in_metres(np.array([shapely.from_wkb(asked.region)], dtype=object))
    setting = _setting(asked, grid, region)
    streets = _shapes(asked.standing.streets, grid)
    things = things_of(asked.standing.streets, asked.standing.points, grid)
    cells, hidden = setting.cells, np.concatenate([setting.houses.outlines, setting.zones.drawn])
    counts = cells.filled(np.array([region], dtype=object)) & ~cells.filled(hidden)
    demands_m = metres([(one.lon, one.lat) for one in asked.question.demands], grid)
    return Scene(
        setting=setting,
        land=Land(
            region=region,
            forbidden=setting.zones.drawn,
            streets=streets,
            houses=setting.houses,
            poles_m=metres(asked.poles, grid),
        ),
        things=things,
        counts=counts,
        weight=weights(asked.question, things, demands_m, cells, counts),
        seen=_seen_already(asked, setting),
    )


def _setting(asked: Asked, grid: Ground, region: shapely.Geometry) -> Setting:
    houses = houses_of(asked.standing.buildings, grid)
    reach_m = max(one.range_m for one in asked.question.kinds)
    return Setting(
        question=asked.question,
        purpose=purposes()[asked.question.purpose],
        grid=grid,
        houses=houses,
        walls=Walls.around(houses.rings, houses.tops_m),
        zones=Zones.of(asked.zones, grid, shapely.buffer(region, reach_m)),
        cells=cells_around(region),
        relief=Relief.of(asked.standing.terrain, grid),
    )


def _seen_already(asked: Asked, setting: Setting) -> Flags:
    hung, _ = hung_of(asked.standing.cameras, asked.standing.presets)
    found = hanging(hung, setting.houses, setting.grid, setting.purpose.above_m)
    return setting.raster(setting.purpose.fit(seen_by(found.views, setting.walls, setting.relief)))


def metres(places: Sequence[tuple[float, float]], grid: Ground) -> Floats:
    """Return places of longitude and latitude in metres, n x 2."""
    where = np.array(places, np.float64).reshape(-1, 2)
    return grid.metres(where[:, 0], where[:, 1])


def _shapes(wkb: Sequence[bytes], grid: Ground) -> Shapes:
    return grid.in_metres(np.array(shapely.from_wkb(list(wkb)), dtype=object).reshape(-1))

"""What changes where a camera hangs otherwise: the ground that only it sees for a purpose is gained, or lost."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geo_server.planning.cells import Cells
from geo_server.planning.ground import Ground
from geo_server.planning.patches import patches
from geo_server.planning.poses import Pose
from geo_server.planning.purposes import Purpose, purposes
from geo_server.planning.rasters import Raster
from geo_server.planning.reckoning import houses_of, hung_of, things_of
from geo_server.planning.things import NEAR_M, Things
from geo_server.planning.tiles import Box
from geo_server.planning.viewing import hung_as
from geo_server.planning.viewsheds.cameras import Houses, Hung, hanging
from geo_server.planning.viewsheds.relief import Relief, Sides
from geo_server.planning.viewsheds.seen import seen_by
from geo_server.planning.viewsheds.walls import Walls
from geo_server.planning.weighing.worth import weights
from layers.coverage.schema import Buildings, Point, Standing
from layers.terrain.schema import TerrainGrid

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]
Shapes = NDArray[np.object_]
CELLS, CELL_M = 384, 2.0  # along a side, and the finest
KEPT = 4  # of what stands about: of as many drags at once


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Change:
    """Ground in m2 that nobody else sees, what it weighs in incidents as gaps do, and where it is, degrees WGS 84."""

    gained_m2: float
    lost_m2: float
    gained_weight: float
    lost_weight: float
    gained: shapely.Geometry
    lost: shapely.Geometry


def changed(pose: Pose, standing: Standing, instead_of: int | None, purpose: str) -> Change:
    """Return what hanging a camera so changes; `instead_of` is the one that it hangs as now, None for a new one."""
    grid = Ground.around(pose.lon, pose.lat)
    now, others = _parted(standing, instead_of)
    new = hung_as(pose)
    parts = [_in_box(grid, box, (now, new, others), standing, purpose) for box in _boxes(grid, now, new)]
    gained, lost = (np.concatenate([each[side] for each in parts]) for side in (0, 1))
    sums = np.array([each[2] for each in parts]).sum(axis=0).tolist()
    return Change(
        gained_m2=sums[0],
        lost_m2=sums[1],
        gained_weight=sums[2],
        lost_weight=sums[3],
        gained=_shape(gained, grid),
        lost=_shape(lost, grid),
    )


def _parted(standing: Standing, camera_id: int | None) -> tuple[Hung, Hung]:
    hung, _ = hung_of(standing.cameras, standing.presets)
    own = hung.camera == camera_id if camera_id is not None else np.zeros(len(hung), np.bool_)
    return hung.only(own), hung.only(~own)


def _boxes(grid: Ground, now: Hung, new: Hung) -> Iterator[Box]:
    """Yield where something can change: about both places, in one box where they meet."""
    reaches = [_reach(grid, one) for one in (now, new) if len(one)]
    if len(reaches) == 2 and not shapely.intersects(*reaches):
        yield from (_box(one) for one in reaches)
    else:
        yield _box(shapely.union_all(reaches))


def _reach(grid: Ground, hung: Hung) -> shapely.Geometry:
    ((east, north),) = grid.metres(hung.lon[:1], hung.lat[:1]).tolist()
    return shapely.Point(east, north).buffer(float(hung.range_m[0])).envelope


def _box(shape: shapely.Geometry) -> Box:
    west, south, east, north = shapely.bounds(shape).tolist()
    return Box(west=west, south=south, east=east, north=north)


def _in_box(
    grid: Ground, box: Box, hung: tuple[Hung, Hung, Hung], standing: Standing, purpose: str
) -> tuple[Shapes, Shapes, tuple[float, float, float, float]]:
    side_m = max(box.east - box.west, box.north - box.south)
    bare = partial(Raster.bare, box.west, box.south, box.east, box.north, max(CELL_M, side_m / CELLS), fine=False)
    standing_there = _built(grid.epsg, standing.buildings)
    reach_m = max(float(one.range_m.max(initial=0.0)) for one in hung)  # so far away somebody may look in from
    around = (box.west - reach_m, box.south - reach_m, box.east + reach_m, box.north + reach_m)
    relief = _relief(grid.epsg, tuple(standing.terrain), around)
    now, new, others = (_seen(one, grid, standing_there, relief, purposes()[purpose], bare()) for one in hung)
    cells = Cells(origin=(box.west, box.south), shape=(now.shape[0], now.shape[1]), cell_m=bare().cell_m)
    free = ~others & ~cells.filled(standing_there[0].rings)
    masks = free & new & ~now, free & now & ~new
    things = _things(grid.epsg, tuple(standing.streets), tuple(standing.points))
    areas = [float(mask.sum()) * cells.cell_m**2 for mask in masks]
    weighs = [weight(things, cells, mask) for mask in masks]
    gained, lost = (patches(mask, cells.origin, cells.cell_m) for mask in masks)
    return gained, lost, (areas[0], areas[1], weighs[0], weighs[1])


def _seen(
    hung: Hung, grid: Ground, built: tuple[Houses, Walls], relief: Relief | None, purpose: Purpose, raster: Raster
) -> Flags:
    """Return the cells that any of some cameras sees for a purpose."""
    houses, walls = built
    views = hanging(hung, houses, grid, purpose.above_m).views
    raster.add(purpose.fit(seen_by(views.no_coarser(purpose.density_px_m), walls, relief)))
    return raster.count > 0


def weight(things: Things, cells: Cells, mask: Flags) -> float:
    """Return what some cells weigh, as a gap does: what their streets expect, and the places near to each, once."""
    rows, columns = np.nonzero(mask)
    if not len(rows):
        return 0.0
    at = cells.at(things.street_m)
    streets = float(things.expected.sum(axis=1)[(at >= 0) & mask.ravel()[at]].sum()) if len(at) else 0.0
    seen = cKDTree((np.column_stack([columns, rows]) + 0.5) * cells.cell_m + np.array(cells.origin))
    worth = weights().worth
    near = (
        worth[thing] * _near(at_m, seen, NEAR_M[thing]) for thing, at_m in things.places_m.items() if thing in worth
    )
    return streets + sum(near)


def _near(places_m: Floats, seen: cKDTree, within_m: float) -> int:
    away_m, _ = seen.query(places_m, distance_upper_bound=within_m)
    return int(np.isfinite(away_m).sum())


@lru_cache(maxsize=KEPT)
def _things(epsg: int, streets: tuple[bytes, ...], points: tuple[Point, ...]) -> Things:
    """Return what lies about, spread along its streets: with each move of a drag it is the same again."""
    return things_of(streets, points, Ground(epsg=epsg))


@lru_cache(maxsize=KEPT)
def _built(epsg: int, buildings: Buildings) -> tuple[Houses, Walls]:
    """Return the houses and their walls, which are the same with each move as well."""
    houses = houses_of(buildings, Ground(epsg=epsg))
    return houses, Walls.around(houses.rings, houses.tops_m)


@lru_cache(maxsize=KEPT)
def _relief(epsg: int, terrain: tuple[TerrainGrid, ...], within: Sides) -> Relief | None:
    """Return the ground of a box, which mostly is the same with each move too."""
    return Relief.of(terrain, Ground(epsg=epsg), within)


def _shape(parts: Shapes, grid: Ground) -> shapely.Geometry:
    single = shapely.get_parts(shapely.simplify(parts, CELL_M))
    whole = shapely.multipolygons(single[shapely.get_type_id(single) == shapely.GeometryType.POLYGON])
    shape: shapely.Geometry = grid.in_degrees(np.array([whole], dtype=object))[0]
    return shape

"""What one camera would see, as it is dragged and turned: the ground by purpose, or by classes of density."""

from collections.abc import Iterator, Sequence

import numpy as np

from geo_server.planning.camera_sight import apart, fitting, heights
from geo_server.planning.ground import Ground
from geo_server.planning.poses import Band, Cut, Pose
from geo_server.planning.reckoning import houses_of
from geo_server.planning.viewsheds.cameras import Houses, Hung, Unseeing, hanging
from geo_server.planning.viewsheds.outlines import outlined
from geo_server.planning.viewsheds.relief import Relief
from geo_server.planning.viewsheds.seen import Seen, seen_by
from geo_server.planning.viewsheds.views import Lenses
from geo_server.planning.viewsheds.walls import Walls
from layers.coverage.schema import Buildings, House
from layers.terrain.schema import TerrainGrid


def bands(
    pose: Pose, buildings: Sequence[House] | Buildings, cut: Cut, terrain: Sequence[TerrainGrid] = ()
) -> list[Band] | Unseeing:
    """Return the bands that are not empty, the coarsest first; or why the camera sees nothing."""
    grid = Ground.around(pose.lon, pose.lat)
    houses = houses_of(buildings, grid)
    found = list(_bands(pose, houses, grid, cut, Relief.of(terrain, grid)))
    reason = next((one for one in found if isinstance(one, Unseeing)), None)
    known = (one for one in found if isinstance(one, Band))
    return reason or apart(sorted(known, key=lambda one: one.density_px_m))


def _bands(pose: Pose, houses: Houses, grid: Ground, cut: Cut, relief: Relief | None) -> Iterator[Band | Unseeing]:
    walls = Walls.around(houses.rings, houses.tops_m)
    for above_m, names in heights(cut).items():
        found = hanging(hung_as(pose), houses, grid, above_m)
        if found.unseeing:
            yield found.unseeing[0][1]
            return
        seen = seen_by(found.views, walls, relief)
        for name, density in names:
            yield from _band(fitting(seen, name, density), name, density, grid)


def _band(seen: Seen, name: str, density: float, grid: Ground) -> Iterator[Band]:
    area_m2 = float(seen.areas_m2()[0])
    if area_m2 > 0:
        (shape,) = grid.in_degrees(outlined(seen))
        yield Band(name=name, density_px_m=density, area_m2=area_m2, shape=shape)


def hung_as(pose: Pose) -> Hung:
    """Return a pose as the reckoning takes cameras."""
    lens = {name: np.array([getattr(pose, name)], np.float64) for name in Lenses.__dataclass_fields__}
    places = {name: np.array([getattr(pose, name)], np.float64) for name in ("lon", "lat", "height_m", "range_m")}
    return Hung(camera=np.array([0]), lenses=Lenses(**lens), **places)

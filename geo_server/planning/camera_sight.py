"""What one camera of the register sees: as it hangs or at its presets together, what lies blind, and its reach."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray

from geo_server.planning.ground import Ground
from geo_server.planning.poses import Band, Cut
from geo_server.planning.purposes import AIM_UP_M, CLASSES, purposes
from geo_server.planning.rasters import Raster
from geo_server.planning.reckoning import houses_of, hung_of
from geo_server.planning.viewsheds.cameras import Houses, Hung, Unseeing, hanging
from geo_server.planning.viewsheds.outlines import outlined
from geo_server.planning.viewsheds.relief import Relief, counted
from geo_server.planning.viewsheds.seen import Seen, seen_by
from geo_server.planning.viewsheds.views import Views
from geo_server.planning.viewsheds.walls import Walls
from layers.coverage.schema import House, Looking, Preset
from layers.terrain.schema import Known, TerrainGrid

CELLS = 400  # along a range, where several views are counted together
FINEST_M = 0.5
REACH_DEG, REACH_VIEWS = 15.1, 24  # of the pictures side by side that a reach is put together from


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sight:
    """What a camera sees, band by band, and could see if it were turned; or why nobody can tell.

    `views` are how many it has; `blind_m2` is nearer than its picture begins, `blind_m` how far that goes at least
    (None: nobody knows its tilt, or it has several views); `hidden_m2` is what buildings take; `terrain` says whether
    the height of the ground about it was counted.
    """

    unseeing: Unseeing | None
    views: int
    bands: Sequence[Band] = ()
    reach: Sequence[Band] | None = None
    blind_m2: float | None = None
    blind_m: float | None = None
    hidden_m2: float | None = None
    terrain: Known = "none"


def sight(
    camera: Looking,
    presets: Sequence[Preset],
    buildings: Sequence[House],
    cut: Cut,
    turns: bool,
    terrain: Sequence[TerrainGrid] = (),
) -> Sight:
    """Return what a camera sees; of one that turns the union of the presets that are known, and its reach."""
    grid = Ground.around(camera.lon, camera.lat)
    houses, (hung, _) = houses_of(buildings, grid), hung_of([camera], presets)
    found = hanging(hung, houses, grid, AIM_UP_M)
    if not len(found.views):
        return Sight(unseeing=found.unseeing[0][1], views=0)
    relief = Relief.of(terrain, grid)
    open_, bare = (seen_by(found.views, walls, relief) for walls in (_walls(houses), Walls.of(_none(), np.empty(0))))
    blind = _blind(bare, hung.lenses.tilt_deg) if len(hung) == 1 else (None, None)
    return Sight(
        unseeing=None,
        views=len(found.views),
        bands=_banded(hung, houses, grid, cut, relief),
        reach=_banded(_turned(hung), houses, grid, cut, relief) if turns else None,
        blind_m2=blind[0],
        blind_m=blind[1],
        hidden_m2=max(0.0, _area_m2(bare) - _area_m2(open_)),
        terrain=_terrain(relief, found.views),
    )


def _terrain(relief: Relief | None, views: Views) -> Known:
    east, north, range_m = (float(column[0]) for column in (views.east_m, views.north_m, views.range_m))
    return counted(relief, east - range_m, north - range_m, east + range_m, north + range_m)


def heights(cut: Cut) -> Mapping[float, Sequence[tuple[str, float]]]:
    """Return the bands' names and densities by the height, in metres, of what is looked for."""
    if cut != "purposes":
        return {AIM_UP_M: [(f"{density:g}", density) for density in CLASSES[cut]]}
    told: dict[float, list[tuple[str, float]]] = {}
    for name, purpose in purposes().items():
        told.setdefault(purpose.above_m, []).append((name, purpose.density_px_m))
    return told


def fitting(seen: Seen, name: str, density: float) -> Seen:
    """Return what of it a band holds."""
    return purposes()[name].fit(seen) if name in purposes() else seen.finer_than(density)


def apart(bands: Sequence[Band]) -> list[Band]:
    """Return bands, the coarsest first, each drawn without what a finer one holds; their areas stay."""
    told: list[Band] = []
    finer: shapely.Geometry = shapely.Polygon()
    for one in reversed(bands):
        told.insert(0, replace(one, shape=shapely.difference(one.shape, finer)))
        finer = shapely.union(finer, one.shape)
    return told


def _banded(hung: Hung, houses: Houses, grid: Ground, cut: Cut, relief: Relief | None) -> list[Band]:
    return apart(sorted(_bands(hung, houses, grid, cut, relief), key=lambda one: one.density_px_m))


def _bands(hung: Hung, houses: Houses, grid: Ground, cut: Cut, relief: Relief | None) -> Iterator[Band]:
    walls = _walls(houses)
    for above_m, names in heights(cut).items():
        seen = seen_by(hanging(hung, houses, grid, above_m).views, walls, relief)
        for name, density in names:
            part = fitting(seen, name, density)
            area_m2 = _area_m2(part)
            if area_m2 > 0:
                (shape,) = grid.in_degrees(np.array([_shape(part)], dtype=object))
                yield Band(name=name, density_px_m=density, area_m2=area_m2, shape=shape)


def _area_m2(seen: Seen) -> float:
    """Return the ground that any of the views sees: of one exactly, of several by cells."""
    if len(seen.views) == 1:
        return float(seen.areas_m2()[0])
    raster = _raster(seen)
    return float((raster.count > 0).sum()) * raster.cell_m**2


def _shape(seen: Seen) -> shapely.Geometry:
    if len(seen.views) == 1:
        outline: shapely.Geometry = outlined(seen)[0]
        return outline
    raster = _raster(seen)
    parts = shapely.get_parts(shapely.simplify(raster.where(raster.count > 0), raster.cell_m))
    whole: shapely.Geometry = shapely.multipolygons(parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON])
    return whole


def _raster(seen: Seen) -> Raster:
    east, north, range_m = (float(column[0]) for column in (seen.views.east_m, seen.views.north_m, seen.views.range_m))
    cell_m = max(FINEST_M, range_m / CELLS)
    raster = Raster.bare(east - range_m, north - range_m, east + range_m, north + range_m, cell_m)
    raster.add(seen)
    return raster


def _blind(bare: Seen, tilt_deg: NDArray[np.float64]) -> tuple[float | None, float | None]:
    """Return how much ground lies nearer than the picture begins, and how far that goes where it goes least."""
    if np.isnan(tilt_deg[0]) and bare.views.axis.any():
        return None, None
    rays, first = np.unique(bare.ray, return_index=True)
    near_m = bare.parts[first, 0]
    area_m2 = float((near_m**2 * bare.half[rays]).sum())
    return area_m2, float(near_m.min()) if len(near_m) else 0.0


def _turned(hung: Hung) -> Hung:
    """Return views all around with the narrowest of its pictures, which is the finest: wider, but as fine."""
    lenses, narrow = hung.lenses, int(np.argmin(hung.lenses.hfov_deg))
    half = math.radians(min(170.0, float(lenses.hfov_deg[narrow]))) / 2
    wider = math.tan(math.radians(REACH_DEG) / 2) / math.tan(half)
    rows = np.full(REACH_VIEWS, narrow)
    return Hung(
        lenses=replace(
            type(lenses)(**{name: getattr(lenses, name)[rows] for name in lenses.__dataclass_fields__}),
            heading_deg=np.arange(REACH_VIEWS) * 360 / REACH_VIEWS,
            tilt_deg=np.full(REACH_VIEWS, np.nan),
            roll_deg=np.zeros(REACH_VIEWS),
            hfov_deg=np.full(REACH_VIEWS, REACH_DEG),
            width_px=lenses.width_px[rows] * wider,
        ),
        **{name: getattr(hung, name)[rows] for name in ("camera", "lon", "lat", "height_m", "range_m")},
    )


def _walls(houses: Houses) -> Walls:
    return Walls.around(houses.rings, houses.tops_m)


def _none() -> NDArray[np.object_]:
    return np.empty(0, dtype=object)

"""A ground that somebody asks about, reckoned at once: how finely its cells are seen, its shares and its gaps."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import shapely
from numpy.typing import NDArray

from geo_server.planning.asked_grounds import AskedGround, framed, grid_of, shape_of
from geo_server.planning.gaps import Gap, gaps
from geo_server.planning.patches import patches
from geo_server.planning.poses import Band, Cut
from geo_server.planning.purposes import CLASSES, Purpose, purposes
from geo_server.planning.reckoning import tile_of
from geo_server.planning.shares import Share, shares
from geo_server.planning.tiles import Box, Covered, Tile, covered
from layers.coverage.schema import Standing, Stirred
from layers.terrain.schema import Known
from layers.values import Title

OWN = 0  # the number of the only area of an asked ground
ANY = "any"  # whatever is seen, however coarsely
MOST_GAPS = 100
SMOOTHER = 0.75  # of a cell: stairs become slopes


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GroundSeen:
    """What is seen of a ground: bands that do not overlap, the coarsest first, with the area that is so fine or finer.

    `ground_m2` is its open ground; gaps are those of the purpose asked for, the heaviest first, in degrees.
    """

    cell_m: float
    ground_m2: float
    bands: Sequence[Band]
    shares: Sequence[Share]
    gaps: Sequence[Gap]
    terrain: Known


def grounded(asked: AskedGround, standing: Standing) -> GroundSeen:
    """Return what is seen of a ground; of one without a purpose asked for neither shares nor gaps."""
    tile = laid(shape_of(asked), standing, fine=asked.cut != "purposes")
    sought = purposes() if asked.cut == "purposes" or asked.purpose else {}
    found = covered(tile, {**sought, **({} if asked.cut == "purposes" else {ANY: _anything()})})
    known = replace(found, sights={name: found.sights[name] for name in sought})
    return GroundSeen(
        cell_m=tile.cell_m,
        ground_m2=float(_ground(found).sum()) * tile.cell_m**2,
        bands=list(_bands(found, asked.cut)),
        shares=shares(known) if asked.purpose else [],
        gaps=_heaviest(known, asked.purpose) if asked.purpose else [],
        terrain=tile.terrain,
    )


def laid(shape: shapely.Polygon, standing: Standing, *, fine: bool) -> Tile:
    """Return what stands in a ground as the reckoning takes it: a tile of its own, in one zone whole.

    `fine` asks how finely each cell is seen as well.
    """
    grid = grid_of(shape)
    sides, cell_m = framed(grid, shape)
    nowhere = Stirred(id=0, epsg=grid.epsg, col=0, row=0, stirred_at=None, job_id=None)
    bare = tile_of(nowhere, replace(standing, grounds=[]))
    own = grid.in_metres(np.array([shape], dtype=object))
    return replace(
        bare,
        box=Box(west=sides[0], south=sides[1], east=sides[2], north=sides[3]),
        areas={OWN: own},
        cell_m=cell_m,
        fine=fine,
    )


def finest(found: Covered, cut: Cut) -> tuple[NDArray[np.int64], Sequence[tuple[str, float]]]:
    """Return of each cell the number of the finest band that it is seen in, -1 for none; and the bands."""
    steps = steps_of(cut)
    best = np.full(found.cells.shape, -1)
    for number, (name, density) in enumerate(steps):
        seen = found.sights[name].day if cut == "purposes" else found.sights[ANY].all.density >= density
        best[seen] = number
    return np.where(_ground(found), best, -1), steps


def steps_of(cut: Cut) -> Sequence[tuple[str, float]]:
    """Return the bands of a cut by name and density, px/m, the coarsest first."""
    if cut == "purposes":
        named = ((name, one.density_px_m) for name, one in purposes().items())
        return sorted(named, key=lambda one: one[1])
    return [(f"{density:g}", density) for density in CLASSES[cut]]


def _bands(found: Covered, cut: Cut) -> Iterator[Band]:
    best, steps = finest(found, cut)
    cell_m, own = found.cells.cell_m, _ground(found)
    for number, (name, density) in enumerate(steps):
        at_least = best >= number if cut != "purposes" else own & found.sights[name].day
        if not at_least.any():
            continue
        shapes = shapely.simplify(patches(best == number, found.cells.origin, cell_m), SMOOTHER * cell_m)
        (shape,) = found.tile.ground.in_degrees(np.array([_joined(shapes)], dtype=object))
        yield Band(name=name, density_px_m=density, area_m2=float(at_least.sum()) * cell_m**2, shape=shape)


def _joined(shapes: NDArray[np.object_]) -> shapely.Geometry:
    parts = shapely.get_parts(shapes)
    whole: shapely.Geometry = shapely.multipolygons(parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON])
    return whole


def _heaviest(found: Covered, purpose: str) -> list[Gap]:
    only = replace(found, sights={purpose: found.sights[purpose]})
    first = sorted(gaps(only), key=lambda one: (-one.weight, -one.ground_m2))[:MOST_GAPS]
    shapes = found.tile.ground.in_degrees(np.array([*(one.shape for one in first), None], dtype=object)[:-1])
    return [replace(one, shape=shape) for one, shape in zip(first, shapes, strict=True)]


def _ground(found: Covered) -> NDArray[np.bool_]:
    inside: NDArray[np.bool_] = found.open & (found.area == OWN)
    return inside


@cache
def _anything() -> Purpose:
    """Return a purpose that any pixel serves: the densities of all that is seen are found with it."""
    nothing = Title(kk="", ru="", en="")
    return Purpose(title=nothing, about=nothing, article="", object_m=1.0, object_px=1e-6, module="")

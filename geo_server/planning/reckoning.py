"""A tile from what stands there to what is found of it; pure, so that any process on any machine can do it."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo_server.planning.failing import BY, Groups
from geo_server.planning.gaps import Gap, Patch, gaps, patched
from geo_server.planning.ground import Ground
from geo_server.planning.laying import CELL_M, band_of, box_of
from geo_server.planning.losses import Loss, losses
from geo_server.planning.nights import Lights
from geo_server.planning.purposes import purposes
from geo_server.planning.rings import Rings
from geo_server.planning.shares import shares
from geo_server.planning.sights import Known
from geo_server.planning.things import THINGS, Things
from geo_server.planning.tiles import Tile, covered
from geo_server.planning.viewsheds.cameras import Houses, Hung
from geo_server.planning.viewsheds.relief import Relief
from geo_server.planning.viewsheds.views import Lenses
from layers.cameras.blocking import STOREY_M, UNKNOWN_M
from layers.coverage.crowded import kind_of
from layers.coverage.schema import REAL, Buildings, House, Lens, Looking, Point, Preset, Reckoned, Standing, Stirred

Shapes = NDArray[np.object_]
Floats = NDArray[np.float64]
_SHARE = ("purpose", "measure", "whole", "seen", "twice", "private", "night", "night_unknown")
_LENS = ("heading_deg", "tilt_deg", "roll_deg", "hfov_deg")


def reckoned(tile: Stirred, standing: Standing) -> Reckoned:
    """Return the rows of what is found of a tile, with shapes in degrees WGS 84."""
    laid = tile_of(tile, standing)
    found = covered(laid, purposes())
    return Reckoned(
        coverage=[_patch(one, laid.ground) for one in patched(found)],
        gaps=_gaps(list(gaps(found)), laid.ground),
        shares=[_plain(one) for one in shares(found)],
        lost=[_lost(one) for one in losses(found)],
        unseeing={camera: str(reason) for camera, reason in found.unseeing},
        asked=[int(row.id) for row in standing.cameras],
        terrain=laid.terrain,
    )


def tile_of(tile: Stirred, standing: Standing) -> Tile:
    """Return what stands in a tile as the reckoning takes it, in the metres of its zone."""
    grid = Ground(epsg=tile.epsg)
    hung, known = hung_of(standing.cameras, standing.presets)
    return Tile(
        ground=grid,
        box=box_of(tile.col, tile.row),
        hung=hung,
        known=known,
        houses=houses_of(standing.buildings, grid),
        areas=_areas(standing.grounds, grid, band_of(tile.epsg)),
        things=things_of(standing.streets, standing.points, grid),
        cell_m=CELL_M,
        relief=Relief.of(standing.terrain, grid),
    )


def hung_of(cameras: Sequence[Looking], presets: Sequence[Preset]) -> tuple[Hung, Known]:
    """Return cameras as views, one that turns as each of its presets that is known; and what is known of each."""
    own = {camera: list(rows) for camera, rows in groupby(presets, attrgetter("camera_id"))}
    pairs = [(one, view) for one in cameras for view in _views(one, own.get(one.id, []))]
    rows = [one for one, _ in pairs]
    lenses = Lenses(**_columns([view for _, view in pairs], _LENS), **_columns(rows, ("width_px", "height_px")))
    places = _columns(rows, ("lon", "lat", "height_m", "range_m"))
    return Hung(camera=np.array([one.id for one in rows], np.int64), lenses=lenses, **places), _known(rows)


def _known(cameras: Sequence[Looking]) -> Known:
    names = [[str(one.id) for one in cameras], *([getattr(one, by) for one in cameras] for by in BY[1:])]
    return Known(
        private=np.array([one.owner_kind == "private" for one in cameras], np.bool_),
        groups=Groups.of(names),
        lights=Lights.of([one.facts for one in cameras]),
    )


def houses_of(buildings: Sequence[House] | Buildings, grid: Ground) -> Houses:
    """Return buildings in metres; one that tells no height has so many storeys, or is taken for a usual one."""
    if isinstance(buildings, Buildings):
        return _houses(buildings, grid)
    outlines = np.array(shapely.from_wkb([row.wkb for row in buildings]), dtype=object).reshape(-1)
    return _built(Rings.of(outlines), **_columns(buildings, ("height_m", "levels")), grid=grid)


def _houses(buildings: Buildings, grid: Ground) -> Houses:
    height_m, levels = (np.frombuffer(told, REAL).astype(np.float64) for told in (buildings.height_m, buildings.levels))
    return _built(Rings.read(buildings.wkb), height_m, levels, grid)


def _built(rings: Rings, height_m: Floats, levels: Floats, grid: Ground) -> Houses:
    storeys_m = np.where(levels > 0, levels * STOREY_M, UNKNOWN_M)
    metres = rings.at(grid.metres(rings.corners[:, 0], rings.corners[:, 1]))
    return Houses(rings=_mended(metres), tops_m=np.where(height_m > 0, height_m, storeys_m))


def _mended(rings: Rings) -> Rings:
    """Return outlines that are valid: those that one look does not clear are looked at closely."""
    doubtful = np.flatnonzero(~rings.plain())
    if not len(doubtful):
        return rings
    shapes = rings.built()
    broken = doubtful[~shapely.is_valid(shapes[doubtful])]
    if not len(broken):
        return rings
    shapes[broken] = shapely.make_valid(shapes[broken], method="structure", keep_collapsed=False)
    return Rings.of(shapes)


def _views(camera: Looking, presets: Sequence[Preset]) -> Sequence[Lens]:
    known = [one for one in presets if one.heading_deg is not None and one.hfov_deg is not None]
    return known or [camera]


def _columns(rows: Sequence[Any], names: Sequence[str]) -> dict[str, Floats]:
    """Return some columns, two or more; None becomes NaN."""
    told = np.array([*map(attrgetter(*names), rows)], np.float64).reshape(-1, len(names))
    return {name: told[:, at].copy() for at, name in enumerate(names)}


def _areas(grounds: Sequence[tuple[int, bytes]], grid: Ground, band: tuple[float, float]) -> Mapping[int, Shapes]:
    parts = np.array([shapely.from_wkb(wkb) for _, wkb in grounds] + [None], dtype=object)[:-1]
    clipped = shapely.clip_by_rect(parts, band[0], -90, band[1], 90)
    shapes = grid.in_metres(clipped)
    ids = np.array([area for area, _ in grounds], np.int64)
    return {int(area): shapes[(ids == area) & ~shapely.is_empty(shapes)] for area in np.unique(ids)}


def things_of(streets: Sequence[bytes], points: Sequence[Point], grid: Ground) -> Things:
    """Return what lies about, in metres; streets are WKB."""
    own: dict[str, list[Point]] = {thing: [] for thing in THINGS}
    for point in points:
        own[point.thing].append(point)
    return Things.of(
        _in_metres(streets, grid),
        {thing: _metres(own[thing], grid) for thing in THINGS},
        [(one.kind, one.hour) for one in own["incidents"]],
        [kind_of()[one.kind] for one in own["places"]],
    )


def _metres(points: Sequence[Point], grid: Ground) -> NDArray[np.float64]:
    where = np.array([(one.lon, one.lat) for one in points], np.float64).reshape(-1, 2)
    return grid.metres(where[:, 0], where[:, 1])


def _in_metres(wkb: Sequence[bytes], grid: Ground) -> Shapes:
    return grid.in_metres(np.array(shapely.from_wkb(list(wkb)), dtype=object).reshape(-1))


def _patch(one: Patch, grid: Ground) -> dict[str, Any]:
    polygons = list(_polygons(grid.in_degrees(one.shapes)))
    geom = shapely.to_wkb(shapely.multipolygons(polygons))
    return {"area_id": one.area, "purpose": one.purpose, "cameras": one.cameras, "geom": geom}


def _gaps(found: Sequence[Gap], grid: Ground) -> list[dict[str, Any]]:
    shapes = grid.in_degrees(np.array([*(one.shape for one in found), None], dtype=object)[:-1])
    return [_gap(one, shape) for one, shape in zip(found, shapes, strict=True)]


def _gap(one: Gap, shape: shapely.Geometry) -> dict[str, Any]:
    largest = max(_polygons(np.array([shape], dtype=object)), key=shapely.area)
    plain = {"area_id": one.area, "purpose": one.purpose, "ground_m2": one.ground_m2, "streets_m": one.streets_m}
    counts = {str(thing): count for thing, count in one.counts.items()}
    expected = {
        "categories": [category for category, _ in one.expected],
        "hours": [hour for _, hour in one.expected],
        "expected": list(one.expected.values()),
    }
    weighed = {"crowds": list(one.crowds), "worth": one.worth, "weight": one.weight}
    return {**plain, **counts, **expected, **weighed, "geom": shapely.to_wkb(largest)}


def _lost(one: Loss) -> dict[str, Any]:
    amounts = {str(measure): amount.tolist() for measure, amount in one.amounts.items()}
    return {"area_id": one.area, "purpose": one.purpose, "by": one.by, "names": list(one.names), **amounts}


def _polygons(shapes: Shapes) -> Iterator[shapely.Geometry]:
    parts = shapely.get_parts(shapes)
    yield from parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]


def _plain(share: Any) -> dict[str, Any]:
    told = {name: getattr(share, name) for name in _SHARE}
    return {"area_id": share.area, **told}

"""On a real extract, Helsinki's middle with its yards and odd outlines, the kernel sees what exact geometry leaves."""

from functools import cache
from pathlib import Path

import numpy as np
import osmium
import pytest
import shapely
from numpy.typing import NDArray

from geo_server.bench.exactly import exactly
from geo_server.planning.ground import Ground
from geo_server.planning.reckoning import houses_of
from geo_server.planning.viewsheds.cameras import Houses, Hung, hanging
from geo_server.planning.viewsheds.outlines import outlined
from geo_server.planning.viewsheds.seen import seen_by
from geo_server.planning.viewsheds.views import Lenses, Views
from geo_server.planning.viewsheds.walls import Walls
from ingest.city import buildings
from ingest.city.tags import Tags
from layers.coverage.schema import House

Floats = NDArray[np.float64]
MIDDLE = (24.94, 60.17)
CAMERAS = 120


@cache
def houses(path: Path) -> tuple[Houses, Ground]:
    """Return the extract's buildings with their heights, in the metres of their zone."""
    found, wkb = [], osmium.geom.WKBFactory()
    for area in osmium.FileProcessor(str(path)).with_areas():
        if not area.is_area() or "building" not in area.tags:
            continue
        tags: Tags = dict(area.tags)
        own = buildings.read(tags, area.orig_id(), wkb.create_multipolygon(area))
        if own is not None:
            found.append(House(wkb=bytes.fromhex(own.geom), height_m=own.height_m, levels=own.levels))
    grid = Ground.around(*MIDDLE)
    return houses_of(found, grid), grid


def hung(around: Houses, chance: np.random.Generator, *, on_roofs: bool) -> tuple[Floats, Floats]:
    """Return places and eye heights: in streets and yards, or over roofs."""
    west, south, east, north = shapely.total_bounds(around.outlines)
    spots = chance.uniform((west, south), (east, north), (20 * CAMERAS, 2))
    at, house = shapely.STRtree(around.outlines).query(shapely.points(spots), predicate="within")
    if on_roofs:
        at, house = at[:CAMERAS], house[:CAMERAS]
        return spots[at], around.tops_m[house] + 3.0
    free = np.setdiff1d(np.arange(len(spots)), at)[:CAMERAS]
    return spots[free], chance.uniform(3, 12, len(free))


def errors(path: Path, *, on_roofs: bool) -> tuple[Floats, Floats]:
    """Return of each camera that sees anything the errors of its area and its outline, as shares of what it sees."""
    around, grid = houses(path)
    chance = np.random.default_rng(7)
    places, eyes = hung(around, chance, on_roofs=on_roofs)
    count = len(places)
    lenses = Lenses(
        heading_deg=chance.uniform(0, 360, count), tilt_deg=chance.uniform(5, 30, count), roll_deg=np.zeros(count),
        hfov_deg=chance.uniform(40, 110, count), width_px=np.full(count, 1920.0), height_px=np.full(count, 1080.0),
    )  # fmt: skip
    degrees = shapely.get_coordinates(grid.in_degrees(np.array(shapely.points(places), dtype=object)))
    cameras = Hung(
        camera=np.arange(count), lon=degrees[:, 0], lat=degrees[:, 1], height_m=eyes, range_m=np.full(count, 120.0),
        lenses=lenses,
    )  # fmt: skip
    views = hanging(cameras, around, grid, 1.5).views
    found = seen_by(views, Walls.of(around.outlines, around.tops_m))
    areas, outlines = found.areas_m2(), outlined(found)
    tree = shapely.STRtree(around.outlines)
    told = [_against(views[one : one + 1], areas[one], outlines[one], around, tree) for one in range(len(views))]
    kept = np.array([one for one in told if one is not None])
    return kept[:, 0], kept[:, 1]


def _against(
    view: Views, area_m2: float, outline: shapely.Geometry, around: Houses, tree: shapely.STRtree
) -> tuple[float, float] | None:
    eye = shapely.Point(view.east_m[0], view.north_m[0])
    near = tree.query(eye, predicate="dwithin", distance=float(view.range_m[0]))
    exact = exactly(view, [(around.outlines[house], float(around.tops_m[house])) for house in near])
    if exact.area < 10:
        return None
    return abs(area_m2 - exact.area) / exact.area, shapely.symmetric_difference(outline, exact).area / exact.area


def test_the_extract_has_yards_parts_and_buildings_without_a_height(fetched: Path) -> None:
    around, _ = houses(fetched / "Helsinki.osm.pbf")
    holes = shapely.get_num_interior_rings(shapely.get_parts(around.outlines))
    assert len(around.outlines) > 400 and (holes > 0).sum() > 20 and len(np.unique(around.tops_m)) > 5


@pytest.mark.parametrize("on_roofs", [False, True], ids=["in streets and yards", "on roofs"])
def test_the_kernel_sees_what_exact_geometry_leaves_of_helsinki(fetched: Path, on_roofs: bool) -> None:
    area, outline = errors(fetched / "Helsinki.osm.pbf", on_roofs=on_roofs)
    assert len(area) > CAMERAS // 2
    assert np.median(area) <= 0.005 and np.quantile(area, 0.95) <= 0.03
    assert np.median(outline) <= 0.02

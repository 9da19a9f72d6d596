"""What ways to hang a camera see: cells that count, the outline on the ground, forbidden zones, and the rules."""

from collections.abc import Iterator

import numpy as np
import shapely
from numpy.typing import NDArray

from geo_server.planning.compliance.judging import Verdict
from geo_server.planning.placement.scene import Setting
from geo_server.planning.placement.schema import Looks
from geo_server.planning.placement.sights import cells_of
from geo_server.planning.placement.ways import Ways, judge
from geo_server.planning.placement.worth import keys_of
from geo_server.planning.viewsheds.cameras import roofs_below
from geo_server.planning.viewsheds.outlines import outlined
from geo_server.planning.viewsheds.seen import Seen, seen_by
from geo_server.planning.viewsheds.views import WIDE_DEG, Lenses, Views

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
BEYOND_M = 1.0  # rays end so much further than the purpose is served


def seen_from(setting: Setting, places: Floats, some: Ways) -> tuple[Seen, Ints]:
    """Return what the views of ways see, however coarsely, and the way of each view; `places` are the ways'."""
    views, of = views_of(setting, places, some)
    return seen_by(views, setting.walls, setting.relief), of


def views_of(setting: Setting, places: Floats, some: Ways) -> tuple[Views, Ints]:
    """Return the views of ways, one that turns as each of its sides, and the way of each.

    None reaches further than its purpose is served, unless a forbidden zone is as near.
    """
    kinds, purpose = setting.question.kinds, setting.purpose
    presets = np.array([one.presets for one in kinds], np.int64)[some.kind]
    of = np.repeat(np.arange(len(some)), presets)
    side = np.arange(len(of)) - np.repeat(np.cumsum(presets) - presets, presets)
    width, height, ranges = (
        np.array([getattr(one, name) for one in kinds], np.float64)[some.kind][of]
        for name in ("width_px", "height_px", "range_m")
    )
    hfov = some.hfov_deg[of]
    half = np.radians(np.minimum(hfov, WIDE_DEG)) / 2
    served = width / (2 * np.tan(half)) / purpose.density_px_m / np.cos(half) + BEYOND_M
    all_of_it = (hfov > WIDE_DEG) | (setting.zones.far_m(places[of]) < ranges)
    lenses = Lenses(
        heading_deg=(some.heading_deg[of] + side * 360.0 / presets[of]) % 360,
        tilt_deg=some.tilt_deg[of],
        roll_deg=np.zeros(len(of)),
        hfov_deg=hfov,
        width_px=width,
        height_px=height,
    )
    reach = np.where(all_of_it, ranges, np.minimum(ranges, served))
    over = roofs_below(places, some.height_m, setting.houses)[of]
    return Views.of(places[of], some.height_m[of], reach, lenses, purpose.above_m, over), of


def cells_seen(setting: Setting, seen: Seen, of: Ints, counts: Flags, ways: int) -> list[Ints]:
    """Return the cells that count and that each way sees well enough, each once and in order."""
    begins, members = cells_of(setting.purpose.fit(seen), setting.cells, counts)
    if len(of) == ways:  # a view a way, whose cells come each once and in order
        return np.split(members, begins[1:-1])
    pairs = np.sort(np.repeat(of, np.diff(begins)) * (counts.size + 1) + members, kind="stable")  # nearly in order
    way, cell = np.divmod(pairs[np.diff(pairs, prepend=-1) > 0], counts.size + 1)
    return np.split(cell, np.searchsorted(way, np.arange(1, ways)))


def into_zones(setting: Setting, seen: Seen, of: Ints, ways: int) -> dict[int, Flags]:
    """Return which ways look into each forbidden zone, by the zone's id."""
    return {zone: np.bincount(of[into], minlength=ways) > 0 for zone, into in setting.zones.looked_into(seen).items()}


def looks(setting: Setting, places: Floats, some: Ways, counts: Flags) -> Iterator[Looks]:
    """Yield what comes of each way."""
    seen, of = seen_from(setting, places, some)
    fit = setting.purpose.fit(seen)
    cells, zones = cells_seen(setting, seen, of, counts, len(some)), into_zones(setting, seen, of, len(some))
    shapes, verdicts = outlined(fit), judge(setting.question, some)
    names = [rule.name for rule in verdicts.rules]
    for way in range(len(some)):
        told = {one: [n for n, v in zip(names, verdicts.verdicts[way], strict=True) if v == one] for one in Verdict}
        shape = _whole(shapes[of == way])
        yield Looks(
            cells=keys_of(setting.cells, cells[way]).tobytes(),
            geom=shapely.to_wkb(_in_degrees(setting, shape)),
            ground_m2=float(shapely.area(shape)),
            meets=told[Verdict.MEETS],
            breaks=told[Verdict.BREAKS],
            unsure=told[Verdict.CANNOT_TELL],
            masks=[one.id for one in setting.zones.zones if one.rule == "mask" and zones[one.id][way]],
            refused=[one.id for one in setting.zones.zones if one.rule == "refuse" and zones[one.id][way]],
        )


def _whole(shapes: NDArray[np.object_]) -> shapely.Geometry:
    return polygons(shapely.union_all(shapes, grid_size=0.01))


def polygons(shape: shapely.Geometry) -> shapely.Geometry:
    """Return the areas of a shape as one MultiPolygon."""
    parts = shapely.get_parts(shapely.get_parts(np.array([shape], dtype=object)))
    whole: shapely.Geometry = shapely.multipolygons(parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON])
    return whole


def _in_degrees(setting: Setting, shape: shapely.Geometry) -> shapely.Geometry:
    found: shapely.Geometry = setting.grid.in_degrees(np.array([shape], dtype=object))[0]
    return found

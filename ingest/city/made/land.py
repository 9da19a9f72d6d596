"""Water, parks and the use of land in the demo city."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely

from ingest.city.made import plan
from ingest.city.made.lattice import Lattice, Use
from ingest.city.made.streets import named

_LANDUSE: dict[Use, str] = {
    "core": "residential",
    "flats": "residential",
    "houses": "residential",
    "works": "industrial",
    "shops": "commercial",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """A patch of land or water: its outline in metres without holes, and its tags."""

    outline: shapely.Polygon
    tags: dict[str, str]


def water(border: shapely.Polygon) -> list[Patch]:
    """Return the rivers and lakes within the border."""
    found = list[Patch]()
    for title, width_m, course in plan.RIVERS:
        line = _wound(plan.to_metres(np.array(course)))
        tags = {"natural": "water", "water": "river", **named(title)}
        found += _patches(shapely.intersection(line.buffer(width_m / 2, cap_style="flat"), border), tags)
    for title, lon, lat, radius_m in plan.LAKES:
        tags = {"natural": "water", "water": "reservoir", **named(title)}
        shore = _shore(*plan.spot(lon, lat), radius_m)
        found += _patches(shapely.intersection(shore, border), tags)
    return found


def _wound(course: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> shapely.LineString:
    """Return the course with small bends."""
    line = shapely.LineString(course)
    at = np.arange(0, line.length, 60.0)
    points = shapely.get_coordinates(shapely.line_interpolate_point(line, at))
    points[:, 0] += 22 * np.sin(at / 230) + 9 * np.sin(at / 83)
    return shapely.LineString(points)


def _shore(x: float, y: float, radius_m: float) -> shapely.Polygon:
    angle = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    radius = radius_m * 0.78 * (1 + 0.12 * np.sin(3 * angle + 1) + 0.06 * np.sin(5 * angle))
    return shapely.Polygon(np.column_stack([x + radius * np.cos(angle), y + 0.8 * radius * np.sin(angle)]))


def parks(lattice: Lattice, uses: dict[tuple[int, int], Use]) -> list[Patch]:
    """Return the parks: the blocks that the plan's circles cover."""
    found = list[Patch]()
    for title, lon, lat, radius_m in plan.PARKS:
        x, y = plan.spot(lon, lat)
        cells = [
            shapely.Polygon(lattice.cell(i, j))
            for (i, j), use in uses.items()
            if use == "park" and np.hypot(*(lattice.cell(i, j).mean(axis=0) - (x, y))) < radius_m
        ]
        found += _patches(shapely.union_all(cells).buffer(-7), {"leisure": "park", **named(title)})
    return found


def landuse(lattice: Lattice, uses: dict[tuple[int, int], Use]) -> list[Patch]:
    """Return the used land, quarter by quarter."""
    quarters: defaultdict[tuple[str, int, int], list[shapely.Polygon]] = defaultdict(list)
    for (i, j), use in uses.items():
        if use in _LANDUSE:
            quarters[_LANDUSE[use], i // 8, j // 10].append(shapely.Polygon(lattice.cell(i, j)))
    return [
        patch
        for (use, _, _), cells in sorted(quarters.items(), key=lambda item: item[0])
        for patch in _patches(shapely.union_all(cells), {"landuse": use})
    ]


def _patches(shape: shapely.Geometry, tags: dict[str, str]) -> Iterator[Patch]:
    for part in shapely.get_parts(shape):
        if isinstance(part, shapely.Polygon) and part.area > 200:
            yield Patch(outline=shapely.Polygon(part.exterior), tags=dict(tags))

"""Plans side by side: what each sees at all, and what only it does."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from geo_server.planning.ground import Ground
from geo_server.planning.placement.schema import PlanCamera

GRAIN_M = 0.01


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Side:
    """What a plan sees, degrees WGS 84, and how much ground that is and nobody of the others sees, m2."""

    seen: shapely.Geometry
    seen_m2: float
    alone_m2: float


def compared(plans: Sequence[tuple[int, Sequence[PlanCamera]]]) -> list[Side]:
    """Return each plan's side; a plan is the EPSG code of its zone and its cameras."""
    if not plans:
        return []
    grid = Ground(epsg=plans[0][0])  # the others are measured in the first one's zone
    seen = [_seen(cameras, grid) for _, cameras in plans]
    alone = [
        shapely.difference(own, shapely.union_all([*seen[:n], *seen[n + 1 :]], grid_size=GRAIN_M), grid_size=GRAIN_M)
        for n, own in enumerate(seen)
    ]
    back = grid.in_degrees(np.array([*seen, None], dtype=object)[:-1])
    return [
        Side(seen=shape, seen_m2=float(shapely.area(own)), alone_m2=float(shapely.area(only)))
        for shape, own, only in zip(back, seen, alone, strict=True)
    ]


def _seen(cameras: Sequence[PlanCamera], grid: Ground) -> shapely.Geometry:
    shapes = np.array([shapely.from_wkb(one.looks.geom) for one in cameras] + [None], dtype=object)[:-1]
    whole: shapely.Geometry = shapely.union_all(grid.in_metres(shapes), grid_size=GRAIN_M)
    return whole

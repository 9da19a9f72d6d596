"""Forbidden zones as cells: which of them a view looks into, however coarsely."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import shapely
from numpy.typing import NDArray

from geo_server.planning.cells import Cells
from geo_server.planning.ground import Ground
from geo_server.planning.placement.schema import Zone
from geo_server.planning.placement.sights import cells_of
from geo_server.planning.viewsheds.seen import Seen

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Shapes = NDArray[np.object_]
CELL_M = 2.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Zones:
    """The zones in metres, wider by a cell so that a narrow one is not missed between two."""

    zones: Sequence[Zone]
    shapes: Shapes

    @classmethod
    def of(cls, zones: Sequence[Zone], grid: Ground, around: shapely.Geometry) -> Self:
        """Take those that reach into a shape in metres."""
        shapes = grid.in_metres(np.array([shapely.from_wkb(one.wkb) for one in zones] + [None], dtype=object)[:-1])
        near = np.flatnonzero(shapely.intersects(shapes, around)).tolist()
        return cls(zones=[zones[n] for n in near], shapes=shapely.buffer(shapes[near], CELL_M))

    @property
    def drawn(self) -> Shapes:
        """Return them as they were drawn."""
        drawn: Shapes = shapely.buffer(self.shapes, -CELL_M)
        return drawn

    def far_m(self, places_m: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return how far each place is from the nearest zone; infinite where there is none."""
        if not len(self.shapes):
            return np.full(len(places_m), np.inf)
        away = shapely.distance(shapely.union_all(self.shapes), shapely.points(places_m))
        return np.asarray(away, np.float64)

    def looked_into(self, seen: Seen) -> dict[int, Flags]:
        """Return which views see something of each zone, by the zone's id."""
        return {zone.id: self._into(shape, seen) for zone, shape in zip(self.zones, self.shapes, strict=True)}

    def _into(self, shape: shapely.Geometry, seen: Seen) -> Flags:
        """Return which views see a cell of a shape; only those that reach so far are asked."""
        views = seen.views
        west, south, east, north = shapely.bounds(shape).tolist()
        away = np.hypot(
            np.maximum(np.maximum(west - views.east_m, views.east_m - east), 0),
            np.maximum(np.maximum(south - views.north_m, views.north_m - north), 0),
        )
        near = np.flatnonzero(away <= views.range_m)
        found = np.zeros(len(views), np.bool_)
        if len(near):
            rows, columns = int((north - south) // CELL_M) + 1, int((east - west) // CELL_M) + 1
            cells = Cells(origin=(west, south), shape=(rows, columns), cell_m=CELL_M)
            begins, _ = cells_of(seen.only(near), cells, cells.filled(np.array([shape], dtype=object)))
            found[near] = np.diff(begins) > 0
        return found

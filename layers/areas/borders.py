"""Which area each of many places lies in: the store's own answer, `area_of`, found for thousands at once."""

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.values import Level


class Borders:
    """The tree's borders held in memory, the smallest first, so that the first that covers a place is its area."""

    def __init__(self, rows: Sequence[tuple[int, int, bytes]]) -> None:
        """Take (id, level, WKB), smallest level first and the Republic last; LookupError where there is none."""
        if not rows or rows[-1][1] != Level.REPUBLIC:
            raise LookupError("The store has no areas yet: `python -m ingest areas` writes them.")
        self._republic = rows[-1][0]
        below = rows[:-1]
        self._ids = [row[0] for row in below]
        self._shapes = [shapely.from_wkb(row[2]) for row in below]
        self._boxes = [shape.bounds for shape in self._shapes]
        shapely.prepare(self._shapes)

    def of_shapes(self, shapes: NDArray[np.object_]) -> NDArray[np.int64]:
        """Return the smallest area that covers each whole shape; the Republic for what no other one covers."""
        found = np.full(len(shapes), self._republic, np.int64)
        boxes, left = shapely.bounds(shapes), np.arange(len(shapes))
        for area_id, border, (west, south, east, north) in zip(self._ids, self._shapes, self._boxes, strict=True):
            x0, y0, x1, y1 = boxes[left].T
            near = left[(x0 >= west) & (y0 >= south) & (x1 <= east) & (y1 <= north)]
            inside = near[shapely.covers(border, shapes[near])]
            found[inside] = area_id
            left = np.setdiff1d(left, inside, assume_unique=True)
        return found

    def of_positions(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return the smallest area that each position, degrees WGS 84, lies in; the Republic where no other is."""
        found = np.full(len(lon), self._republic, np.int64)
        left = np.arange(len(lon))
        for area_id, border, (west, south, east, north) in zip(self._ids, self._shapes, self._boxes, strict=True):
            x, y = lon[left], lat[left]
            near = left[(x >= west) & (x <= east) & (y >= south) & (y <= north)]
            if near.size:  # one prepared border at a time: a tree of them would test each point unprepared
                inside = near[shapely.intersects_xy(border, lon[near], lat[near])]
                found[inside] = area_id
                left = np.setdiff1d(left, inside, assume_unique=True)
        return found

"""Which area each of many positions lies in, without asking the store for each."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import func, select

from layers.areas.table import area
from layers.database import Session
from layers.values import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Locator:
    """The tree's borders held in memory, the smallest areas last; loaded anew when the tree changes."""

    ids: NDArray[np.int64]
    levels: NDArray[np.int64]
    tree: shapely.STRtree
    outside: int

    @classmethod
    async def load(cls, session: Session) -> "Locator":
        """Read all borders; raises LookupError where the store has no Republic yet."""
        asked = select(area.c.id, area.c.level, func.ST_AsBinary(area.c.geom)).order_by(area.c.level, area.c.id)
        rows = (await session.execute(asked)).all()
        if not rows or rows[0][1] != Level.REPUBLIC:
            raise LookupError("The store has no areas yet: `python -m ingest areas` writes them.")
        borders = shapely.from_wkb([bytes(row[2]) for row in rows])
        shapely.prepare(borders)
        ids, levels = (np.array([row[k] for row in rows], np.int64) for k in (0, 1))
        return cls(ids=ids, levels=levels, tree=shapely.STRtree(borders), outside=int(ids[0]))

    def area_ids(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return for each position, degrees WGS 84, the smallest area that covers it; the Republic where none does."""
        points = np.atleast_1d(np.asarray(shapely.points(lon, lat)))
        which, border = self.tree.query(points, predicate="intersects")
        smallest_last = np.argsort(self.levels[border], kind="stable")
        found = np.full(len(points), self.outside, np.int64)
        found[which[smallest_last]] = self.ids[border[smallest_last]]
        return found

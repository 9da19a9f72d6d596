"""Where every unit is now, in arrays beside the store: for snapshots, and for clients that fell behind."""

from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from geo_server.live.grid import CELLS, Grid
from geo_server.live.messages import RECORD, RECORD_BYTES, records
from geo_server.live.scope import NO_UNITS, Areas, Units


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Records of one scope sorted by cell, encoded once: `data[offsets[c]:offsets[c + 1]]` is cell c."""

    data: memoryview
    offsets: list[int]


@dataclass(slots=True)
class Fleet:
    """One row a unit, in the order of ids; `batch` is the number of the batch that moved it last."""

    grid: Grid
    laid_over: int  # how many units there were when the grid was laid
    ids: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    record: NDArray[np.void] = field(default_factory=lambda: np.empty(0, RECORD))
    cell: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, np.int32))
    area: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    batch: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))

    @classmethod
    def of(cls, moved: NDArray[np.void]) -> "Fleet":
        """Return the fleet of these positions (`layers.units.positions.MOVED`), on a grid laid over them."""
        fleet = cls(grid=Grid.over(moved["lon"], moved["lat"]), laid_over=len(moved))
        fleet.move(moved)
        return fleet

    def move(self, moved: NDArray[np.void]) -> NDArray[np.int64]:
        """Take over new positions, one a unit, and return the areas these units stood in before, 0 for new ones."""
        self._make_room(moved["unit_id"])
        rows = np.searchsorted(self.ids, moved["unit_id"])
        before = self.area[rows]
        self.record[rows] = records(moved)
        self.cell[rows] = self.grid.cells(moved["lon"], moved["lat"])
        self.area[rows] = moved["area_id"]
        self.batch[rows] = moved["batch"]
        return before

    def drop(self, unit_ids: Collection[int]) -> None:
        """Forget units: they were retired."""
        if not len(unit_ids):
            return
        stay = ~np.isin(self.ids, list(unit_ids))
        for name in ("ids", "record", "cell", "area", "batch"):
            setattr(self, name, getattr(self, name)[stay])

    @property
    def outgrown(self) -> bool:
        """Say whether there are so many more units than the grid was laid over that it may lie beside them."""
        return len(self.ids) > 2 * self.laid_over

    def lay_anew(self) -> None:
        """Lay the grid over where the units are now; viewports have to find their cells again."""
        lon, lat = self.record["lon_e7"] / 1e7, self.record["lat_e7"] / 1e7
        self.grid, self.laid_over = Grid.over(lon, lat), len(self.ids)
        self.cell = self.grid.cells(lon, lat)

    def area_of(self, unit_id: int) -> int:
        """Return the area where a unit is, 0 for one that never said where."""
        row = int(np.searchsorted(self.ids, unit_id))
        return int(self.area[row]) if row < len(self.ids) and self.ids[row] == unit_id else 0

    def sheet(self, moved: NDArray[np.void], areas: Areas | None, bound: Units = NO_UNITS) -> Sheet:
        """Encode these positions for a scope, cell after cell: what is in its areas (None: all), and these units."""
        rows = np.searchsorted(self.ids, moved["unit_id"])
        if areas is not None:
            rows = rows[self._seen(areas, bound, rows)]
        rows = rows[np.argsort(self.cell[rows], kind="stable")]
        offsets = np.searchsorted(self.cell[rows], np.arange(CELLS + 1)) * RECORD_BYTES
        return Sheet(data=memoryview(self.record[rows].tobytes()), offsets=offsets.tolist())

    def newer(self, mask: NDArray[np.bool_], areas: Areas | None, batch: int, bound: Units = NO_UNITS) -> bytes:
        """Return the records of a scope's units in the masked cells that moved after a batch; -1 for all of them."""
        chosen = mask[self.cell]
        if batch >= 0:
            chosen &= self.batch > batch
        if areas is not None:
            chosen &= self._seen(areas, bound)
        return self.record[chosen].tobytes()

    def _seen(self, areas: Areas, bound: Units, rows: NDArray[np.int64] | slice = slice(None)) -> NDArray[np.bool_]:
        seen = np.isin(self.area[rows], list(areas))
        return seen | np.isin(self.ids[rows], list(bound)) if bound else seen

    def _make_room(self, unit_ids: NDArray[np.int64]) -> None:
        new = np.setdiff1d(unit_ids, self.ids)
        if not len(new):
            return
        ids = np.concatenate([self.ids, new])
        order = np.argsort(ids, kind="stable")
        self.ids = ids[order]
        for name in ("record", "cell", "area", "batch"):
            old: NDArray[np.generic] = getattr(self, name)
            setattr(self, name, np.concatenate([old, np.zeros(len(new), old.dtype)])[order])

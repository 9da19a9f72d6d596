"""What the writer of positions remembers: the time of each unit's latest fix."""

import numpy as np
from numpy.typing import NDArray

_NEVER = np.iinfo(np.int64).min


class Latest:
    """Times (microseconds since 1970 UTC) by unit id, in sorted arrays, so that 20,000 units are asked at once."""

    def __init__(self, unit_ids: NDArray[np.int64], at: NDArray[np.int64]) -> None:
        """Take one time a unit, in any order."""
        order = np.argsort(unit_ids, kind="stable")
        self._units, self._at = unit_ids[order], at[order]

    def of(self, unit_ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return each unit's time, the smallest number there is where a unit has none."""
        if not len(self._units):
            return np.full(len(unit_ids), _NEVER)
        slot = np.minimum(np.searchsorted(self._units, unit_ids), len(self._units) - 1)
        return np.where(self._units[slot] == unit_ids, self._at[slot], _NEVER)

    def moved(self, unit_ids: NDArray[np.int64], at: NDArray[np.int64]) -> "Latest":
        """Return what is remembered after these units, each named once, sent these later times."""
        stays = ~np.isin(self._units, unit_ids, assume_unique=True)
        units, times = (self._units[stays], unit_ids), (self._at[stays], at)
        return Latest(np.concatenate(units), np.concatenate(times))

"""What the writer of positions remembers of each unit: the time of its latest fix, and the area its row says."""

import numpy as np
from numpy.typing import NDArray

_NEVER = np.iinfo(np.int64).min
_NOWHERE = -1


class Latest:
    """Times (microseconds since 1970 UTC) and areas by unit id, in sorted arrays: 20,000 units are asked at once."""

    def __init__(self, unit_ids: NDArray[np.int64], at: NDArray[np.int64], area_ids: NDArray[np.int64]) -> None:
        """Take one time and one area a unit, in any order."""
        order = np.argsort(unit_ids, kind="stable")
        self._units, self._at, self._areas = unit_ids[order], at[order], area_ids[order]

    def of(self, unit_ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return each unit's time, the smallest number there is where a unit has none."""
        return self._asked(unit_ids, self._at, _NEVER)

    def areas_of(self, unit_ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return each unit's area, a number that no area has where nothing is remembered of a unit."""
        return self._asked(unit_ids, self._areas, _NOWHERE)

    def moved(self, unit_ids: NDArray[np.int64], at: NDArray[np.int64], area_ids: NDArray[np.int64]) -> "Latest":
        """Return what is remembered after these units, each named once, sent these later times and areas."""
        stays = ~np.isin(self._units, unit_ids, assume_unique=True)
        units, times = (self._units[stays], unit_ids), (self._at[stays], at)
        return Latest(np.concatenate(units), np.concatenate(times), np.concatenate((self._areas[stays], area_ids)))

    def _asked(self, unit_ids: NDArray[np.int64], told: NDArray[np.int64], otherwise: int) -> NDArray[np.int64]:
        if not len(self._units):
            return np.full(len(unit_ids), otherwise)
        slot = np.minimum(np.searchsorted(self._units, unit_ids), len(self._units) - 1)
        return np.where(self._units[slot] == unit_ids, told[slot], otherwise)

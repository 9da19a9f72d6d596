"""What every router answers: which units reach a place soonest, how long they drive, and along which line."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from layers.values import LonLat

Path = tuple[tuple[float, float], ...]  # lon, lat degrees WGS 84, in driving order


@dataclass(frozen=True, slots=True, kw_only=True)
class Stands:
    """Where units stand: their ids beside longitudes and latitudes in degrees WGS 84, in arrays of one length."""

    ids: NDArray[np.int64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]

    @classmethod
    def of(cls, places: Sequence[tuple[int, LonLat]]) -> Self:
        """Pack pairs of unit id and place."""
        return cls(
            ids=np.array([unit for unit, _ in places], dtype=np.int64),
            lon=np.array([place.lon for _, place in places], dtype=np.float64),
            lat=np.array([place.lat for _, place in places], dtype=np.float64),
        )

    def __len__(self) -> int:
        """Count the units."""
        return len(self.ids)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """One unit's way to the place: driving time in seconds, length in metres, the line it drives.

    `straight` says loudly that no road was asked: the figures are an estimate along a straight line.
    """

    unit_id: int
    seconds: float
    metres: float
    path: Path
    straight: bool = False


class Router(Protocol):
    """Ranks units by the time they need to a place."""

    @property
    def name(self) -> str:
        """Return what people read: `road graph`, `straight line`."""

    @property
    def straight(self) -> bool:
        """Say whether every answer is a straight-line estimate."""

    def times(self, place: LonLat, units: Stands, k: int) -> list[tuple[int, float]]:
        """Return id and seconds of the same units as `reach`, in the same order, without their lines: far cheaper."""

    def reach(self, place: LonLat, units: Stands, k: int) -> list[Reached]:
        """Return the `k` units that reach `place` soonest, soonest first; units that cannot reach it are left out."""

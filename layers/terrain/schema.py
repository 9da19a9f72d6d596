"""The height of the ground, in plain values."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from layers.values import BBox

VOID = -32768  # of whole metres: nobody knows the ground there
Kind = Literal["int16", "float32"]
Known = Literal["whole", "part", "none"]  # the height of the ground: where it is not, it is taken for flat


@dataclass(frozen=True, slots=True, kw_only=True)
class TerrainGrid:
    """Heights in metres at crossings of a grid in degrees WGS 84, as bytes that travel.

    `west` and `south` are where the first of them is; rows go north. What is not known is `VOID`, or NaN of `float32`.
    """

    west: float
    south: float
    step_lon: float
    step_lat: float
    columns: int
    rows: int
    kind: Kind
    heights: bytes

    @property
    def box(self) -> BBox:
        """Return where its heights tell the ground: half a step beyond the outer ones."""
        sides = {"west": -0.5, "east": self.columns - 0.5}, {"south": -0.5, "north": self.rows - 0.5}
        lons = {side: self.west + at * self.step_lon for side, at in sides[0].items()}
        return BBox(**lons, **{side: self.south + at * self.step_lat for side, at in sides[1].items()})

    def told(self) -> NDArray[np.int16] | NDArray[np.float32]:
        """Return its heights as they are kept, rows x columns."""
        return np.frombuffer(self.heights, np.dtype(self.kind).newbyteorder("<")).reshape(self.rows, self.columns)

    def heights_m(self) -> NDArray[np.float64]:
        """Return its heights, NaN where nobody knows them."""
        told = self.told().astype(np.float64)
        return np.where(told == VOID, np.nan, told)

    def within(self, box: BBox) -> "TerrainGrid | None":
        """Return what of it is needed to tell the ground in a box; None where that is nothing."""
        left, right = _span(box.west, box.east, self.west, self.step_lon, self.columns)
        low, high = _span(box.south, box.north, self.south, self.step_lat, self.rows)
        if right - left < 2 or high - low < 2:
            return None
        return replace(
            self,
            west=self.west + left * self.step_lon,
            south=self.south + low * self.step_lat,
            columns=right - left,
            rows=high - low,
            heights=self.told()[low:high, left:right].tobytes(),
        )


def _span(begin: float, end: float, first: float, step: float, count: int) -> tuple[int, int]:
    """Return which of the heights in a row lie from the last before `begin` to the first after `end`."""
    low, high = int(np.floor((begin - first) / step)), int(np.ceil((end - first) / step)) + 1
    return min(max(0, low), max(0, count - 2)), max(min(count, high), min(2, count)) if _meets(low, high, count) else 0


def _meets(low: int, high: int, count: int) -> bool:
    return low <= count and high >= 0

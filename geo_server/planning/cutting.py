"""Patches of cells that are too large to say where something is, cut into squares: the smaller, the more lies there."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self

import numba
import numpy as np
from numpy.typing import NDArray

from geo_server.planning.cells import Cells
from geo_server.planning.runs import Runs

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]
Kinds = NDArray[np.int16]
LEAST_SIDE_M = 256.0  # of a square that is not cut again: what one or two cameras could see of it is most of it
MOST_WEIGHT = 10.0  # of a larger one, in incidents


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Squares:
    """The squares of a tile: `number` tells for each of the smallest in which it lies, rows north and columns east.

    `side` is how many cells long the smallest are; squares are numbered from 2 on.
    """

    number: Kinds
    side: int

    @classmethod
    def of(cls, cells: Cells, places_m: Floats, weight: Floats) -> Self:
        """Cut a tile in four, and again, while a square weighs more than MOST_WEIGHT, down to LEAST_SIDE_M.

        What lies there are places, n x 2 metres, and what each weighs.
        """
        side = max(1, round(LEAST_SIDE_M / cells.cell_m))
        at = cells.at(places_m)
        row, column = np.divmod(at[at >= 0], cells.shape[1])
        across = 1 << (max(-(-length // side) for length in cells.shape) - 1).bit_length()
        heat = np.zeros((across, across))
        np.add.at(heat, (row // side, column // side), weight[at >= 0])
        number = np.zeros((across, across), np.int16)
        for one, square in enumerate(_cut(heat), start=2):
            number[square] = one
        return cls(number=number, side=side)

    def cut(self, mask: Flags) -> Flags | Kinds:
        """Return a mask with the kind of each cell: 1 in patches no larger than a smallest square, else its square."""
        if self.number.min() == self.number.max():
            return mask
        runs = Runs.of(mask)
        kinds = mask.astype(np.int16)
        large = runs.cells() > self.side**2
        _draw(runs.first, runs.last, runs.begins, large[runs.patch], self.number, self.side, kinds)
        return kinds


def _cut(heat: Floats) -> Iterator[tuple[slice, slice]]:
    waiting = [(0, 0, len(heat))]
    while waiting:
        row, column, across = waiting.pop()
        square = slice(row, row + across), slice(column, column + across)
        if across == 1 or heat[square].sum() <= MOST_WEIGHT:
            yield square
            continue
        half = across // 2
        waiting += [(row + up, column + right, half) for up in (0, half) for right in (0, half)]


@numba.njit(cache=True, nogil=True)
def _draw(first: Any, last: Any, begins: Any, large: Any, number: Any, side: int, kinds: Any) -> None:
    for row in range(len(begins) - 1):
        for run in range(begins[row], begins[row + 1]):
            if large[run]:
                for column in range(first[run], last[run]):
                    kinds[row, column] = number[row // side, column // side]

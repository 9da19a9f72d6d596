"""Buildings as walls: directed segments with the height of their tops, in a grid that finds those around a place."""

from dataclasses import dataclass
from typing import Any, Self

import numba
import numpy as np
import shapely
from numpy.typing import NDArray

from geo_server.planning.rings import Rings

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
CELL_M = 50.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Walls:
    """Segments x0, y0, x1, y1 in metres, n x 4, what is built to their left; `tops_m` above the ground, n.

    `begins` and `members` hold, cell by cell and row by row from `origin`, which segments touch it.
    """

    ends: Floats
    tops_m: Floats
    origin: tuple[float, float]
    shape: tuple[int, int]  # columns, rows
    begins: NDArray[np.int64]
    members: Ints

    @classmethod
    def of(cls, outlines: NDArray[np.object_], tops_m: Floats, *, valid: bool = False) -> Self:
        """Take polygons or multipolygons in metres with the height of each; what is no area is left out.

        They are mended where they are not known to be valid.
        """
        return cls.around(Rings.of(outlines if valid else _mended(outlines)), tops_m)

    @classmethod
    def around(cls, rings: Rings, tops_m: Floats) -> Self:
        """Take the rings of valid outlines in metres with the height of each."""
        ends, owner = _sides(rings.corners, rings.begins, rings.hole, rings.whose)
        origin, shape = _extent(ends)
        begins, members = _binned(ends, *origin, *shape, CELL_M)
        tops = np.ascontiguousarray(np.asarray(tops_m, np.float64)[owner])
        return cls(ends=ends, tops_m=tops, origin=origin, shape=shape, begins=begins, members=members)

    def __len__(self) -> int:
        """Return the number of segments."""
        return len(self.ends)


def _mended(outlines: NDArray[np.object_]) -> NDArray[np.object_]:
    broken = ~shapely.is_valid(outlines)
    mended = outlines.copy()
    mended[broken] = shapely.make_valid(outlines[broken], method="structure", keep_collapsed=False)
    return mended


@numba.njit(cache=True, nogil=True)
def _sides(corners: Any, begins: Any, hole: Any, whose: Any) -> Any:
    """Return the sides of all rings, and the number of the outline that each is of.

    Outer rings run counter-clockwise, holes clockwise.
    """
    ends, owner, used = np.empty((len(corners), 4)), np.empty(len(corners), np.int64), 0
    for ring in range(len(whose)):
        first, last = begins[ring], begins[ring + 1] - 1
        turned = (_area(corners, first, last) < 0) != hole[ring]
        for step in range(last - first):
            one, other = (last - step, last - step - 1) if turned else (first + step, first + step + 1)
            if corners[one, 0] != corners[other, 0] or corners[one, 1] != corners[other, 1]:
                ends[used, 0], ends[used, 1] = corners[one, 0], corners[one, 1]
                ends[used, 2], ends[used, 3] = corners[other, 0], corners[other, 1]
                owner[used] = whose[ring]
                used += 1
    return ends[:used].copy(), owner[:used].copy()


@numba.njit(cache=True, nogil=True)
def _area(corners: Any, first: int, last: int) -> float:
    """Return twice what a ring holds, less than 0 where it runs clockwise; around its first corner."""
    area = 0.0
    for one in range(first, last):
        x0, y0 = corners[one, 0] - corners[first, 0], corners[one, 1] - corners[first, 1]
        x1, y1 = corners[one + 1, 0] - corners[first, 0], corners[one + 1, 1] - corners[first, 1]
        area += x0 * y1 - x1 * y0
    return area


def _extent(ends: Floats) -> tuple[tuple[float, float], tuple[int, int]]:
    if not len(ends):
        return (0.0, 0.0), (1, 1)
    x, y = ends[:, 0::2], ends[:, 1::2]
    origin = float(x.min()), float(y.min())
    return origin, (int((x.max() - origin[0]) // CELL_M) + 1, int((y.max() - origin[1]) // CELL_M) + 1)


@numba.njit(cache=True, nogil=True)
def _binned(ends: Any, x0: float, y0: float, columns: int, rows: int, cell_m: float) -> Any:
    """Return where each cell's segments begin, and them: two passes, to count and to fill."""
    begins = np.zeros(columns * rows + 1, np.int64)
    members = np.empty(0, np.int32)
    for filling in range(2):
        if filling:
            total = 0
            for cell in range(columns * rows):
                count = begins[cell + 1]
                begins[cell + 1] = total
                total += count
            members = np.empty(total, np.int32)
        for one in range(len(ends)):
            first_x, last_x = min(ends[one, 0], ends[one, 2]), max(ends[one, 0], ends[one, 2])
            first_y, last_y = min(ends[one, 1], ends[one, 3]), max(ends[one, 1], ends[one, 3])
            for row in range(int((first_y - y0) // cell_m), int((last_y - y0) // cell_m) + 1):
                for column in range(int((first_x - x0) // cell_m), int((last_x - x0) // cell_m) + 1):
                    after = row * columns + column + 1
                    if filling:
                        members[begins[after]] = one
                    begins[after] += 1
    return begins, members

"""Outlines as rings in columns: thousands of buildings are read, measured and drawn without an object for each."""

from dataclasses import dataclass
from typing import Any, Self

import numba
import numpy as np
import shapely
from numpy.typing import NDArray

from geo_server.planning.growing import roomier

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Shapes = NDArray[np.object_]
FEW = 64  # corners of an outline that is looked at side by side with each other side
POLYGON, MULTIPOLYGON, COLLECTION = 3, 6, 7  # of WKB


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rings:
    """Closed rings of m shapes, those of a shape after each other; in each part the outer one first.

    `corners` are n x 2, east and north; ring r has those from `begins[r]` to `begins[r + 1]`, it is a `hole` or not,
    and of the shape `whose[r]`.
    """

    corners: Floats
    begins: Ints
    hole: Flags
    whose: Ints
    shapes: int

    @classmethod
    def of(cls, shapes: Shapes) -> Self:
        """Take polygons and multipolygons."""
        parts, part_of = shapely.get_parts(shapes, return_index=True)
        rings, ring_of = shapely.get_rings(parts, return_index=True)
        corners, corner_of = shapely.get_coordinates(rings, return_index=True)
        return cls(
            corners=corners,
            begins=np.searchsorted(corner_of, np.arange(len(rings) + 1)).astype(np.int64),
            hole=np.concatenate([[False], ring_of[1:] == ring_of[:-1]])[: len(rings)],
            whose=part_of[ring_of].astype(np.int64),
            shapes=len(shapes),
        )

    @classmethod
    def read(cls, wkb: bytes | None) -> Self:
        """Read a collection of polygons and multipolygons; ValueError where it is anything else, or cut off."""
        if wkb is None:
            return cls.of(np.empty(0, dtype=object))
        packed, begins, hole, whose, shapes = _read(np.frombuffer(wkb, np.uint8))
        if shapes < 0:
            raise ValueError("The outlines are no collection of polygons in little-endian WKB.")
        corners = packed.view(np.float64).reshape(-1, 2)
        return cls(corners=corners, begins=begins, hole=hole, whose=whose, shapes=int(shapes))

    def at(self, corners: Floats) -> "Rings":
        """Return the same rings with their corners elsewhere."""
        return Rings(corners=corners, begins=self.begins, hole=self.hole, whose=self.whose, shapes=self.shapes)

    def plain(self) -> Flags:
        """Say of which shapes one look tells that they are valid: a ring of few corners that nowhere meets itself."""
        return np.asarray(_plain(self.corners, self.begins, self.whose, self.shapes, FEW), np.bool_)

    def built(self) -> Shapes:
        """Return the shapes as objects; one of a single part is a polygon."""
        outer = np.flatnonzero(~self.hole)
        parts_of = np.bincount(self.whose[outer], minlength=self.shapes)
        offsets = (
            self.begins,
            np.append(outer, len(self.hole)).astype(np.int64),
            np.concatenate([[0], np.cumsum(parts_of)]).astype(np.int64),
        )
        found = shapely.from_ragged_array(shapely.GeometryType.MULTIPOLYGON, self.corners, offsets)
        return np.where(parts_of == 1, shapely.get_geometry(found, 0), found)

    def only(self, shape: int) -> "Rings":
        """Return one of the shapes."""
        first, last = np.searchsorted(self.whose, [shape, shape + 1])
        begins = self.begins[first : last + 1]
        return Rings(
            corners=self.corners[begins[0] : begins[-1]],
            begins=begins - begins[0],
            hole=self.hole[first:last],
            whose=np.zeros(last - first, np.int64),
            shapes=1,
        )

    def holding(self, places: Floats) -> Ints:
        """Return which places, n x 2, lie in which shapes, as pairs; one on a side lies in none."""
        order = np.argsort(places[:, 0], kind="stable")
        pairs = _holding(self.corners, self.begins, self.whose, self.shapes, places[order])
        return np.column_stack([order[pairs[:, 0]], pairs[:, 1]])


# ── well-known binary ───────────────────────────────────────────────────────────────────────────────────────────


@numba.njit(cache=True, nogil=True)
def _read(wkb: Any) -> Any:
    """Return the corners as they are packed, and whose they are; -1 shapes where this is no such collection."""
    packed, filled, at = np.empty(len(wkb), np.uint8), 0, 0
    begins, hole, whose = np.zeros(64, np.int64), np.zeros(64, np.bool_), np.zeros(64, np.int64)
    rings, nothing = 0, (packed[:0], begins[:1], hole[:0], whose[:0], -1)
    kind, shapes = _head(wkb, at)
    if kind not in (COLLECTION, MULTIPOLYGON):
        return nothing
    at += 9
    for shape in range(shapes):
        kind, parts = _head(wkb, at)
        if kind == MULTIPOLYGON:
            at += 9
        elif kind == POLYGON:
            parts = 1
        else:
            return nothing
        for _ in range(parts):
            kind, own = _head(wkb, at)
            if kind != POLYGON:
                return nothing
            at += 9
            begins, hole, whose = (
                roomier(begins, rings + own + 1),
                roomier(hole, rings + own),
                roomier(whose, rings + own),
            )
            for ring in range(own):
                size = 16 * _whole(wkb, at)
                at += 4
                if at + size > len(wkb):
                    return nothing
                packed[filled : filled + size] = wkb[at : at + size]
                at, filled = at + size, filled + size
                hole[rings], whose[rings] = ring > 0, shape
                rings += 1
                begins[rings] = filled // 16
    return packed[:filled].copy(), begins[: rings + 1].copy(), hole[:rings].copy(), whose[:rings].copy(), shapes


@numba.njit(cache=True, nogil=True)
def _head(wkb: Any, at: int) -> Any:
    """Return the kind of what begins there, and how many it is of; 0 where nothing does."""
    if at + 9 > len(wkb) or wkb[at] != 1:
        return 0, 0
    return _whole(wkb, at + 1), _whole(wkb, at + 5)


@numba.njit(cache=True, nogil=True)
def _whole(wkb: Any, at: int) -> int:
    number = 0
    for byte in range(3, -1, -1):
        if at + byte < len(wkb):
            number = number * 256 + wkb[at + byte]
    return number


# ── which are sound, and what they hold ─────────────────────────────────────────────────────────────────────────


@numba.njit(cache=True, nogil=True)
def _plain(corners: Any, begins: Any, whose: Any, shapes: int, few: int) -> Any:
    plain, rings = np.zeros(shapes, np.bool_), np.zeros(shapes, np.int64)
    for ring in range(len(whose)):
        rings[whose[ring]] += 1
    for ring in range(len(whose)):
        count = begins[ring + 1] - begins[ring] - 1
        if rings[whose[ring]] == 1 and 3 <= count <= few:
            plain[whose[ring]] = _is_simple(corners[begins[ring] : begins[ring + 1]], count)
    return plain


@numba.njit(cache=True, nogil=True)
def _is_simple(ring: Any, count: int) -> bool:
    """Say whether no two sides of a closed ring meet but where one follows the other."""
    for one in range(count):
        after = (one + 1) % count
        if _turn(ring[one], ring[one + 1], ring[after + 1]) == 0.0:
            return False  # no side at all, or one that may run back; a straight corner is left to a closer look
        for other in range(one + 2, count if one else count - 1):
            if _meet(ring[one], ring[one + 1], ring[other], ring[other + 1]):
                return False
    return True


@numba.njit(cache=True, nogil=True, inline="always")
def _turn(a: Any, b: Any, c: Any) -> Any:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


@numba.njit(cache=True, nogil=True, inline="always")
def _meet(a: Any, b: Any, c: Any, d: Any) -> Any:
    if max(a[0], b[0]) < min(c[0], d[0]) or max(c[0], d[0]) < min(a[0], b[0]):
        return False
    if max(a[1], b[1]) < min(c[1], d[1]) or max(c[1], d[1]) < min(a[1], b[1]):
        return False
    return _turn(a, b, c) * _turn(a, b, d) <= 0 and _turn(c, d, a) * _turn(c, d, b) <= 0


@numba.njit(cache=True, nogil=True)
def _holding(corners: Any, begins: Any, whose: Any, shapes: int, places: Any) -> Any:
    """Return pairs of place and shape; the places are in the order of their eastings."""
    pairs, used, ring = np.empty((16, 2), np.int64), 0, 0
    for shape in range(shapes):
        first = ring
        while ring < len(whose) and whose[ring] == shape:
            ring += 1
        own = corners[begins[first] : begins[ring]]
        if not len(own):
            continue
        west, east, south, north = own[:, 0].min(), own[:, 0].max(), own[:, 1].min(), own[:, 1].max()
        for place in range(np.searchsorted(places[:, 0], west), np.searchsorted(places[:, 0], east, side="right")):
            if south <= places[place, 1] <= north and _is_within(corners, begins, first, ring, places[place]):
                pairs = roomier(pairs, used + 1)
                pairs[used, 0], pairs[used, 1] = place, shape
                used += 1
    return pairs[:used].copy()


@numba.njit(cache=True, nogil=True)
def _is_within(corners: Any, begins: Any, first: int, last: int, place: Any) -> bool:
    """Say whether a ray to the east crosses the rings an odd number of times; what lies on a side is outside."""
    odd = False
    for ring in range(first, last):
        for one in range(begins[ring], begins[ring + 1] - 1):
            a, b = corners[one], corners[one + 1]
            turn = _turn(a, b, place)
            if turn == 0.0 and _between(a[0], place[0], b[0]) and _between(a[1], place[1], b[1]):
                return False
            if (a[1] <= place[1]) != (b[1] <= place[1]) and (turn > 0) == (b[1] > a[1]):
                odd = not odd
    return odd


@numba.njit(cache=True, nogil=True, inline="always")
def _between(a: float, at: float, b: float) -> bool:
    return min(a, b) <= at <= max(a, b)

"""Parts of rays as polygons: parts that overlap from ray to ray are one strip, and a strip is a ring."""

from typing import Any

import numba
import numpy as np
import shapely
from numpy.typing import NDArray

from geo_server.planning.viewsheds.seen import Seen


def outlined(seen: Seen) -> NDArray[np.object_]:
    """Return what each view sees as a polygon or multipolygon, metres of the projection; empty where it is nothing."""
    begins = np.searchsorted(seen.ray, np.arange(len(seen.view) + 1))
    corners, ring_ends, view_of = _strips(seen.view, seen.azimuth, seen.half, begins, seen.parts)
    if not len(view_of):
        return np.full(len(seen.views), shapely.Polygon(), dtype=object)
    corners += np.column_stack([seen.views.east_m, seen.views.north_m])[np.repeat(view_of, np.diff(ring_ends))]
    rings = shapely.linearrings(corners, indices=np.repeat(np.arange(len(view_of)), np.diff(ring_ends)))
    return _gathered(shapely.polygons(rings), view_of, len(seen.views))


def _gathered(strips: NDArray[np.object_], view_of: NDArray[np.int64], views: int) -> NDArray[np.object_]:
    """Return the strips of each view as one geometry, merged where they touch: at the seam of a view all around too."""
    whole = np.full(views, shapely.Polygon(), dtype=object)
    shapely.multipolygons(strips, indices=view_of, out=whole)
    torn = ~shapely.is_valid(whole)
    whole[torn] = shapely.make_valid(whole[torn], method="structure", keep_collapsed=False)
    return whole


@numba.njit(cache=True, nogil=True)
def _strips(view: Any, azimuth: Any, half: Any, begins: Any, parts: Any) -> Any:
    """Return the corners of all rings about their own eyes, where each ring begins, and the view it is of."""
    after = _followed(view, begins, parts)
    begun = np.ones(len(parts), np.bool_)
    for part in after:
        if part >= 0:
            begun[part] = False
    rings = begun.sum()
    corners, at = np.empty((2 * len(parts) + 5 * rings, 2)), 0
    ends, of = np.zeros(rings + 1, np.int64), np.empty(rings, np.int64)
    ray_of = np.empty(len(parts), np.int64)
    for ray in range(len(view)):
        ray_of[begins[ray] : begins[ray + 1]] = ray
    strip = np.empty(len(view) + 1, np.int64)
    for ring, first in enumerate(np.flatnonzero(begun)):
        length, part = 0, first
        while part >= 0:
            strip[length] = part
            length, part = length + 1, after[part]
        at = _ring(corners, at, strip[:length], ray_of, azimuth, half, parts)
        of[ring], ends[ring + 1] = view[ray_of[first]], at
    return corners[:at].copy(), ends, of


@numba.njit(cache=True, nogil=True)
def _followed(view: Any, begins: Any, parts: Any) -> Any:
    """Return for each part the one of the next ray that goes on with it, the nearest that overlaps; -1 for none."""
    after = np.full(len(parts), -1, np.int64)
    for ray in range(len(view) - 1):
        if view[ray] != view[ray + 1]:
            continue
        this, other = begins[ray], begins[ray + 1]
        while this < begins[ray + 1] and other < begins[ray + 2]:
            if min(parts[this, 1], parts[other, 1]) > max(parts[this, 0], parts[other, 0]):
                after[this] = other
                this, other = this + 1, other + 1
            elif parts[this, 1] < parts[other, 1]:
                this += 1
            else:
                other += 1
    return after


@numba.njit(cache=True, nogil=True)
def _ring(corners: Any, at: int, strip: Any, ray_of: Any, azimuth: Any, half: Any, parts: Any) -> int:
    """Write the ring of a strip: out along its far side and back along its near one; return where the next begins."""
    begin, count = at, len(strip)
    for n in range(count + 2):
        part = strip[min(max(n - 1, 0), count - 1)]
        at = _corner(corners, at, begin, parts[part, 1], _turned(n, count, ray_of[part], azimuth, half))
    for n in range(count + 1, -1, -1):
        part = strip[min(max(n - 1, 0), count - 1)]
        at = _corner(corners, at, begin, parts[part, 0], _turned(n, count, ray_of[part], azimuth, half))
    corners[at] = corners[begin]
    return at + 1


@numba.njit(cache=True, nogil=True, inline="always")
def _turned(n: int, count: int, ray: int, azimuth: Any, half: Any) -> float:
    """Return the azimuth of a strip's n-th pair of corners: its rays' own, and at both ends half a step beyond."""
    if n == 0:
        return float(azimuth[ray] - half[ray])
    return float(azimuth[ray] + half[ray]) if n == count + 1 else float(azimuth[ray])


@numba.njit(cache=True, nogil=True, inline="always")
def _corner(corners: Any, at: int, begin: int, distance: float, azimuth: float) -> int:
    """Write a corner unless it is the one before: all near ones of a view without a blind zone are its foot."""
    x, y = distance * np.cos(azimuth), distance * np.sin(azimuth)
    if at > begin and corners[at - 1, 0] == x and corners[at - 1, 1] == y:
        return at
    corners[at, 0], corners[at, 1] = x, y
    return at + 1

"""The kernel over ground that is not flat: rays followed up and down, each with what of it is pictured and not hidden.

The ground under a ray is a chain of straight pieces. On each of them every question is a straight line in the distance:
whether a place is on the right side of a side of the picture, and whether the sight to it is steeper than to anything
on the way, which is the largest slope so far of ground and of walls' tops. So what is seen of a piece is one part of
it. Walls stand on the ground where the ray meets them. Where nobody knows the ground it goes on level.
"""

import math
from typing import Any

import numba
import numpy as np

from geo_server.planning.growing import roomier
from geo_server.planning.viewsheds.relief import height
from geo_server.planning.viewsheds.sweep import (
    ABOVE,
    AT,
    BEGIN,
    BOUNDS,
    CELL_BEGINS,
    COLUMNS,
    EAST,
    ENDS,
    EYE,
    LEAST_M,
    MEMBERS,
    NORTH,
    OVER,
    RANGE,
    RAY,
    SPAN,
    TOPS,
    TURN,
    WAY,
    away_squared,
    azimuths,
    by_ray,
    cells_about,
    eyes_over,
    meets_at,
    ray_number,
    spanned,
)

RISING = 9  # of the views' tuple, after those of the flat kernel
TOP = 3  # of a wall that is met, where the flat kernel notes how far it hides
MARCH = 4  # of the relief's tuple


@numba.njit(cache=True, nogil=True)
def climbed(views: Any, rays: Any, walls: Any, grid: Any, relief: Any) -> Any:
    """Return what `swept` does; `relief` is (heights, x0, y0, step, march), and `views` has the bounds' rise as well.

    What is told of a distance is told along the level, as a map tells it.
    """
    count, total = len(rays), rays.sum()
    first, step = np.zeros(count), np.zeros(count)
    begins, parts = np.zeros(total + 1, np.int64), np.empty((total + total // 2 + 64, 2), np.float32)
    met, hits, ray, used = np.full(len(walls[ENDS]), -1, np.int32), np.empty((1024, 4)), 0, 0
    for one in range(count):
        first[one], width = _turned(views, one, relief)
        step[one] = width / rays[one]
        rises, spacing = profile_room(views[RANGE][one], relief)
        lows, hits = _walls_met(views, one, first[one], step[one], rays[one], met, walls, grid, hits)
        order, starts = by_ray(hits, lows, rays[one])
        for k in range(rays[one]):
            if step[one] > 0.0 and len(rises) > 1:
                azimuth = first[one] + (k + 0.5) * step[one]
                way = (math.cos(azimuth), math.sin(azimuth))
                profile(relief, views[EAST][one], views[NORTH][one], way, spacing, rises)
                met_here = order[starts[k] : starts[k + 1]]
                parts = roomier(parts, used + len(rises) + len(met_here) + 2)
                used = _seen_parts(views, one, way, rises, spacing, hits, met_here, parts, used)
            ray += 1
            begins[ray] = used
    return first, step, begins, parts[:used].copy()


@numba.njit(cache=True, nogil=True)
def profile_room(reach: float, relief: Any) -> Any:
    """Return room for the heights along a ray, and how far apart they are."""
    pieces = max(1, math.ceil(reach / relief[MARCH])) if reach > 0.0 else 0
    return np.zeros(pieces + 1), (reach / pieces if pieces else 0.0)


@numba.njit(cache=True, nogil=True)
def profile(relief: Any, east: float, north: float, way: Any, spacing: float, rises: Any) -> None:
    """Write how much higher the ground is than under the eye; level on from where nobody knows it."""
    here = height(relief, east, north)
    rises[0] = 0.0
    for k in range(1, len(rises)):
        rise = height(relief, east + k * spacing * way[0], north + k * spacing * way[1]) - here
        rises[k] = rises[k - 1] if math.isnan(rise) else rise


@numba.njit(cache=True, nogil=True)
def _seen_parts(
    views: Any, one: int, way: Any, rises: Any, spacing: float, hits: Any, met: Any, parts: Any, used: int
) -> int:
    """Write the parts of a ray that are seen, near ones first; return how many there are now."""
    eye, begin, at, hit = views[EYE][one], used, 0.0, 0
    inside, steepest = max(views[OVER][one], eyes_over(hits, met)), -np.inf
    for k in range(len(rises) - 1):
        end = (k + 1) * spacing
        slope = (rises[k + 1] - rises[k]) / spacing
        base = rises[k] - slope * k * spacing  # the piece is base + slope r
        while at < end:
            walled = hit < len(met) and hits[met[hit], AT] < end
            to = max(at, hits[met[hit], AT]) if walled else end
            if inside == 0 and to > at:
                near, far = _open(views, one, way, base, slope, at, to, steepest)
                used = added(parts, begin, used, near, far)
            if to > 0.0:
                steepest = max(steepest, slope + (base - eye) / to)
            if walled:
                row = met[hit]
                inside += int(hits[row, WAY])
                steepest = max(steepest, _sight(base + slope * to + hits[row, TOP] - eye, to))
                hit += 1
            at = to if walled else end
    return int(_kept(parts, begin, used))


@numba.njit(cache=True, nogil=True, inline="always")
def _sight(over_m: float, away_m: float) -> float:
    """Return the slope of the sight to what is so much higher than the eye, so far away."""
    if away_m > LEAST_M:
        return over_m / away_m
    return np.inf if over_m >= 0.0 else -np.inf


@numba.njit(cache=True, nogil=True, inline="always")
def _open(
    views: Any, one: int, way: Any, base: float, slope: float, at: float, to: float, steepest: float
) -> Any:  # fmt: skip
    """Return from where to where a stretch of a piece is in the picture, and not below the steepest sight so far."""
    near, far = where(slope - steepest, base + views[ABOVE][one] - views[EYE][one], at, to)
    for side in range(views[BOUNDS].shape[1]):
        rising = views[RISING][one, side]
        along = views[BOUNDS][one, side, 0] * way[0] + views[BOUNDS][one, side, 1] * way[1] + rising * slope
        near, far = where(along, views[BOUNDS][one, side, 2] + rising * base, near, far)
    return near, far


@numba.njit(cache=True, nogil=True, inline="always")
def where(along: float, here: float, near: float, far: float) -> Any:
    """Return from where to where along r + here >= 0 holds."""
    if along > 1e-12:
        near = max(near, -here / along)
    elif along < -1e-12:
        far = min(far, -here / along)
    elif not here >= 0.0:
        far = near
    return near, far


@numba.njit(cache=True, nogil=True, inline="always")
def added(parts: Any, begin: int, used: int, near: float, far: float) -> int:
    """Write a part, or lengthen the one before it where that ends there; return how many there are now."""
    if not far > near:
        return used
    if used > begin and near - parts[used - 1, 1] <= LEAST_M * max(1.0, near):
        parts[used - 1, 1] = far
        return used
    parts[used, 0], parts[used, 1] = near, far
    return used + 1


@numba.njit(cache=True, nogil=True, inline="always")
def _kept(parts: Any, begin: int, used: int) -> int:
    """Leave out the parts that are no longer than nothing."""
    kept = begin
    for one in range(begin, used):
        if parts[one, 1] - parts[one, 0] > LEAST_M:
            parts[kept, 0], parts[kept, 1] = parts[one, 0], parts[one, 1]
            kept += 1
    return kept


@numba.njit(cache=True, nogil=True)
def _walls_met(
    views: Any, one: int, first: float, step: float, rays: int, met: Any, walls: Any, grid: Any, hits: Any
) -> Any:
    """Return how many walls rays meet, and them, a row each: the ray, the distance, 1 in and -1 out, and the top."""
    east, north, reach, many = views[EAST][one], views[NORTH][one], views[RANGE][one], 0
    if step == 0.0 or not reach > 0.0:
        return many, hits
    left, right, low, high = cells_about(east, north, reach, grid)
    for row in range(low, high):
        for column in range(left, right):
            cell = row * grid[COLUMNS] + column
            for at in range(walls[CELL_BEGINS][cell], walls[CELL_BEGINS][cell + 1]):
                wall = walls[MEMBERS][at]
                if met[wall] == one:
                    continue
                met[wall] = one
                x0, y0 = walls[ENDS][wall, 0] - east, walls[ENDS][wall, 1] - north
                x1, y1 = walls[ENDS][wall, 2] - east, walls[ENDS][wall, 3] - north
                if x0 * y1 - x1 * y0 == 0.0 or away_squared(x0, y0, x1, y1) > reach * reach:
                    continue
                many, hits = _note((x0, y0, x1, y1), walls[TOPS][wall], first, step, rays, hits, many)
    return many, hits


@numba.njit(cache=True, nogil=True)
def _note(wall: Any, top: float, first: float, step: float, rays: int, hits: Any, many: int) -> Any:
    """Note a wall for each ray that meets it; one that goes about the eye clockwise is entered."""
    x0, y0, x1, y1 = wall
    way, left, right = 1.0, ray_number(x1, y1, first, step), ray_number(x0, y0, first, step)
    if x0 * y1 - x1 * y0 > 0.0:
        way, left, right = -1.0, right, left
    begin, end, again = spanned(left, right, rays)
    for n in range(max(0, end - begin) + again):
        k = begin + n if n < end - begin else n - max(0, end - begin)
        azimuth = first + (k + 0.5) * step
        distance = max(0.0, meets_at(x0, y0, x1, y1, (math.cos(azimuth), math.sin(azimuth))))
        hits = roomier(hits, many + 1)
        hits[many, RAY], hits[many, AT], hits[many, WAY], hits[many, TOP] = k, distance, way, top
        many += 1
    return many, hits


@numba.njit(cache=True, nogil=True)
def _turned(views: Any, one: int, relief: Any) -> Any:
    """Return the first azimuth that a view may hold ground at, and how far it turns from there.

    On level ground, or where the picture stands upright, that is what the flat kernel says; else what the pyramid of
    the picture holds, however high the ground is.
    """
    upright = True
    for side in range(views[BOUNDS].shape[1]):
        upright = upright and views[RISING][one, side] == 0.0
    if not math.isnan(views[SPAN][one]):
        return views[BEGIN][one], views[SPAN][one]
    if upright or _level(views[EAST][one], views[NORTH][one], views[RANGE][one], relief):
        return azimuths(views, one)
    return _pyramid(views[BOUNDS][one], views[RISING][one])


@numba.njit(cache=True, nogil=True)
def _level(east: float, north: float, reach: float, relief: Any) -> Any:
    """Say whether all ground about an eye is as high as under it, or nobody knows otherwise."""
    heights, x0, y0, step, _ = relief
    here = height(relief, east, north)
    if math.isnan(here):
        return True
    left, low = max(0, int((east - reach - x0) / step)), max(0, int((north - reach - y0) / step))
    for row in range(low, min(heights.shape[0], int((north + reach - y0) / step) + 2)):
        for column in range(left, min(heights.shape[1], int((east + reach - x0) / step) + 2)):
            if abs(heights[row, column] - here) > LEAST_M:  # never where nobody knows
                return False
    return True


@numba.njit(cache=True, nogil=True)
def _pyramid(bounds: Any, rising: Any) -> Any:
    """Return first azimuth and span of all that lies between the four sides of a picture, far or near, high or low."""
    sides = np.empty((4, 3))
    for side in range(4):
        sides[side, 0], sides[side, 1], sides[side, 2] = bounds[side, 0], bounds[side, 1], rising[side]
    if sides[:, 2].min() >= 0.0 or sides[:, 2].max() <= 0.0:
        return 0.0, TURN  # what is right above or below is in it
    ahead = (sides[0] + sides[1]) / 2
    tall = (sides[2] + sides[3]) / 2
    wide, high = math.sqrt((ahead * ahead).sum()), math.sqrt((tall * tall).sum())
    right, down = (sides[1] - sides[0]) / 2, (sides[3] - sides[2]) / 2
    corners, middle = np.empty((4, 3)), np.zeros(3)
    for n in range(4):
        across, along = (1.0 if n % 2 else -1.0), (1.0 if n // 2 else -1.0)
        corners[n] = ahead / wide + across * wide * right + along * high * down
        middle += corners[n] / math.hypot(corners[n, 0], corners[n, 1])
    towards, least, most = math.atan2(middle[1], middle[0]), 0.0, 0.0
    for n in range(4):
        turned = math.atan2(corners[n, 1], corners[n, 0]) - towards
        turned -= math.floor(turned / TURN + 0.5) * TURN
        least, most = min(least, turned), max(most, turned)
    return towards + least, most - least


@numba.njit(cache=True, nogil=True)
def clipped(eyes: Any, relief: Any, rays: Any, parts: Any, planes: Any) -> Any:
    """Return what of each part lies where a r + b z + c >= 0, z the ground over the eye's, and which part it is of.

    `eyes` is (east, north, range), `rays` the ray, the view and the azimuth of each part, `planes` a, b and c.
    """
    ray, view, azimuth = rays
    found, of, used = np.empty((len(parts) + 64, 2)), np.empty(len(parts) + 64, np.int64), 0
    rises, spacing = np.zeros(1), 0.0
    for part in range(len(parts)):
        if part == 0 or ray[part] != ray[part - 1]:
            one = view[part]
            rises, spacing = profile_room(eyes[2][one], relief)
            way = (math.cos(azimuth[part]), math.sin(azimuth[part]))
            profile(relief, eyes[0][one], eyes[1][one], way, spacing, rises)
        found, of = roomier(found, used + len(rises) + 1), roomier(of, used + len(rises) + 1)
        more = _clip(parts[part], rises, spacing, planes[part], found, used)
        of[used:more] = part
        used = more
    return found[:used].copy(), of[:used].copy()


@numba.njit(cache=True, nogil=True)
def _clip(part: Any, rises: Any, spacing: float, plane: Any, found: Any, used: int) -> int:
    begin = used
    if math.isnan(plane[2]):
        return used
    for k in range(int(part[0] / spacing), len(rises) - 1):
        low, high = max(part[0], k * spacing), min(part[1], (k + 1) * spacing)
        if k * spacing >= part[1]:
            break
        slope = (rises[k + 1] - rises[k]) / spacing
        base = rises[k] - slope * k * spacing
        near, far = where(plane[0] + plane[1] * slope, plane[2] + plane[1] * base, low, high)
        used = added(found, begin, used, near, far)
    return int(_kept(found, begin, used))

"""The kernel: rays from an eye over the ground, each with the parts of it that are in the picture and not hidden.

A wall as high as the eye ends a ray. A lower one hides what lies behind it up to where the sight over its back falls to
what is looked for: `r (eye - above) / (eye - top)`. Walls are directed, so a count of those entered and left tells what
is inside a building; a ray meets a segment by half-open angles of its ends, so that no corner is met twice or missed.
"""

import math
from typing import Any

import numba
import numpy as np

from geo_server.planning.growing import roomier

TURN = 2 * math.pi
SCAN = 64  # azimuths that are tried to find which way a picture reaches
SCANNED = np.array([(math.cos(k * TURN / SCAN), math.sin(k * TURN / SCAN)) for k in range(SCAN)])
HALVINGS = 20  # of a scan's step: to 1e-7 rad
LEAST_M = 1e-6
FARTHEST_M = 1e9
# of the tuples that the kernel is handed
EAST, NORTH, EYE, ABOVE, RANGE, BEGIN, SPAN, BOUNDS, OVER = range(9)
ENDS, TOPS, CELL_BEGINS, MEMBERS = range(4)
X0, Y0, COLUMNS, ROWS, CELL = range(5)
RAY, AT, WAY, HIDES_TO = range(4)


@numba.njit(cache=True, nogil=True)
def swept(views: Any, rays: Any, walls: Any, grid: Any) -> Any:
    """Return first azimuth and step of each view, where each ray's parts begin, and the parts: near and far, metres.

    `views` is (east, north, eye, above, range, begin, span, bounds, over), `walls` (ends, tops, begins, members),
    `grid` (x0, y0, columns, rows, cell); `rays` how many each view has.
    """
    count, total = len(rays), rays.sum()
    first, step = np.zeros(count), np.zeros(count)
    begins, parts = np.zeros(total + 1, np.int64), np.empty((total + total // 2 + 64, 2), np.float32)
    met, hits, ray, used = np.full(len(walls[ENDS]), -1, np.int32), np.empty((1024, 4)), 0, 0
    for one in range(count):
        first[one], width = azimuths(views, one)
        step[one] = width / rays[one]
        ways, near, far = _cast(views, one, first[one], step[one], rays[one])
        lows, hits = _walls_met(views, one, first[one], step[one], ways, far, met, walls, grid, hits)
        order, starts = by_ray(hits, lows, rays[one])
        for k in range(rays[one]):
            parts = roomier(parts, used + starts[k + 1] - starts[k] + 2)
            met_here = order[starts[k] : starts[k + 1]]
            used = _open_parts(hits, met_here, near[k], far[k], views[OVER][one], parts, used)
            ray += 1
            begins[ray] = used
    return first, step, begins, parts[:used].copy()


@numba.njit(cache=True, nogil=True)
def _cast(views: Any, one: int, first: float, step: float, rays: int) -> Any:
    """Return the rays' directions, and from where to where each is in the picture."""
    ways, near, far = np.empty((rays, 2)), np.zeros(rays), np.zeros(rays)
    for k in range(rays):
        azimuth = first + (k + 0.5) * step
        ways[k, 0], ways[k, 1] = math.cos(azimuth), math.sin(azimuth)
        if step > 0.0:
            near[k], far[k] = _pictured(views, one, ways[k, 0], ways[k, 1])
    return ways, near, far


@numba.njit(cache=True, nogil=True, inline="always")
def _pictured(views: Any, one: int, x: float, y: float) -> Any:
    """Return from where to where a ray is in the picture, within the range; far is not beyond near where it is not."""
    near, far = 0.0, views[RANGE][one]
    for side in range(views[BOUNDS].shape[1]):
        along = views[BOUNDS][one, side, 0] * x + views[BOUNDS][one, side, 1] * y
        here = views[BOUNDS][one, side, 2]
        if along > 1e-12:
            near = max(near, -here / along)
        elif along < -1e-12:
            far = min(far, -here / along)
        elif here < 0.0:
            return 0.0, 0.0
    return near, far


@numba.njit(cache=True, nogil=True)
def _is_pictured(views: Any, one: int, azimuth: float) -> Any:
    near, far = _pictured(views, one, math.cos(azimuth), math.sin(azimuth))
    return far > near


@numba.njit(cache=True, nogil=True)
def azimuths(views: Any, one: int) -> Any:
    """Return the first azimuth that a view reaches, and how far it turns from there."""
    if not math.isnan(views[SPAN][one]):
        return views[BEGIN][one], views[SPAN][one]
    inside = np.zeros(SCAN, np.bool_)
    for k in range(SCAN):
        near, far = _pictured(views, one, SCANNED[k, 0], SCANNED[k, 1])
        inside[k] = far > near
    if inside.all():
        return 0.0, TURN
    for k in range(SCAN):
        if inside[k] and not inside[k - 1]:
            return _between(views, one, k, inside)
    return _narrow(views, one)  # than the scan


@numba.njit(cache=True, nogil=True)
def _narrow(views: Any, one: int) -> Any:
    """Return first azimuth and span of a picture that the scan misses: between two azimuths nothing begins or ends.

    It does so where the sides of the picture meet each other or the range, and along them.
    """
    turns = np.sort(_turns(views[BOUNDS][one], views[RANGE][one]))
    for k in range(len(turns)):
        first, last = turns[k - 1] - (TURN if k == 0 else 0.0), turns[k]
        if not _is_pictured(views, one, (first + last) / 2):
            continue
        following = k + 1
        while following < len(turns) and _is_pictured(views, one, (last + turns[following]) / 2):
            last, following = turns[following], following + 1
        return first, last - first
    return 0.0, 0.0


@numba.njit(cache=True, nogil=True)
def _turns(bounds: Any, reach: float) -> Any:
    """Return the azimuths at which sides meet each other or the range, and those along them."""
    turns, used = np.empty(4 * len(bounds) + len(bounds) ** 2), 0
    for side in range(len(bounds)):
        a, b, c = bounds[side]
        size = math.hypot(a, b)
        if size < LEAST_M:
            continue
        off = -c / size
        half = math.sqrt(max(0.0, reach * reach - off * off))
        for way in (-1.0, 1.0):
            turns[used] = math.atan2(way * a, -way * b)
            turns[used + 1] = math.atan2(off * b / size + way * half * a / size, off * a / size - way * half * b / size)
            used += 2
        for other in range(side):
            across = a * bounds[other, 1] - b * bounds[other, 0]
            if abs(across) > LEAST_M * LEAST_M:
                x = (b * bounds[other, 2] - c * bounds[other, 1]) / across
                y = (c * bounds[other, 0] - a * bounds[other, 2]) / across
                turns[used] = math.atan2(y, x)
                used += 1
    return turns[:used].copy()


@numba.njit(cache=True, nogil=True)
def _between(views: Any, one: int, k: int, inside: Any) -> Any:
    """Return first azimuth and span of a picture that the scan meets first at `k`."""
    last = k
    while inside[(last + 1) % SCAN]:
        last += 1
    low = _edge(views, one, k * TURN / SCAN, (k - 1) * TURN / SCAN)
    return low, _edge(views, one, last * TURN / SCAN, (last + 1) * TURN / SCAN) - low


@numba.njit(cache=True, nogil=True)
def _edge(views: Any, one: int, inside: float, outside: float) -> float:
    """Return the azimuth at which the picture ends, between one in it and one out of it."""
    for _ in range(HALVINGS):
        middle = (inside + outside) / 2
        if _is_pictured(views, one, middle):
            inside = middle
        else:
            outside = middle
    return inside


@numba.njit(cache=True, nogil=True)
def _walls_met(
    views: Any, one: int, first: float, step: float, ways: Any, far: Any, met: Any, walls: Any, grid: Any, hits: Any
) -> Any:
    """Shorten `far` by the walls as high as the eye; return how many lower ones are met, and them, a row each.

    A row is the ray's number, the distance, 1 where the way enters and -1 where it leaves, and how far that hides.
    """
    east, north, eye, reach = views[EAST][one], views[NORTH][one], views[EYE][one], far.max()
    fall, lows = eye - views[ABOVE][one], 0
    if step == 0.0 or reach == 0.0:
        return lows, hits
    left, right, low, high = cells_about(east, north, reach, grid)
    span = len(far) * step
    ax, ay, bx, by = math.cos(first), math.sin(first), math.cos(first + span), math.sin(first + span)
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
                if span < math.pi and (
                    (ax * y0 < ay * x0 and ax * y1 < ay * x1) or (bx * y0 > by * x0 and bx * y1 > by * x1)
                ):
                    continue  # beside the picture, on one side of it: most are
                cross, top = x0 * y1 - x1 * y0, walls[TOPS][wall]
                if cross == 0.0 or (top >= eye and cross > 0.0) or away_squared(x0, y0, x1, y1) > reach * reach:
                    continue
                if top >= eye:
                    _end(x0, y0, x1, y1, first, step, ways, far)
                else:
                    over = max(1.0, fall / (eye - top))
                    lows, hits = _note(x0, y0, x1, y1, cross, over, first, step, ways, hits, lows)
    return lows, hits


@numba.njit(cache=True, nogil=True, inline="always")
def cells_about(east: float, north: float, reach: float, grid: Any) -> Any:
    """Return the columns and rows of the grid of walls that are within reach of an eye, the last of each left out."""
    left, right = math.floor((east - reach - grid[X0]) / grid[CELL]), math.floor((east + reach - grid[X0]) / grid[CELL])
    low, high = math.floor((north - reach - grid[Y0]) / grid[CELL]), math.floor((north + reach - grid[Y0]) / grid[CELL])
    return max(0, int(left)), min(grid[COLUMNS], int(right) + 1), max(0, int(low)), min(grid[ROWS], int(high) + 1)


@numba.njit(cache=True, nogil=True, inline="always")
def away_squared(x0: float, y0: float, x1: float, y1: float) -> float:
    """Return the square of a segment's distance."""
    dx, dy = x1 - x0, y1 - y0
    along = min(1.0, max(0.0, -(x0 * dx + y0 * dy) / (dx * dx + dy * dy)))
    x, y = x0 + along * dx, y0 + along * dy
    return x * x + y * y


@numba.njit(cache=True, nogil=True, inline="always")
def ray_number(x: float, y: float, first: float, step: float) -> int:
    """Return which ray is the first at or past the direction of a point, were there rays all around."""
    turned = math.atan2(y, x) - first
    turned -= math.floor(turned / TURN) * TURN
    return math.ceil(turned / step - 0.5)


@numba.njit(cache=True, nogil=True, inline="always")
def spanned(begin: int, end: int, rays: int) -> Any:
    """Return the rays from `begin` on, and those from the first on where the way to `end` leads past it."""
    if end < begin:
        return begin, rays, min(end, rays)
    return begin, min(end, rays), 0


@numba.njit(cache=True, nogil=True, inline="always")
def meets_at(x0: float, y0: float, x1: float, y1: float, way: Any) -> float:
    """Return how far along a way the line through a segment is met."""
    dx, dy = x1 - x0, y1 - y0
    across = way[0] * dy - way[1] * dx
    return (x0 * dy - y0 * dx) / across if across != 0.0 else FARTHEST_M


@numba.njit(cache=True, nogil=True)
def _end(x0: float, y0: float, x1: float, y1: float, first: float, step: float, ways: Any, far: Any) -> None:
    """End the rays that a wall as high as the eye stands in; seen from its front it runs clockwise."""
    begin, end, again = spanned(ray_number(x1, y1, first, step), ray_number(x0, y0, first, step), len(far))
    for k in range(begin, end):
        far[k] = min(far[k], max(0.0, meets_at(x0, y0, x1, y1, ways[k])))
    for k in range(again):
        far[k] = min(far[k], max(0.0, meets_at(x0, y0, x1, y1, ways[k])))


@numba.njit(cache=True, nogil=True)
def _note(
    x0: float, y0: float, x1: float, y1: float, cross: float, over: float, first: float, step: float, ways: Any,
    hits: Any, lows: int,
) -> Any:  # fmt: skip
    """Note a wall lower than the eye for each ray that meets it."""
    way, left, right = 1.0, ray_number(x1, y1, first, step), ray_number(x0, y0, first, step)
    if cross > 0.0:
        way, left, right = -1.0, right, left
    begin, end, again = spanned(left, right, len(ways))
    for n in range(max(0, end - begin) + again):
        k = begin + n if n < end - begin else n - max(0, end - begin)
        hits = roomier(hits, lows + 1)
        distance = meets_at(x0, y0, x1, y1, ways[k])
        hits[lows, RAY], hits[lows, AT], hits[lows, WAY], hits[lows, HIDES_TO] = k, distance, way, distance * over
        lows += 1
    return lows, hits


@numba.njit(cache=True, nogil=True)
def by_ray(hits: Any, lows: int, rays: int) -> Any:
    """Return the rows of the hits ray by ray, near ones first, and where each ray's begin."""
    starts = np.zeros(rays + 1, np.int64)
    for row in range(lows):
        starts[int(hits[row, RAY]) + 1] += 1
    starts = np.cumsum(starts)
    order, free = np.empty(lows, np.int64), starts[:-1].copy()
    for row in range(lows):
        ray = int(hits[row, RAY])
        at = free[ray]
        while at > starts[ray] and hits[order[at - 1], AT] > hits[row, AT]:
            order[at] = order[at - 1]
            at -= 1
        order[at] = row
        free[ray] += 1
    return order, starts


@numba.njit(cache=True, nogil=True)
def _open_parts(hits: Any, met: Any, near: float, far: float, over: int, parts: Any, used: int) -> int:
    """Write the parts of a ray between near and far that no lower building stands on or hides; return how many are."""
    inside, at = max(over, eyes_over(hits, met)), near
    for row in met:
        if inside == 0 and min(hits[row, AT], far) - at > LEAST_M:
            parts[used, 0], parts[used, 1] = at, min(hits[row, AT], far)
            used += 1
        inside += int(hits[row, WAY])
        at = max(at, hits[row, HIDES_TO] if hits[row, WAY] < 0.0 else hits[row, AT])
    if inside == 0 and far - at > LEAST_M:
        parts[used, 0], parts[used, 1] = at, far
        used += 1
    return used


@numba.njit(cache=True, nogil=True)
def eyes_over(hits: Any, met: Any) -> int:
    """Return how many buildings an eye is over: of so many more a ray leaves than it has entered."""
    deep, deepest = 0, 0
    for row in met:
        deep += int(hits[row, WAY])
        deepest = min(deepest, deep)
    return -deepest

"""The line of a way, put together from the lines of its roads: a proposal draws dozens of them."""

import math

import numba
import numpy as np


@numba.njit(cache=True, nogil=True)
def traced(lines, drives, start, end):  # type: ignore[no-untyped-def]
    """Return metres, longitudes and latitudes of drives from fraction `start` of the first to `end` of the last."""
    offsets, lon, lat, length_m = lines
    room = 4
    for drive in drives:
        room += offsets[(drive >> 1) + 1] - offsets[drive >> 1] + 2
    xs, ys = np.empty(room), np.empty(room)
    many, metres, last = 0, 0.0, len(drives) - 1
    for i in range(len(drives)):
        road, against = drives[i] >> 1, (drives[i] & 1) == 1
        leave = start if i == 0 else (1.0 if against else 0.0)
        arrive = end if i == last else (0.0 if against else 1.0)
        metres += abs(arrive - leave) * length_m[road]
        before = many
        many = _part(lon, lat, offsets[road], offsets[road + 1], min(leave, arrive), max(leave, arrive), xs, ys, many)
        if against:
            _turn(xs, before, many)
            _turn(ys, before, many)
    kept = 1
    for i in range(1, many):  # each junction ends one road and begins another
        if xs[i] != xs[kept - 1] or ys[i] != ys[kept - 1]:
            xs[kept], ys[kept] = xs[i], ys[i]
            kept += 1
    return metres, xs[:kept], ys[:kept]


@numba.njit(cache=True, nogil=True, inline="always")
def _part(lon, lat, first, beyond, low, high, xs, ys, many):  # type: ignore[no-untyped-def]
    """Append the points of one road's line between two fractions of it, along the line."""
    if low <= 0.0 and high >= 1.0:
        for at in range(first, beyond):
            xs[many], ys[many] = lon[at], lat[at]
            many += 1
        return many
    east = math.cos(math.radians(lat[first]))
    whole = 0.0
    for at in range(first, beyond - 1):
        whole += math.hypot((lon[at + 1] - lon[at]) * east, lat[at + 1] - lat[at])
    steps, here, begun = beyond - 1 - first, 0.0, False
    for at in range(first, beyond - 1):
        step = 1.0 / steps
        if whole > 0.0:
            step = math.hypot((lon[at + 1] - lon[at]) * east, lat[at + 1] - lat[at]) / whole
        there = 1.0 if at == beyond - 2 else here + step
        if not begun and low <= there:
            xs[many], ys[many] = _between(lon, lat, at, low - here, there - here)
            many, begun = many + 1, True
        elif begun and here > low:
            xs[many], ys[many] = lon[at], lat[at]
            many += 1
        if high <= there:
            xs[many], ys[many] = _between(lon, lat, at, high - here, there - here)
            return many + 1
        here = there
    return many


@numba.njit(cache=True, nogil=True, inline="always")
def _between(lon, lat, at, part, step):  # type: ignore[no-untyped-def]
    share = min(max(part / step, 0.0), 1.0) if step > 0.0 else 0.0
    return lon[at] + share * (lon[at + 1] - lon[at]), lat[at] + share * (lat[at + 1] - lat[at])


@numba.njit(cache=True, nogil=True, inline="always")
def _turn(values, first, beyond):  # type: ignore[no-untyped-def]
    low, high = first, beyond - 1
    while low < high:
        values[low], values[high] = values[high], values[low]
        low, high = low + 1, high - 1

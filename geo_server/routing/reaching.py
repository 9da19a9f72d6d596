"""From many units outwards: who reaches each state of the graph first, and who second, within a time."""

import math
from dataclasses import dataclass

import numba
import numpy as np
from numpy.typing import NDArray

from geo_server.routing.road_graph import Floats, RoadGraph
from geo_server.routing.snap import Snapped


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """By road: seconds of the first unit to come there and of the second one, infinite beyond the limit; and who.

    A road counts as reached at the nearer of its ends that may be driven to; `-1` is nobody.
    """

    first_s: Floats
    second_s: Floats
    first: NDArray[np.int32]


def reach(graph: RoadGraph, starts: Snapped, extra_s: Floats, limit_s: float) -> Reach:
    """Let all units of `starts` drive at once, each `extra_s` late, until `limit_s` is over."""
    many = graph.states
    first_s, second_s = np.full(many, np.inf), np.full(many, np.inf)
    first, second = np.full(many, -1, dtype=np.int32), np.full(many, -1, dtype=np.int32)
    if len(starts.road):
        weights = (graph.out_ptr, graph.out_arc, graph.arc_head, graph.arc_drive, graph.drive_s, graph.free_drive_s)
        units = (starts.road, starts.fraction, extra_s)
        _spread(weights, graph.head_state, units, limit_s, (first_s, second_s, first, second))
    return _by_road(graph, first_s, second_s, first, second)


def _by_road(
    graph: RoadGraph, first_s: Floats, second_s: Floats, first: NDArray[np.int32], second: NDArray[np.int32]
) -> Reach:
    """Read each road at whichever of its ends it is reached sooner, by the one unit and then by another."""
    ends = graph.head_state.reshape(-1, 2)
    driven = np.isfinite(graph.free_drive_s).reshape(-1, 2)
    times = np.concatenate([np.where(driven, by[ends], np.inf) for by in (first_s, second_s)], axis=1)
    who = np.concatenate([first[ends], second[ends]], axis=1)
    best = np.argmin(times, axis=1)[:, None]
    soonest, unit = np.take_along_axis(times, best, 1), np.take_along_axis(who, best, 1)
    return Reach(
        first_s=soonest[:, 0],
        second_s=np.where(who == unit, np.inf, times).min(axis=1),
        first=np.where(np.isfinite(soonest), unit, -1)[:, 0].astype(np.int32),
    )


@numba.njit(cache=True, nogil=True)
def _spread(weights, head_state, starts, limit_s, found):  # type: ignore[no-untyped-def]
    out_ptr, out_arc, arc_head, arc_drive, drive_s, free_drive_s = weights
    road, fraction, extra_s = starts
    first_s, second_s, first, second = found
    room = 2 * len(road) + 2 * len(arc_head) + 8
    cost, item, who = np.empty(room), np.empty(room, np.int32), np.empty(room, np.int32)
    size = 0
    for unit in range(len(road)):
        if road[unit] < 0:
            continue
        for direction in range(2):
            drive = 2 * road[unit] + direction
            if math.isinf(free_drive_s[drive]):
                continue
            share = 1.0 - fraction[unit] if direction == 0 else fraction[unit]
            total, state = extra_s[unit] + share * free_drive_s[drive], head_state[drive]
            if total <= limit_s and _better(first_s, second_s, first, second, state, total, unit):
                size = _push(cost, item, who, size, total, state, unit)
    while size > 0:
        total, state, unit = cost[0], item[0], who[0]
        size = _pop(cost, item, who, size)
        known = first_s[state] if first[state] == unit else second_s[state]
        if total > known or (first[state] != unit and second[state] != unit):
            continue  # a quicker one, or two others, came there meanwhile
        for at in range(out_ptr[state], out_ptr[state + 1]):
            arc = out_arc[at]
            head, arrival = arc_head[arc], total + drive_s[arc_drive[arc]]
            if arrival <= limit_s and _better(first_s, second_s, first, second, head, arrival, unit):
                if size == len(cost):
                    cost, item, who = _wider(cost), _wider(item), _wider(who)
                size = _push(cost, item, who, size, arrival, head, unit)


@numba.njit(cache=True, nogil=True)
def _wider(values):  # type: ignore[no-untyped-def]
    wide = np.empty(2 * len(values), values.dtype)
    wide[: len(values)] = values
    return wide


@numba.njit(cache=True, nogil=True, inline="always")
def _better(first_s, second_s, first, second, state, total, unit):  # type: ignore[no-untyped-def]
    """Keep the two quickest of different units; say whether this one is among them, and quicker than it was."""
    if first[state] == unit:
        if total >= first_s[state]:
            return False
        first_s[state] = total
    elif total < first_s[state]:
        first_s[state], second_s[state] = total, first_s[state]
        first[state], second[state] = unit, first[state]
    elif second[state] == unit or total < second_s[state]:
        if total >= second_s[state]:
            return False
        second_s[state], second[state] = total, unit
    else:
        return False
    return True


@numba.njit(cache=True, nogil=True, inline="always")
def _push(cost, item, who, size, new_cost, new_item, new_who):  # type: ignore[no-untyped-def]
    at = size
    while at > 0:
        above = (at - 1) >> 1
        if cost[above] <= new_cost:
            break
        cost[at], item[at], who[at] = cost[above], item[above], who[above]
        at = above
    cost[at], item[at], who[at] = new_cost, new_item, new_who
    return size + 1


@numba.njit(cache=True, nogil=True, inline="always")
def _pop(cost, item, who, size):  # type: ignore[no-untyped-def]
    size -= 1
    last_cost, last_item, last_who = cost[size], item[size], who[size]
    at = 0
    while True:
        below = 2 * at + 1
        if below >= size:
            break
        if below + 1 < size and cost[below + 1] < cost[below]:
            below += 1
        if cost[below] >= last_cost:
            break
        cost[at], item[at], who[at] = cost[below], item[below], who[below]
        at = below
    cost[at], item[at], who[at] = last_cost, last_item, last_who
    return size

"""Dijkstra from the incident backwards over the arcs, which stops as soon as the k-th unit is settled."""

import math
from dataclasses import dataclass

import numba
import numpy as np

from geo_server.routing.road_graph import Floats, Ints, RoadGraph
from geo_server.routing.snap import Snapped

DIRECT = 2  # on the goal's own road, no junction between: the drive follows in the low bit


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The units settled, quickest first: index in what was asked, seconds, and how each sets out.

    `way` is 0 or 1 where the unit first drives along or against its road to the junction, 2 or 3 where it drives so
    straight to the goal.
    """

    unit: Ints
    seconds: Floats
    way: Ints


class Search:
    """The scratch memory of one search at a time; stamps spare clearing it. Not for two threads at once."""

    def __init__(self, graph: RoadGraph, *, units: int = 4096) -> None:
        """Reserve memory for `graph` and this many units; more units make it grow."""
        self._graph = graph
        self._stamp = 0
        self._reserve(units)

    def _reserve(self, units: int) -> None:
        states = self._graph.states
        self._units = units
        room = len(self._graph.arc_tail) + 5 * units + 8
        self._cost = np.empty(states + units)
        self._seen = np.zeros(states + units, dtype=np.int64)
        self._done = np.zeros(states + units, dtype=np.int64)
        self._next_arc = np.empty(states, dtype=np.int32)
        self._way = np.empty(units, dtype=np.int64)
        self._heap_cost, self._heap_item = np.empty(room), np.empty(room, dtype=np.int32)
        self._first = np.empty(states, dtype=np.int32)
        self._first_seen = np.zeros(states, dtype=np.int64)
        self._entry_next = np.empty(2 * units, dtype=np.int32)

    def run(self, graph: RoadGraph, goal: Snapped, starts: Snapped, extra_s: Floats, k: int) -> Found:
        """Settle the `k` quickest of `starts` to the one place in `goal`; `extra_s` is added to each unit's time.

        `graph` may differ from the one the memory was reserved for in its closures alone.
        """
        if len(starts.road) > self._units:
            self._reserve(2 * len(starts.road))
            self._stamp = 0
        self._stamp += 1
        k = min(k, len(starts.road))
        unit, seconds = np.empty(k, dtype=np.int64), np.empty(k)
        count = _search(
            (graph.indptr, graph.arc_tail, graph.arc_drive, graph.drive_s, graph.free_drive_s, graph.head_state),
            (int(goal.road[0]), float(goal.fraction[0])),
            (starts.road, starts.fraction, extra_s),
            (self._cost, self._seen, self._done, self._next_arc, self._way),
            (self._heap_cost, self._heap_item),
            (self._first, self._first_seen, self._entry_next),
            self._stamp,
            (unit, seconds),
        )
        return Found(unit=unit[:count], seconds=seconds[:count], way=self._way[unit[:count]].copy())

    def drives(self, graph: RoadGraph, start_road: int, way: int) -> tuple[int, ...]:
        """Return the drives of a unit that the last run settled, first and last (partial) ones included."""
        drive = 2 * start_road + (way & 1)
        if way >= DIRECT:
            return (drive,)
        taken = [drive]
        while (arc := int(self._next_arc[graph.head_state[drive]])) >= 0:
            drive = int(graph.arc_drive[arc])
            taken.append(drive)
        taken.append(-arc - 1)  # the goal's own road, which the unit drives in part
        return tuple(taken)


@numba.njit(cache=True, nogil=True, inline="always")
def _push(heap_cost, heap_item, size, cost, item):  # type: ignore[no-untyped-def]
    at = size
    while at > 0:
        above = (at - 1) >> 1
        if heap_cost[above] <= cost:
            break
        heap_cost[at], heap_item[at] = heap_cost[above], heap_item[above]
        at = above
    heap_cost[at], heap_item[at] = cost, item
    return size + 1


@numba.njit(cache=True, nogil=True, inline="always")
def _pop(heap_cost, heap_item, size):  # type: ignore[no-untyped-def]
    size -= 1
    cost, item = heap_cost[size], heap_item[size]
    at = 0
    while True:
        below = 2 * at + 1
        if below >= size:
            break
        if below + 1 < size and heap_cost[below + 1] < heap_cost[below]:
            below += 1
        if heap_cost[below] >= cost:
            break
        heap_cost[at], heap_item[at] = heap_cost[below], heap_item[below]
        at = below
    heap_cost[at], heap_item[at] = cost, item
    return size


@numba.njit(cache=True, nogil=True)
def _search(graph, goal, starts, scratch, heap, entries, stamp, out):  # type: ignore[no-untyped-def]
    indptr, arc_tail, arc_drive, drive_s, free_drive_s, head_state = graph
    goal_road, goal_fraction = goal
    road, fraction, extra_s = starts
    cost, seen, done, next_arc, way = scratch
    heap_cost, heap_item = heap
    first, first_seen, entry_next = entries
    out_unit, out_seconds = out
    states, units, k, size, found = len(indptr) - 1, len(road), len(out_unit), 0, 0
    if goal_road < 0 or k == 0:
        return 0
    # Units wait, as entries 2 * unit + direction, at the state in which they leave the road they stand on.
    for unit in range(units):
        if road[unit] < 0:
            continue
        for direction in range(2):
            drive = 2 * road[unit] + direction
            if math.isinf(free_drive_s[drive]):
                continue
            state = head_state[drive]
            entry_next[2 * unit + direction] = first[state] if first_seen[state] == stamp else -1
            first[state], first_seen[state] = 2 * unit + direction, stamp
            ahead = goal_fraction - fraction[unit] if direction == 0 else fraction[unit] - goal_fraction
            if road[unit] == goal_road and ahead >= 0.0:
                item, total = states + unit, extra_s[unit] + ahead * free_drive_s[drive]
                if seen[item] != stamp or total < cost[item]:
                    cost[item], seen[item], way[unit] = total, stamp, 2 + direction
                    size = _push(heap_cost, heap_item, size, total, item)
    # The search begins in every state from which one may turn on to the goal's road.
    for direction in range(2):
        drive = 2 * goal_road + direction
        if math.isinf(free_drive_s[drive]):
            continue
        total = (goal_fraction if direction == 0 else 1.0 - goal_fraction) * free_drive_s[drive]
        for arc in range(indptr[head_state[drive]], indptr[head_state[drive] + 1]):
            tail = arc_tail[arc]
            if arc_drive[arc] == drive and (seen[tail] != stamp or total < cost[tail]):
                cost[tail], seen[tail], next_arc[tail] = total, stamp, -drive - 1
                size = _push(heap_cost, heap_item, size, total, tail)
    while size > 0:
        item, total = heap_item[0], heap_cost[0]
        size = _pop(heap_cost, heap_item, size)
        if done[item] == stamp:
            continue
        done[item] = stamp
        if item >= states:
            out_unit[found], out_seconds[found] = item - states, total
            found += 1
            if found == k:
                break
            continue
        if first_seen[item] == stamp:
            entry = first[item]
            while entry >= 0:
                unit, direction = entry >> 1, entry & 1
                share = 1.0 - fraction[unit] if direction == 0 else fraction[unit]
                arrival = total + extra_s[unit] + share * free_drive_s[2 * road[unit] + direction]
                waiting = states + unit
                if seen[waiting] != stamp or arrival < cost[waiting]:
                    cost[waiting], seen[waiting], way[unit] = arrival, stamp, direction
                    size = _push(heap_cost, heap_item, size, arrival, waiting)
                entry = entry_next[entry]
        for arc in range(indptr[item], indptr[item + 1]):
            tail = arc_tail[arc]
            arrival = total + drive_s[arc_drive[arc]]
            if done[tail] != stamp and (seen[tail] != stamp or arrival < cost[tail]) and arrival < math.inf:
                cost[tail], seen[tail], next_arc[tail] = arrival, stamp, arc
                size = _push(heap_cost, heap_item, size, arrival, tail)
    return found

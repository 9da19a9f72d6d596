"""The roads in arrays: a reversed graph in compressed rows, with turn restrictions built in and closures masked."""

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from layers.roads.queries import Restrictions, RoadRows

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadGraph:
    """Roads as arcs between states, kept by the state they lead to, because the search runs backwards.

    A *drive* is a road in one direction: `2 * road` along its line, `2 * road + 1` against it. A *state* is a junction;
    a junction with a turn restriction has one state for each drive that arrives, so that where one came from is known.
    """

    road_ids: Ints  # ascending, so that a closure finds its road by bisection
    length_m: Floats  # by road
    speed_kmh: Floats  # by road: its limit, or the usual one of its class
    road_class: NDArray[np.int8]  # by road: index in `layers.roads.classes.CLASSES`
    area_id: Ints  # by road, 0 where it has none
    drive_s: Floats  # by drive, seconds to drive it through; infinite where it is one-way or closed
    free_drive_s: Floats  # the same with no closures: a closed road is still left, and entered to a place on it
    head_state: NDArray[np.int32]  # by drive: the state one is in at its end
    indptr: NDArray[np.int32]  # by state: its arriving arcs are indptr[s]:indptr[s + 1]
    arc_tail: NDArray[np.int32]  # by arc: the state one left
    arc_drive: NDArray[np.int32]  # by arc: the drive it is
    out_ptr: NDArray[np.int32]  # by state: the arcs that leave it are out_arc[out_ptr[s]:out_ptr[s + 1]]
    out_arc: NDArray[np.int32]
    arc_head: NDArray[np.int32]  # by arc: the state it leads to
    offsets: Ints
    lon: Floats
    lat: Floats

    @property
    def states(self) -> int:
        """Count the states."""
        return len(self.indptr) - 1

    def closing(self, road_ids: Collection[int]) -> "RoadGraph":
        """Return the graph with exactly these roads closed; shares everything but the masked times."""
        mine = self.index_of(np.fromiter(road_ids, dtype=np.int64, count=len(road_ids)))
        drive_s = self.free_drive_s.copy()
        drive_s[2 * mine] = drive_s[2 * mine + 1] = np.inf
        return replace(self, drive_s=drive_s)

    def timed(self, drive_kmh: Floats) -> "RoadGraph":
        """Return the graph driven at these speeds (km/h by drive) with nothing closed; shares all but the times."""
        seconds = np.repeat(self.length_m, 2) / drive_kmh * 3.6
        seconds[np.isinf(self.free_drive_s)] = np.inf  # what is one-way stays so
        return replace(self, drive_s=seconds, free_drive_s=seconds)

    def index_of(self, road_ids: Ints) -> Ints:
        """Return the indexes of those of these roads that the graph has."""
        return _index_of(self.road_ids, road_ids)


def build(roads: RoadRows, turns: Restrictions) -> RoadGraph:
    """Build the graph; restrictions that name a road or node that is not there are passed by."""
    order = np.argsort(roads.id, kind="stable")
    ids = roads.id[order].astype(np.int64)
    nodes, ends = np.unique(np.concatenate([roads.from_node[order], roads.to_node[order]]), return_inverse=True)
    tail_node, head_node = _by_drive(ends, len(ids))
    seconds = np.repeat(roads.length_m[order] / roads.speed_kmh[order] * 3.6, 2).astype(np.float64)
    allowed = np.stack([roads.forward[order], roads.backward[order]], axis=1).ravel().astype(bool)
    seconds[~allowed] = np.inf
    head_state, tails, drives, count = _expand(tail_node, head_node, allowed, len(nodes), _by_node(ids, nodes, turns))
    into = np.argsort(head_state[drives], kind="stable")
    indptr = np.zeros(count + 1, dtype=np.int32)
    np.cumsum(np.bincount(head_state[drives], minlength=count), out=indptr[1:])
    out_arc = np.argsort(tails[into], kind="stable")
    out_ptr = np.zeros(count + 1, dtype=np.int32)
    np.cumsum(np.bincount(tails, minlength=count), out=out_ptr[1:])
    offsets, lon, lat = _lines(roads, order)
    return RoadGraph(
        road_ids=ids,
        length_m=roads.length_m[order].astype(np.float64),
        speed_kmh=roads.speed_kmh[order].astype(np.float64),
        road_class=roads.road_class[order],
        area_id=roads.area_id[order],
        drive_s=seconds,
        free_drive_s=seconds,
        head_state=head_state.astype(np.int32),
        indptr=indptr,
        arc_tail=tails[into].astype(np.int32),
        arc_drive=drives[into].astype(np.int32),
        out_ptr=out_ptr,
        out_arc=out_arc.astype(np.int32),
        arc_head=head_state[drives[into]].astype(np.int32),
        offsets=offsets,
        lon=lon,
        lat=lat,
    )


def _by_drive(ends: Ints, roads: int) -> tuple[Ints, Ints]:
    start, end = ends[:roads], ends[roads:]
    tail = np.stack([start, end], axis=1).ravel()
    return tail, np.stack([end, start], axis=1).ravel()


def _lines(roads: RoadRows, order: Ints) -> tuple[Ints, Floats, Floats]:
    counts = np.diff(roads.offsets)[order]
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    take = np.repeat(roads.offsets[:-1][order] - offsets[:-1], counts) + np.arange(offsets[-1])
    return offsets, roads.lon[take].astype(np.float64), roads.lat[take].astype(np.float64)


def _index_of(sorted_ids: Ints, wanted: Ints) -> Ints:
    at = np.searchsorted(sorted_ids, wanted)
    known = at < len(sorted_ids)
    known[known] = sorted_ids[at[known]] == wanted[known]
    return at[known].astype(np.int64)


_Rule = tuple[bool, int, int]  # only, from road, to road


def _by_node(ids: Ints, nodes: Ints, turns: Restrictions) -> dict[int, list[_Rule]]:
    road_at = {int(road): i for i, road in enumerate(ids)}
    node_at = {int(node): i for i, node in enumerate(nodes)}
    found: dict[int, list[_Rule]] = {}
    columns = (turns.only, turns.from_road_id, turns.via_node, turns.to_road_id)
    for only, came, via, went in zip(*(column.tolist() for column in columns), strict=True):
        if via in node_at and came in road_at and went in road_at:
            found.setdefault(node_at[via], []).append((only, road_at[came], road_at[went]))
    return found


def _expand(
    tail_node: Ints, head_node: Ints, allowed: Bools, nodes: int, rules: dict[int, list[_Rule]]
) -> tuple[Ints, Ints, Ints, int]:
    """Return the head state of each drive, then tail state and drive of each arc, then how many states there are."""
    head_state = head_node.copy()
    special = np.zeros(nodes, dtype=bool)
    special[list(rules)] = True
    arriving = np.flatnonzero(special[head_node] & allowed)
    head_state[arriving] = nodes + np.arange(len(arriving))
    plain = np.flatnonzero(allowed & ~special[tail_node])
    turning = [pair for node, its in rules.items() for pair in _turns(node, its, tail_node, head_node, allowed)]
    pairs = np.array(turning, dtype=np.int64).reshape(-1, 2)
    tails = np.concatenate([tail_node[plain], head_state[pairs[:, 0]]])
    return head_state, tails, np.concatenate([plain, pairs[:, 1]]), nodes + len(arriving)


def _turns(node: int, rules: list[_Rule], tail_node: Ints, head_node: Ints, allowed: Bools) -> list[tuple[int, int]]:
    """Return the pairs of drives (in, out) that the rules of one junction let through."""
    only: dict[int, set[int]] = {}
    for _, came, went in (rule for rule in rules if rule[0]):
        only.setdefault(came, set()).add(went)
    barred = {(came, went) for is_only, came, went in rules if not is_only}
    arrive = np.flatnonzero((head_node == node) & allowed)
    leave = np.flatnonzero((tail_node == node) & allowed)
    return [
        (a, b)
        for a in arrive.tolist()
        for b in leave.tolist()
        if (a // 2, b // 2) not in barred and b // 2 in only.get(a // 2, {b // 2})
    ]

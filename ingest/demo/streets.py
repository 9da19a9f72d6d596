"""The streets that the demo drives on: directed arcs over the imported roads, and places along them.

An arc is one road driven in one direction: `2 * index` along its geometry, `2 * index + 1` against it.
"""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from layers.values import LonLat

METRES_PER_DEGREE = 111_195.0  # of a great circle on the mean sphere, 6,371.0088 km

DRIVABLE = frozenset(
    f"{name}{link}" for name in ("motorway", "trunk", "primary", "secondary", "tertiary") for link in ("", "_link")
) | {"unclassified", "residential", "living_street"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Street:
    """One road between two junctions, as it lies in the table `road`; `line` is (lon, lat) from `from_node` on."""

    road_id: int
    road_class: str
    name: str | None
    from_node: int
    to_node: int
    forward: bool
    backward: bool
    speed_kmh: float
    length_m: float
    area_id: int | None
    line: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A place on a line and the bearing of the line there, degrees clockwise from north."""

    place: LonLat
    heading_deg: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A line of (lon, lat) with the metres from its start to each of its points."""

    line: tuple[tuple[float, float], ...]
    metres: tuple[float, ...]

    @property
    def length_m(self) -> float:
        """Return the whole length in metres."""
        return self.metres[-1]

    def spot(self, along_m: float) -> Spot:
        """Return the place `along_m` metres from the start; both ends hold what lies beyond them."""
        i = min(max(bisect_right(self.metres, along_m) - 1, 0), len(self.line) - 2)
        (lon0, lat0), (lon1, lat1) = self.line[i], self.line[i + 1]
        span = self.metres[i + 1] - self.metres[i]
        t = min(max((along_m - self.metres[i]) / span, 0.0), 1.0) if span else 0.0
        place = LonLat(lon=lon0 + t * (lon1 - lon0), lat=lat0 + t * (lat1 - lat0))
        return Spot(place=place, heading_deg=bearing_deg((lon0, lat0), (lon1, lat1)))

    def nearest_m(self, place: LonLat) -> float:
        """Return the metres from the start to that point of the line which lies nearest to a place."""
        here = (place.lon, place.lat)
        return min((self._beside(i, here) for i in range(len(self.line) - 1)), key=lambda found: found[0])[1]

    def _beside(self, i: int, here: tuple[float, float]) -> tuple[float, float]:
        a, b = self.line[i], self.line[i + 1]
        shrink = math.cos(math.radians(here[1]))
        east, north, right, up = (b[0] - a[0]) * shrink, b[1] - a[1], (here[0] - a[0]) * shrink, here[1] - a[1]
        square = east * east + north * north
        t = min(max((right * east + up * north) / square, 0.0), 1.0) if square else 0.0
        foot = (a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1]))
        return distance_m(here, foot), self.metres[i] + t * (self.metres[i + 1] - self.metres[i])


def measure(line: Sequence[tuple[float, float]]) -> Measured:
    """Measure a line of (lon, lat); ValueError where it has fewer than two points."""
    if len(line) < 2:
        raise ValueError("a line has two points or more")
    metres = [0.0]
    for a, b in pairwise(line):
        metres.append(metres[-1] + distance_m(a, b))
    return Measured(line=tuple(line), metres=tuple(metres))


def distance_m(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Return the metres between two (lon, lat) of one city; the earth is taken as flat between them."""
    east = (b[0] - a[0]) * math.cos(math.radians((a[1] + b[1]) / 2))
    return math.hypot(east, b[1] - a[1]) * METRES_PER_DEGREE


def bearing_deg(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Return the bearing from one (lon, lat) to another close by, degrees clockwise from north, below 360."""
    east = (b[0] - a[0]) * math.cos(math.radians((a[1] + b[1]) / 2))
    return math.degrees(math.atan2(east, b[1] - a[1])) % 360.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Streets:
    """Every street from which each other one can be reached, and what leaves each of their nodes."""

    streets: tuple[Street, ...]
    leaving: dict[int, tuple[int, ...]]
    tree: cKDTree  # the middles of `streets`, longitudes shrunk by `shrink` so that a degree is a degree
    shrink: float
    _measured: dict[int, Measured] = field(default_factory=dict)

    @property
    def arcs(self) -> list[int]:
        """Return every arc that may be driven, in order."""
        return sorted(arc for arcs in self.leaving.values() for arc in arcs)

    def street(self, arc: int) -> Street:
        """Return the street an arc drives on."""
        return self.streets[arc >> 1]

    def end_node(self, arc: int) -> int:
        """Return the node an arc leads to."""
        street = self.streets[arc >> 1]
        return street.from_node if arc & 1 else street.to_node

    def measured(self, arc: int) -> Measured:
        """Return an arc's line in the direction of driving; measured at the first asking."""
        known = self._measured.get(arc)
        if known is None:
            line = self.streets[arc >> 1].line
            known = self._measured[arc] = measure(line[::-1] if arc & 1 else line)
        return known

    def nearest(self, place: LonLat) -> int:
        """Return an arc of the street whose middle lies nearest to a place."""
        index = int(self.tree.query((place.lon * self.shrink, place.lat))[1])
        return 2 * index if self.streets[index].forward else 2 * index + 1


def weave(streets: Sequence[Street]) -> Streets:
    """Keep the drivable streets of the largest part in which nobody gets stuck; ValueError where there is none."""
    drivable = [s for s in streets if s.road_class in DRIVABLE and (s.forward or s.backward) and len(s.line) > 1]
    if not drivable:
        raise ValueError("there are no drivable roads: import a city first")
    kept = _strongly_joined(drivable)
    if not kept:
        raise ValueError("the roads are all dead ends: nobody could drive on")
    middles = np.array([s.line[len(s.line) // 2] for s in kept])
    shrink = math.cos(math.radians(float(middles[:, 1].mean())))
    tree = cKDTree(middles * np.array([shrink, 1.0]))
    return Streets(streets=tuple(kept), leaving=_leaving(kept), tree=tree, shrink=shrink)


def _strongly_joined(streets: Sequence[Street]) -> list[Street]:
    nodes = {node: i for i, node in enumerate(dict.fromkeys(n for s in streets for n in (s.from_node, s.to_node)))}
    ends = [(nodes[s.from_node], nodes[s.to_node]) for s in streets if s.forward]
    ends += [(nodes[s.to_node], nodes[s.from_node]) for s in streets if s.backward]
    tails, heads = np.array(ends).T
    graph = csr_array((np.ones(len(ends), np.int8), (tails, heads)), shape=(len(nodes), len(nodes)))
    _, label = connected_components(graph, directed=True, connection="strong")
    best = np.bincount(label).argmax()
    return [s for s in streets if label[nodes[s.from_node]] == best and label[nodes[s.to_node]] == best]


def _leaving(streets: Sequence[Street]) -> dict[int, tuple[int, ...]]:
    leaving: dict[int, list[int]] = {}
    for i, street in enumerate(streets):
        if street.forward:
            leaving.setdefault(street.from_node, []).append(2 * i)
        if street.backward:
            leaving.setdefault(street.to_node, []).append(2 * i + 1)
    return {node: tuple(arcs) for node, arcs in leaving.items()}

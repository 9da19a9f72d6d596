"""The streets of the demo city: which stretches of the grid exist, what they are called, and the ways they make."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from ingest.city.made import plan
from ingest.city.made.lattice import BIG, Lattice, Use
from ingest.city.made.names import StreetNames
from layers.values import Title

Runs = Literal["we", "ns"]
Edge = tuple[Runs, int, int]  # from the crossing (i, j) to its neighbour east (we) or north (ns)
_MAXSPEED = {"motorway": "110", "trunk": "80", "primary": "KZ:urban", "secondary": "60", "living_street": "20"}
_ROUNDABOUT_M, _CARRIAGEWAY_M = 21.0, 13.0
_COMPASS = {"E": 0, "N": 2, "W": 4, "S": 6}  # which of a roundabout's eight nodes a street meets


@dataclass(frozen=True, slots=True, kw_only=True)
class Street:
    """What a stretch of the grid is."""

    highway: str
    name: Title | None = None
    oneway: int = 0
    bridge: bool = False


@dataclass(slots=True, kw_only=True, eq=False)
class Way:
    """A road as it goes into the file: nodes by number, and tags."""

    nodes: list[int]
    tags: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A turn restriction between two ways over a node."""

    kind: str
    from_way: Way
    via: int
    to_way: Way


@dataclass(slots=True)
class Streets:
    """All streets: places of the nodes in metres, the ways, the turns, and which street each stretch belongs to."""

    places: list[tuple[float, float]] = field(default_factory=list)
    ways: list[Way] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    edges: dict[Edge, Street] = field(default_factory=dict)
    round_at: dict[tuple[int, int], list[int]] = field(default_factory=dict)

    def node(self, x: float, y: float) -> int:
        """Add a node at a place in metres and return its number."""
        self.places.append((x, y))
        return len(self.places) - 1


def build(lattice: Lattice, uses: dict[tuple[int, int], Use], water: shapely.Geometry, seed: int) -> Streets:
    """Return the streets; every node of them can be reached from every other, one-ways respected."""
    return _Builder(lattice, uses, water, seed).build()


class _Builder:
    def __init__(self, lattice: Lattice, uses: dict[tuple[int, int], Use], water: shapely.Geometry, seed: int) -> None:
        self.lattice, self.uses, self.water, self.seed = lattice, uses, water, seed
        self.rng, self.names = random.Random(f"{seed}/streets"), StreetNames(seed)
        self.stretches = dict[tuple[Runs, int, int], Title]()
        self.streets = Streets()
        self.crossings = dict[tuple[int, int], int]()
        self.middles = dict[Edge, int]()
        self.way_of = dict[Edge, Way]()
        self.motorway = self._motorway_line()

    def build(self) -> Streets:
        for i, j in self.motorway:
            self.lattice.inside[i, j] = False
        self._lay_edges()
        self._take_away()
        self._roundabouts()
        self._services()
        self._chain_lines("we")
        self._chain_lines("ns")
        self._lay_motorway()
        self._turns()
        _keep_connected(self.streets)
        return self.streets

    # ── which stretches there are ──

    def _motorway_line(self) -> list[tuple[int, int]]:
        """Return the crossings that the motorway takes; it begins and ends at ordinary ones beside them."""
        j = next(j for j, avenues in enumerate(self.lattice.we) if plan.MOTORWAY in avenues)
        line = [(i, j) for i in range(len(self.lattice.ns)) if self.lattice.inside[i, j]]
        on_it = [(i, j) for i, j in line if plan.MOTORWAY.first < self.lattice.lonlat(i, j)[0] < plan.MOTORWAY.last]
        return on_it[1:-1] if len(on_it) > 8 else []

    def _lay_edges(self) -> None:
        inside = self.lattice.inside
        for i, j in np.argwhere(inside[:-1, :] & inside[1:, :]).tolist():
            self.streets.edges["we", i, j] = self._street("we", i, j)
        for i, j in np.argwhere(inside[:, :-1] & inside[:, 1:]).tolist():
            self.streets.edges["ns", i, j] = self._street("ns", i, j)

    def _street(self, runs: Runs, i: int, j: int) -> Street:
        lon, lat = self.lattice.lonlat(i, j)
        line, along, number = (self.lattice.we[j], lon, j) if runs == "we" else (self.lattice.ns[i], lat, i)
        for avenue in line:
            if avenue.first <= along <= avenue.last and avenue is not plan.MOTORWAY:
                name = Title(kk=avenue.kk, ru=avenue.ru, en=avenue.en)
                return Street(highway=avenue.highway, name=name, oneway=avenue.oneway)
        stretch = (runs, number, ((i if runs == "we" else j) + 5 * number) // 13)
        if stretch not in self.stretches:
            person = self.names.person() if self.rng.random() < 0.3 else None
            self.stretches[stretch] = person or self.names.numbered(lon, lat)
        return Street(highway="residential", name=self.stretches[stretch])

    def _take_away(self) -> None:
        """Lesser streets end at rivers and parks, and some blocks have grown together."""
        lesser = [edge for edge, street in self.streets.edges.items() if street.highway == "residential"]
        wet = np.atleast_1d(shapely.intersects(self.water, shapely.linestrings([self._line(edge) for edge in lesser])))
        for edge, over_water in zip(lesser, wet, strict=True):
            if over_water or self.rng.random() < self._rarity(edge):
                del self.streets.edges[edge]

    def _line(self, edge: Edge) -> NDArray[np.float64]:
        runs, i, j = edge
        return self.lattice.xy[[i, i + (runs == "we")], [j, j + (runs == "ns")]]

    def _rarity(self, edge: Edge) -> float:
        """Return how likely a lesser stretch is missing."""
        runs, i, j = edge
        beside = {self.uses.get((i, j)), self.uses.get((i, j - 1) if runs == "we" else (i - 1, j))}
        if beside & {"park", "lake"}:
            return 1.0 if None in beside or len(beside) == 1 else 0.0
        return 0.3 if "works" in beside else 0.16 if "flats" in beside else 0.05

    # ── crossings ──

    def _roundabouts(self) -> None:
        """Put a roundabout where two lesser avenues cross, not in the dense middle and not everywhere."""
        for i, j in self.lattice.cells():
            around = [
                self.streets.edges.get(e) for e in (("we", i, j), ("ns", i, j), ("we", i - 1, j), ("ns", i, j - 1))
            ]
            if not all(s and s.highway in ("tertiary", "secondary") and not s.oneway for s in around):
                continue
            dense = self.uses.get((i, j)) == "core"
            if not dense and random.Random(f"{self.seed}/round/{i}/{j}").random() < 0.2:
                self._roundabout(i, j)

    def _roundabout(self, i: int, j: int) -> None:
        x, y = self.lattice.xy[i, j]
        angles = np.arange(8) * np.pi / 4
        ring = [self.streets.node(x + _ROUNDABOUT_M * np.cos(a), y + _ROUNDABOUT_M * np.sin(a)) for a in angles]
        self.streets.round_at[i, j] = ring
        tags = {"highway": "tertiary", "junction": "roundabout", "maxspeed": "30"}
        self.streets.ways.append(Way(nodes=[*ring, ring[0]], tags=tags))

    def _crossing(self, i: int, j: int, side: str) -> int:
        ring = self.streets.round_at.get((i, j))
        if ring:
            return ring[_COMPASS[side]]
        if (i, j) not in self.crossings:
            self.crossings[i, j] = self.streets.node(*self.lattice.xy[i, j])
        return self.crossings[i, j]

    # ── yards ──

    def _services(self) -> None:
        """Lead a drive through the yards of flats, works and shops, from the street below to the one above."""
        for (i, j), use in self.uses.items():
            below: Edge = ("we", i, j)
            above: Edge = ("we", i, j + 1)
            ends = [self.streets.edges.get(edge) for edge in (below, above)]
            rng = random.Random(f"{self.seed}/service/{i}/{j}")
            wanted = {"core": 0.75, "flats": 0.9, "shops": 0.8, "works": 0.6}.get(use, 0.0)
            if rng.random() > wanted or any(s is None or s.highway == "trunk" for s in ends):
                continue
            start, end = (self._line(edge).mean(axis=0) for edge in (below, above))
            if shapely.intersects(self.water, shapely.linestrings([start, end])):
                continue
            bend = [start + (end - start) * t + (rng.uniform(-5, 5), 0) for t in (0.3, 0.7)]
            nodes = [self._middle(below), *(self.streets.node(*spot) for spot in bend), self._middle(above)]
            self.streets.ways.append(Way(nodes=nodes, tags={"highway": "service", "service": "driveway"}))

    def _middle(self, edge: Edge) -> int:
        if edge not in self.middles:
            self.middles[edge] = self.streets.node(*self._line(edge).mean(axis=0))
        return self.middles[edge]

    # ── ways ──

    def _chain_lines(self, runs: Runs) -> None:
        """Join the stretches of each line into ways as long as the street stays the same."""
        wide, high = self.lattice.inside.shape
        forth, back = ("E", "W") if runs == "we" else ("N", "S")
        for line in range(high if runs == "we" else wide):
            way: Way | None = None
            last: Street | None = None
            for at in range((wide if runs == "we" else high) - 1):
                i, j = (at, line) if runs == "we" else (line, at)
                street = self.streets.edges.get((runs, i, j))
                if street is None:
                    way = None
                    continue
                nodes = self._nodes_along((runs, i, j), forth, back)
                if way is None or street != last or way.nodes[-1] != nodes[0] or self._is_avenue_crossing(i, j):
                    way, last = Way(nodes=nodes[:1], tags=_tags(street)), street
                    self.streets.ways.append(way)
                way.nodes.extend(nodes[1:])
                self.way_of[runs, i, j] = way

    def _nodes_along(self, edge: Edge, forth: str, back: str) -> list[int]:
        runs, i, j = edge
        middle = [self.middles[edge]] if edge in self.middles else []
        further = (i + 1, j) if runs == "we" else (i, j + 1)
        return [self._crossing(i, j, forth), *middle, self._crossing(*further, back)]

    def _around(self, i: int, j: int) -> dict[str, Edge]:
        """Return the stretches that meet at a crossing, by the side they lie on."""
        sides: dict[str, Edge] = {"E": ("we", i, j), "N": ("ns", i, j), "W": ("we", i - 1, j), "S": ("ns", i, j - 1)}
        return {side: edge for side, edge in sides.items() if edge in self.streets.edges}

    def _is_avenue_crossing(self, i: int, j: int) -> bool:
        around = self._around(i, j)
        return len(around) == 4 and all(self.streets.edges[edge].highway != "residential" for edge in around.values())

    def _lay_motorway(self) -> None:
        """Lay two carriageways, bridges of the big avenues over them, and ramps to the streets on either side."""
        if not self.motorway:
            return
        j, first, last = self.motorway[0][1], self.motorway[0][0] - 1, self.motorway[-1][0] + 1
        name = Title(kk=plan.MOTORWAY.kk, ru=plan.MOTORWAY.ru, en=plan.MOTORWAY.en)
        tags = _tags(Street(highway="motorway", name=name, oneway=1))
        west, east = self._crossing(first, j, "E"), self._crossing(last, j, "W")
        lanes = {
            side: {i: self.streets.node(*(self.lattice.xy[i, j] + (0, shift))) for i, j in self.motorway}
            for side, shift in (("S", -_CARRIAGEWAY_M), ("N", _CARRIAGEWAY_M))
        }
        self.streets.ways.append(Way(nodes=[west, *lanes["S"].values(), east], tags=tags))
        self.streets.ways.append(Way(nodes=[east, *reversed(lanes["N"].values()), west], tags=dict(tags)))
        since = 0
        for i, _ in self.motorway[2:-2]:
            avenue = next((a for a in self.lattice.ns[i] if a.highway in (*BIG, "tertiary")), None)
            if avenue is None or not (self.lattice.inside[i, j - 1] and self.lattice.inside[i, j + 1]):
                continue
            over = replace(self._street("ns", i, j), bridge=True)
            ends = {"S": self._crossing(i, j - 1, "N"), "N": self._crossing(i, j + 1, "S")}
            self.streets.ways.append(Way(nodes=[ends["S"], ends["N"]], tags=_tags(over)))
            if avenue.highway in BIG and i - since > 4:
                self._ramps(i, lanes, ends)
                since = i

    def _ramps(self, i: int, lanes: dict[str, dict[int, int]], ends: dict[str, int]) -> None:
        tags = {"highway": "motorway_link", "oneway": "yes", "maxspeed": "50"}
        for side, before, after in (("S", i - 1, i + 1), ("N", i + 1, i - 1)):
            self.streets.ways.append(Way(nodes=[lanes[side][before], ends[side]], tags=dict(tags)))
            self.streets.ways.append(Way(nodes=[ends[side], lanes[side][after]], tags=dict(tags)))

    # ── turns ──

    def _turns(self) -> None:
        """Forbid a turn at many a crossing of avenues."""
        left = {"S": "W", "N": "E", "W": "N", "E": "S"}  # who comes from the south turns left to the west
        for i, j in self.lattice.cells():
            if not self._is_avenue_crossing(i, j) or (i, j) in self.streets.round_at:
                continue
            rng = random.Random(f"{self.seed}/turn/{i}/{j}")
            side = rng.choice("SNWE")
            kind = rng.choice(["no_left_turn", "no_left_turn", "no_u_turn", "none", "none"])
            around = self._around(i, j)
            if kind == "none" or any(self.streets.edges[edge].oneway for edge in around.values()):
                continue
            to = around[side if kind == "no_u_turn" else left[side]]
            ways = self.way_of[around[side]], self.way_of[to]
            self.streets.turns.append(Turn(kind=kind, from_way=ways[0], via=self._crossing(i, j, side), to_way=ways[1]))


def _tags(street: Street) -> dict[str, str]:
    tags = {"highway": street.highway}
    if street.name:
        tags |= named(street.name)
    if street.highway in _MAXSPEED:
        tags["maxspeed"] = _MAXSPEED[street.highway]
    if street.oneway:
        tags["oneway"] = "yes" if street.oneway > 0 else "-1"
    if street.bridge:
        tags |= {"bridge": "yes", "layer": "1"}
    return tags


def named(title: Title) -> dict[str, str]:
    """Return the tags of a name; the plain one is Kazakh, the state language."""
    return {"name": title.kk, "name:kk": title.kk, "name:ru": title.ru, "name:en": title.en}


def _arcs(ways: Iterable[Way]) -> Iterator[tuple[int, int]]:
    for way in ways:
        pairs = list(zip(way.nodes, way.nodes[1:], strict=False))
        oneway = way.tags.get("oneway") or ("yes" if way.tags.get("junction") == "roundabout" else "no")
        yield from pairs if oneway != "-1" else ()
        yield from ((b, a) for a, b in pairs) if oneway in ("no", "-1") else ()


def _keep_connected(streets: Streets) -> None:
    """Drop what one could not drive to and back from: ways are cut down to the largest strongly connected part."""
    tail, head = np.array(list(_arcs(streets.ways))).T
    n = len(streets.places)
    _, part = connected_components(coo_matrix((np.ones(len(tail)), (tail, head)), shape=(n, n)), connection="strong")
    kept = part == np.bincount(part).argmax()
    whole = {id(way) for way in streets.ways if kept[way.nodes].all()}
    streets.turns = [t for t in streets.turns if id(t.from_way) in whole and id(t.to_way) in whole]
    cut = [piece for way in streets.ways if id(way) not in whole for piece in _runs(way, kept)]
    streets.ways = [way for way in streets.ways if id(way) in whole] + cut


def _runs(way: Way, kept: NDArray[np.bool_]) -> Iterator[Way]:
    run: list[int] = []
    for node in [*way.nodes, None]:
        if node is not None and kept[node]:
            run.append(node)
            continue
        if len(run) > 1:
            yield Way(nodes=run, tags=way.tags)
        run = []

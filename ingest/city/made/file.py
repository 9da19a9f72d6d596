"""Writes the demo city as `.osm.pbf`: the same bytes for the same city."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import osmium
import shapely
from numpy.typing import NDArray
from osmium.osm.mutable import Node, Relation
from osmium.osm.mutable import Way as OsmWay

from ingest.city.made.blocks import Building
from ingest.city.made.land import Patch
from ingest.city.made.places import Hydrant
from ingest.city.made.plan import to_degrees
from ingest.city.made.streets import Streets

_FIRST_ID = 900_000_000_000  # far above any id of OpenStreetMap, so that a real city can stand beside
_IDS_A_SEED = 1_000_000_000


class CityFile:
    """An `.osm.pbf` being written: nodes first, then ways, then relations, as the format wants it."""

    def __init__(self, path: Path, seed: int) -> None:
        """Open the file for writing; raises OSError or RuntimeError where that cannot be."""
        header = osmium.io.Header()
        header.set("generator", "qyran demo city")
        self._writer = osmium.SimpleWriter(osmium.io.File(str(path), "pbf"), header=header, overwrite=True)
        self._base = _FIRST_ID + seed * _IDS_A_SEED
        self._nodes, self._next_node = list[tuple[NDArray[np.float64], list[dict[str, str]] | None]](), 0
        self._ways = list[tuple[list[int], dict[str, str]]]()
        self._relations = list[tuple[dict[str, str], list[tuple[str, int, str]]]]()

    def streets(self, streets: Streets) -> None:
        """Take the streets with their turn restrictions."""
        first, first_way = self._points(np.array(streets.places)), len(self._ways)
        ways = {id(way): first_way + k for k, way in enumerate(streets.ways)}
        self._ways += [([first + node for node in way.nodes], way.tags) for way in streets.ways]
        for turn in streets.turns:
            from_way, to_way = ways[id(turn.from_way)], ways[id(turn.to_way)]
            members = [("w", from_way, "from"), ("n", first + turn.via, "via"), ("w", to_way, "to")]
            self._relations.append(({"type": "restriction", "restriction": turn.kind}, members))

    def outlines(self, shapes: Sequence[tuple[NDArray[np.float64], dict[str, str]]]) -> None:
        """Take closed outlines in metres, each without a repeated last corner, with tags."""
        if not shapes:
            return
        first = self._points(np.concatenate([corners for corners, _ in shapes]))
        for corners, tags in shapes:
            ring = list(range(first, first + len(corners)))
            self._ways.append(([*ring, first], tags))
            first += len(corners)

    def buildings(self, buildings: Sequence[Building]) -> None:
        """Take the buildings."""
        self.outlines([(b.corners, b.tags) for b in buildings])

    def patches(self, patches: Sequence[Patch]) -> None:
        """Take water, parks and used land."""
        self.outlines([(shapely.get_coordinates(p.outline)[:-1], p.tags) for p in patches])

    def hydrants(self, hydrants: Sequence[Hydrant]) -> None:
        """Take the hydrants."""
        self._points(np.array([(h.x, h.y) for h in hydrants]).reshape(-1, 2), [h.tags for h in hydrants])

    def _points(self, metres: NDArray[np.float64], tags: list[dict[str, str]] | None = None) -> int:
        first = self._next_node
        self._nodes.append((np.round(to_degrees(metres), 7), tags))
        self._next_node += len(metres)
        return first

    def close(self) -> None:
        """Write everything; raises OSError or RuntimeError, as where the disk is full."""
        try:
            self._write()
        finally:
            self._writer.close()

    def _write(self) -> None:
        number = self._base
        for points, tags in self._nodes:
            for k, spot in enumerate(points.tolist()):
                number += 1
                self._writer.add_node(Node(id=number, location=spot, tags=tags[k] if tags else None))
        for k, (nodes, given) in enumerate(self._ways, 1):
            refs = [self._base + 1 + node for node in nodes]
            self._writer.add_way(OsmWay(id=self._base + k, nodes=refs, tags=given))
        for k, (given, members) in enumerate(self._relations, 1):
            named = [(kind, self._base + 1 + ref, role) for kind, ref, role in members]
            self._writer.add_relation(Relation(id=self._base + k, members=named, tags=given))

"""The first reading of a file: where roads meet, which turns are restricted, what streets are called."""

from array import array
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import osmium

from ingest.city import roads, tags
from ingest.city.addresses import StreetNames
from ingest.city.report import Report

RELEVANT = (
    *("highway", "building", "landuse", "natural", "leisure", "waterway", "amenity", "emergency"),
    *("addr:housenumber", "addr:street", "restriction"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A turn restriction as OSM has it: between two ways, over a node."""

    osm_id: int
    kind: str
    from_way: int
    via_node: int
    to_way: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What the second reading needs to know beforehand; 8 bytes a road node are the most that it holds."""

    junctions: set[int]
    turns: list[Turn]
    streets: dict[str, StreetNames]
    objects: int
    roads: int

    @property
    def turn_ways(self) -> set[int]:
        """The ways that a restriction names."""
        return {way for turn in self.turns for way in (turn.from_way, turn.to_way)}


def read(path: Path, report: Report) -> Survey:
    """Read the file once; counts restrictions that cannot be kept. Raises RuntimeError where it cannot be decoded."""
    nodes, turns, streets, objects, count = array("q"), list[Turn](), dict[str, StreetNames](), 0, 0
    for thing in osmium.FileProcessor(str(path)).with_filter(osmium.filter.KeyFilter(*RELEVANT)):
        objects += 1
        if thing.is_way() and "highway" in thing.tags:
            count += _road(thing, nodes, streets)
        elif thing.is_relation() and thing.tags.get("type") == "restriction":
            turn = _turn(thing)
            turns.append(turn) if isinstance(turn, Turn) else report.skip("turn restriction", turn)
    return Survey(junctions=_shared(nodes), turns=turns, streets=streets, objects=objects, roads=count)


def _road(way: Any, nodes: "array[int]", streets: dict[str, StreetNames]) -> bool:
    given = tags.of(way)
    if roads.why_not_driven(given) is not None:
        return False
    nodes.extend(node.ref for node in way.nodes)
    name = given.get("name")
    if name and name not in streets:
        streets[name] = StreetNames(kk=given.get("name:kk"), ru=given.get("name:ru"), en=given.get("name:en"))
    return True


def _shared(nodes: "array[int]") -> set[int]:
    """Return the nodes that occur more than once: where ways meet, or one way meets itself."""
    ids, counts = np.unique(np.frombuffer(nodes, dtype=np.int64), return_counts=True)
    return set(ids[counts > 1].tolist())


def _turn(relation: Any) -> Turn | str:
    kind = relation.tags.get("restriction", "")
    if not kind.startswith(("no_", "only_")):
        return f"not understood: restriction={kind}"
    members = [(m.role, m.type, m.ref) for m in relation.members]
    ways = {role: [ref for r, t, ref in members if r == role and t == "w"] for role in ("from", "to", "via")}
    via = [ref for role, kind_, ref in members if role == "via" and kind_ == "n"]
    if ways["via"]:
        return "over a way instead of a node"
    if len(ways["from"]) != 1 or len(ways["to"]) != 1 or len(via) != 1:
        return "not exactly one from, via and to"
    return Turn(osm_id=relation.id, kind=kind, from_way=ways["from"][0], via_node=via[0], to_way=ways["to"][0])

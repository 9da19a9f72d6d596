"""From a way to the segments between its junctions, and from OSM's turn restrictions to segments and nodes."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pyproj
import shapely

from ingest.city import roads, tags
from ingest.city.report import Report
from ingest.city.survey import Turn
from layers.roads.queries import NewRestriction, NewRoad

_GEOD = pyproj.Geod(ellps="WGS84")
Spot = tuple[int, float, float]  # node, lon, lat


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """A segment at one of its nodes: whether one may arrive there by it, and leave by it."""

    road_id: int
    arrives: bool
    leaves: bool


class Segments:
    """Cuts ways into segments; remembers the ends of those ways alone that a turn restriction names."""

    def __init__(self, junctions: set[int], turn_ways: set[int], ids: Iterator[int], report: Report) -> None:
        """Take the junctions, the ways to remember, the stream of ids for new segments, and where to count."""
        self._junctions, self._turn_ways, self._ids, self._report = junctions, turn_ways, ids, report
        self._ends: defaultdict[tuple[int, int], list[End]] = defaultdict(list)

    def of(self, way: Any) -> Iterator[NewRoad]:
        """Yield the segments of a way with `highway`; what is no road or has no place is counted with its reason."""
        given = tags.of(way)
        why_not = roads.why_not_driven(given)
        if why_not is not None:
            self._report.skip("road", why_not)
            return
        for run in self._placed(way):
            for cut in roads.split([node for node, _, _ in run], self._junctions):
                yield from self._segment(way.id, given, run[cut])

    def _placed(self, way: Any) -> Iterator[list[Spot]]:
        """Yield the stretches of a way whose nodes are all in the file: extracts are often cut across a road."""
        run: list[Spot] = []
        for node in way.nodes:
            if node.location.valid():
                if not run or run[-1][0] != node.ref:
                    run.append((node.ref, node.location.lon, node.location.lat))
                continue
            self._report.skip("road node", "not in the file")
            yield from [run] if len(run) > 1 else []
            run = []
        if len(run) > 1:
            yield run

    def _segment(self, way_id: int, given: tags.Tags, run: Sequence[Spot]) -> Iterator[NewRoad]:
        nodes, lon, lat = zip(*run, strict=True)
        length_m = _GEOD.line_length(lon, lat)
        if length_m < 0.01:
            self._report.skip("road segment", "no length")
            return
        along = roads.directions(given)
        new = NewRoad(
            id=next(self._ids),
            osm_id=way_id,
            highway=given["highway"],
            **tags.names(given),
            from_node=nodes[0],
            to_node=nodes[-1],
            forward=along.forward,
            backward=along.backward,
            speed_kmh=roads.speed_kmh(given),
            length_m=length_m,
            geom=shapely.to_wkb(shapely.linestrings(lon, lat), hex=True),
        )
        if way_id in self._turn_ways:
            self._remember(new)
        yield new

    def _remember(self, new: NewRoad) -> None:
        first, last = (new.osm_id, new.from_node), (new.osm_id, new.to_node)
        self._ends[first].append(End(road_id=new.id, arrives=new.backward, leaves=new.forward))
        self._ends[last].append(End(road_id=new.id, arrives=new.forward, leaves=new.backward))

    def restrictions(self, turns: Sequence[Turn]) -> Iterator[NewRestriction]:
        """Yield the restrictions between segments; those that fit no pair of segments, or several, are counted."""
        for turn in turns:
            arriving = {e.road_id for e in self._ends[turn.from_way, turn.via_node] if e.arrives}
            leaving = {e.road_id for e in self._ends[turn.to_way, turn.via_node] if e.leaves}
            why_not = _why_not(turn, arriving, leaving)
            if why_not is not None:
                self._report.skip("turn restriction", why_not)
                continue
            yield NewRestriction(
                osm_id=turn.osm_id,
                kind=turn.kind,
                from_road_id=arriving.pop(),
                via_node=turn.via_node,
                to_road_id=leaving.pop(),
            )


def _why_not(turn: Turn, arriving: set[int], leaving: set[int]) -> str | None:
    if not arriving or not leaving:
        return "its roads do not meet at the node, or not in that direction"
    same_way_back = turn.from_way == turn.to_way and arriving == leaving
    if (len(arriving) > 1 or len(leaving) > 1) and not same_way_back:
        return "a road passes through the node, so that the turn is not certain"
    return None

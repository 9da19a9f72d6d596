"""Ranks units by driving time on the imported roads: snap, search, and the line of each way found."""

import threading
from collections.abc import Collection
from dataclasses import dataclass, field, replace

import numpy as np

from geo_server.routing import snap
from geo_server.routing.road_graph import Floats, RoadGraph
from geo_server.routing.router import Path, Reached, Stands
from geo_server.routing.search import Found, Search
from geo_server.routing.snap import RoadIndex, Snapped
from geo_server.routing.tracing import traced
from layers.values import LonLat

OFF_ROAD_KMH = 20.0  # between the road and where a unit stands or the incident is: yards and drives


@dataclass(frozen=True, slots=True)
class RoadRouter:
    """A router over one state of the roads; `closing` gives the router of another state and shares the rest."""

    graph: RoadGraph
    index: RoadIndex
    _search: Search
    name: str = "road graph"
    straight: bool = False
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def over(cls, graph: RoadGraph) -> "RoadRouter":
        """Build what the router needs beside the graph, and compile its kernels, so that no user waits for it."""
        router = cls(graph, snap.index(graph), Search(graph))
        if len(graph.lon):
            router.reach(LonLat(lon=graph.lon[0], lat=graph.lat[0]), Stands.of([(0, _middle(graph))]), 1)
        return router

    def closing(self, road_ids: Collection[int]) -> "RoadRouter":
        """Return the router with exactly these roads closed."""
        return replace(self, graph=self.graph.closing(road_ids))

    def timed(self, drive_kmh: Floats) -> "RoadRouter":
        """Return the router at these speeds (km/h by drive), with nothing closed."""
        return replace(self, graph=self.graph.timed(drive_kmh))

    def has_road(self, place: LonLat) -> bool:
        """Say whether a road is within 500 m of `place`."""
        return bool(self._snap(place).road[0] >= 0)

    def times(self, place: LonLat, units: Stands, k: int) -> list[tuple[int, float]]:
        """Return id and seconds of the `k` units quickest to `place` by road; see `Router.times`."""
        goal = self._snap(place)
        starts = self.index.snap(units.lon, units.lat)
        with self._one_at_a_time:
            found = self._search.run(self.graph, goal, starts, off_road_s(starts), k)
        seconds = found.seconds + float(off_road_s(goal)[0])
        return list(zip(units.ids[found.unit].tolist(), seconds.tolist(), strict=True))

    def way(self, start: Snapped, goal: Snapped) -> tuple[float, tuple[int, ...]] | None:
        """Return seconds and drives from one point of a road to another, None where no way leads there."""
        with self._one_at_a_time:
            found = self._search.run(self.graph, goal, start, np.zeros(1), 1)
            if not len(found.unit):
                return None
            return float(found.seconds[0]), self._search.drives(self.graph, int(start.road[0]), int(found.way[0]))

    def reach(self, place: LonLat, units: Stands, k: int) -> list[Reached]:
        """Return the `k` units quickest to `place` by road; those without a road or a way are left out."""
        goal = self._snap(place)
        starts = self.index.snap(units.lon, units.lat)
        with self._one_at_a_time:
            found = self._search.run(self.graph, goal, starts, off_road_s(starts), k)
            ways = [
                self._search.drives(self.graph, int(starts.road[unit]), int(way))
                for unit, way in zip(found.unit, found.way, strict=True)
            ]
        return [self._reached(i, found, ways[i], goal, starts, units, place) for i in range(len(ways))]

    def _snap(self, place: LonLat) -> Snapped:
        return self.index.snap(np.array([place.lon]), np.array([place.lat]))

    def _reached(
        self,
        i: int,
        found: Found,
        drives: tuple[int, ...],
        goal: Snapped,
        starts: Snapped,
        units: Stands,
        place: LonLat,
    ) -> Reached:
        unit = int(found.unit[i])
        start, end = float(starts.fraction[unit]), float(goal.fraction[0])
        metres, road_line = trace(self.graph, drives, start, end)
        off_road_m = float(starts.offset_m[unit] + goal.offset_m[0])
        ends = ((float(units.lon[unit]), float(units.lat[unit])), (place.lon, place.lat))
        return Reached(
            unit_id=int(units.ids[unit]),
            seconds=float(found.seconds[i]) + float(goal.offset_m[0]) / OFF_ROAD_KMH * 3.6,
            metres=metres + off_road_m,
            path=(ends[0], *road_line, ends[1]),
        )


def off_road_s(snapped: Snapped) -> Floats:
    """Return the seconds between each place and its road; 0 where it has none."""
    return np.where(snapped.road >= 0, snapped.offset_m, 0.0) / OFF_ROAD_KMH * 3.6


def trace(graph: RoadGraph, drives: tuple[int, ...], start: float, end: float) -> tuple[float, Path]:
    """Return metres and line of a way that begins at fraction `start` of its first road, ends at `end` of its last."""
    lines = (graph.offsets, graph.lon, graph.lat, graph.length_m)
    metres, lon, lat = traced(lines, np.array(drives, dtype=np.int64), start, end)
    return metres, tuple(zip(lon.tolist(), lat.tolist(), strict=True))


def _middle(graph: RoadGraph) -> LonLat:
    middle = len(graph.lon) // 2
    return LonLat(lon=float(graph.lon[middle]), lat=float(graph.lat[middle]))

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

    def has_road(self, place: LonLat) -> bool:
        """Say whether a road is within 500 m of `place`."""
        return bool(self._snap(place).road[0] >= 0)

    def reach(self, place: LonLat, units: Stands, k: int) -> list[Reached]:
        """Return the `k` units quickest to `place` by road; those without a road or a way are left out."""
        goal = self._snap(place)
        starts = self.index.snap(units.lon, units.lat)
        off_road_s = np.where(starts.road >= 0, starts.offset_m, 0.0) / OFF_ROAD_KMH * 3.6
        with self._one_at_a_time:
            found = self._search.run(self.graph, goal, starts, off_road_s, k)
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


def trace(graph: RoadGraph, drives: tuple[int, ...], start: float, end: float) -> tuple[float, Path]:
    """Return metres and line of a way that begins at fraction `start` of its first road, ends at `end` of its last."""
    last = len(drives) - 1
    metres, points = 0.0, list[tuple[float, float]]()
    for i, drive in enumerate(drives):
        road, against = drive >> 1, drive & 1
        leave, arrive = (1.0, 0.0) if against else (0.0, 1.0)
        leave, arrive = start if i == 0 else leave, end if i == last else arrive
        metres += abs(arrive - leave) * float(graph.length_m[road])
        line = _part(graph, road, min(leave, arrive), max(leave, arrive))
        points.extend(reversed(line) if against else line)
    return metres, tuple(point for i, point in enumerate(points) if i == 0 or point != points[i - 1])


def _part(graph: RoadGraph, road: int, low: float, high: float) -> list[tuple[float, float]]:
    here = slice(int(graph.offsets[road]), int(graph.offsets[road + 1]))
    lon, lat = graph.lon[here], graph.lat[here]
    if low <= 0.0 and high >= 1.0:
        return list(zip(lon.tolist(), lat.tolist(), strict=True))
    along = _along(lon, lat)
    inner = (along > low) & (along < high)
    cut_lon = np.interp([low, high], along, lon)
    cut_lat = np.interp([low, high], along, lat)
    lons = [cut_lon[0], *lon[inner], cut_lon[1]]
    lats = [cut_lat[0], *lat[inner], cut_lat[1]]
    return [(float(x), float(y)) for x, y in zip(lons, lats, strict=True)]


def _along(lon: Floats, lat: Floats) -> Floats:
    step = np.hypot(np.diff(lon) * np.cos(np.radians(lat[0])), np.diff(lat))
    run = np.concatenate([[0.0], np.cumsum(step)])
    return run / run[-1] if run[-1] > 0 else np.linspace(0.0, 1.0, len(run))


def _middle(graph: RoadGraph) -> LonLat:
    middle = len(graph.lon) // 2
    return LonLat(lon=float(graph.lon[middle]), lat=float(graph.lat[middle]))

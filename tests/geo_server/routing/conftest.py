"""Small cities for the routers."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import pytest

from geo_server.routing import road_graph
from geo_server.routing.road_router import RoadRouter
from layers.roads.queries import Restrictions, RoadRows

M_PER_LON, M_PER_LAT = 111_195.08 * np.cos(np.radians(43.2)), 111_195.08

Segment = tuple[int, int, int, bool, bool]  # id, from node, to node, forward, backward
Turn = tuple[int, int, int, bool]  # from road, via node, to road, only


def turns_of(*turns: Turn) -> Restrictions:
    column = [np.array([t[i] for t in turns], dtype=np.int64) for i in range(3)]
    only = np.array([t[3] for t in turns], dtype=np.bool_)
    return Restrictions(from_road_id=column[0], via_node=column[1], to_road_id=column[2], only=only)


def roads_of(nodes: dict[int, tuple[float, float]], segments: Sequence[Segment]) -> RoadRows:
    """Straight roads at 36 km/h (10 m/s) between nodes at (east, north) metres of 76.9 E 43.2 N."""
    ends = np.array([nodes[node] for _, a, b, _, _ in segments for node in (a, b)], dtype=np.float64).reshape(-1, 2)
    column = [np.array([s[i] for s in segments], dtype=np.int64) for i in range(3)]
    return RoadRows(
        id=column[0],
        from_node=column[1],
        to_node=column[2],
        forward=np.array([s[3] for s in segments], dtype=np.bool_),
        backward=np.array([s[4] for s in segments], dtype=np.bool_),
        speed_kmh=np.full(len(segments), 36.0),
        length_m=np.hypot(*(ends[1::2] - ends[::2]).T),
        road_class=np.zeros(len(segments), dtype=np.int8),
        area_id=np.zeros(len(segments), dtype=np.int64),
        offsets=2 * np.arange(len(segments) + 1, dtype=np.int64),
        lon=76.9 + ends[:, 0] / M_PER_LON,
        lat=43.2 + ends[:, 1] / M_PER_LAT,
    )


class City(Protocol):
    """Builds the router of a small city."""

    def __call__(
        self, nodes: dict[int, tuple[float, float]], segments: Sequence[Segment], *turns: Turn
    ) -> RoadRouter: ...


@pytest.fixture(scope="session")
def city() -> City:
    def build(nodes: dict[int, tuple[float, float]], segments: Sequence[Segment], *turns: Turn) -> RoadRouter:
        return RoadRouter.over(road_graph.build(roads_of(nodes, segments), turns_of(*turns)))

    return build

"""Where a road is near the roads are asked; elsewhere the answer is a straight line, and says so."""

import numpy as np
import pytest

from geo_server.routing import road_graph
from geo_server.routing.register import ROUTERS, router_for
from geo_server.routing.road_router import RoadRouter
from geo_server.routing.router import Stands
from layers.roads.queries import Restrictions, RoadRows
from layers.values import LonLat

ON_ROAD, FAR = LonLat(lon=76.905, lat=43.2), LonLat(lon=77.3, lat=43.2)


@pytest.fixture(scope="module")
def roads() -> RoadRouter:
    nowhere = np.empty(0, dtype=np.int64)
    one = RoadRows(
        id=np.array([5]),
        from_node=np.array([1]),
        to_node=np.array([2]),
        forward=np.array([True]),
        backward=np.array([True]),
        speed_kmh=np.array([60.0]),
        length_m=np.array([810.0]),
        road_class=np.zeros(1, dtype=np.int8),
        area_id=np.zeros(1, dtype=np.int64),
        offsets=np.array([0, 2]),
        lon=np.array([76.9, 76.91]),
        lat=np.array([43.2, 43.2]),
    )
    turns = Restrictions(from_road_id=nowhere, via_node=nowhere, to_road_id=nowhere, only=np.empty(0, dtype=np.bool_))
    return RoadRouter.over(road_graph.build(one, turns))


def test_the_roads_are_asked_where_there_is_one_within_500_m(roads: RoadRouter) -> None:
    assert router_for(roads, ON_ROAD).name == "road graph"
    assert router_for(roads, FAR).name == "straight line"
    assert router_for(None, ON_ROAD).straight


def test_a_place_on_a_closed_road_is_still_asked_by_road(roads: RoadRouter) -> None:
    assert router_for(roads.closing({5}), ON_ROAD).name == "road graph"


def test_every_straight_answer_is_flagged_and_nearest_first() -> None:
    units = Stands.of([(1, LonLat(lon=76.99, lat=43.2)), (2, LonLat(lon=76.91, lat=43.2))])
    found = router_for(None, ON_ROAD).reach(ON_ROAD, units, 5)
    assert [way.unit_id for way in found] == [2, 1]
    assert all(way.straight for way in found)
    assert found[0].metres == pytest.approx(1.35 * 405.3, rel=0.01)
    assert found[0].path == ((76.91, 43.2), (ON_ROAD.lon, ON_ROAD.lat))


def test_a_unit_far_from_any_road_is_not_reached_by_road(roads: RoadRouter) -> None:
    assert roads.reach(ON_ROAD, Stands.of([(1, FAR)]), 1) == []


def test_no_units_is_no_error(roads: RoadRouter) -> None:
    assert roads.reach(ON_ROAD, Stands.of([]), 5) == []


def test_the_names_in_the_register_are_the_names_of_the_routers(roads: RoadRouter) -> None:
    for entry in ROUTERS:
        router = entry.serve(roads, ON_ROAD)
        assert router is not None and router.name == entry.name

"""Speeds follow the hour of the week, what was learned of a segment or of its class, and blue light."""

from datetime import UTC, datetime

import msgspec
import numpy as np
import pytest

from geo_server.routing.profiles import BlueLight, profiles
from geo_server.routing.road_graph import RoadGraph
from geo_server.routing.road_router import RoadRouter
from geo_server.routing.speeds import ENOUGH_DRIVES, band_of, drive_kmh, with_blue_light
from layers.roads.classes import CLASSES, code_of
from layers.roads.queries import Speeds
from layers.values import Service

ROADS = 60


@pytest.fixture(scope="module")
def graph() -> RoadGraph:
    from geo_server.routing import road_graph
    from tests.geo_server.routing.conftest import roads_of, turns_of

    nodes = {n: (100.0 * n, 0.0) for n in range(ROADS + 1)}
    rows = roads_of(nodes, [(n + 1, n, n + 1, True, n % 2 == 0) for n in range(ROADS)])
    rows.road_class[:] = code_of("primary")
    rows.road_class[40:] = code_of("residential")
    return road_graph.build(rows, turns_of())


def learned(pairs: dict[tuple[int, int], float]) -> Speeds:
    road, direction = (np.array([key[i] for key in pairs], dtype=np.int64) for i in range(2))
    return Speeds(
        road_id=road,
        direction=direction.astype(np.int8),
        band=np.zeros(len(pairs), dtype=np.int8),
        speed_kmh=np.array(list(pairs.values()), dtype=np.float64),
        samples=np.full(len(pairs), 9, dtype=np.int64),
    )


@pytest.mark.parametrize(
    ("at", "band"),
    [
        (datetime(2026, 5, 1, 3, 59, tzinfo=UTC), 8),  # Friday, 08:59 in Almaty
        (datetime(2026, 5, 1, 18, 59, tzinfo=UTC), 23),
        (datetime(2026, 5, 1, 19, 0, tzinfo=UTC), 24),  # Saturday begins
        (datetime(2026, 5, 3, 18, 0, tzinfo=UTC), 47),
        (datetime(2026, 5, 3, 19, 0, tzinfo=UTC), 0),  # and Monday
    ],
)
def test_the_band_is_the_local_hour_of_a_working_day_or_of_a_day_off(at: datetime, band: int) -> None:
    assert band_of(at) == band


def test_what_was_learned_of_a_segment_counts_in_its_direction_alone(graph: RoadGraph) -> None:
    kmh = drive_kmh(graph, learned({(5, 1): 12.0}))
    assert kmh[2 * 4 + 1] == 12.0 and kmh[2 * 4] == 36.0


def test_a_class_of_which_enough_is_known_speaks_for_its_other_segments(graph: RoadGraph) -> None:
    kmh = drive_kmh(graph, learned({(road, 0): 18.0 for road in range(1, ENOUGH_DRIVES + 1)}))
    assert kmh[2 * 30] == pytest.approx(18.0), "half the usual speed on primary roads"
    assert kmh[2 * 50] == pytest.approx(36.0), "nothing is known of residential ones"
    few = drive_kmh(graph, learned({(road, 0): 18.0 for road in range(1, ENOUGH_DRIVES)}))
    assert few[2 * 30] == pytest.approx(36.0)


def test_a_segment_that_is_no_longer_there_is_passed_by(graph: RoadGraph) -> None:
    assert (drive_kmh(graph, learned({(9999, 0): 5.0})) == 36.0).all()


def test_new_times_share_the_graph_and_leave_one_ways_as_they_are(graph: RoadGraph) -> None:
    timed = graph.timed(np.full(2 * ROADS, 72.0))
    assert timed.arc_tail is graph.arc_tail and timed.indptr is graph.indptr
    assert (np.isinf(timed.drive_s) == np.isinf(graph.drive_s)).all()
    assert timed.drive_s[0] == pytest.approx(graph.drive_s[0] / 2)
    assert np.isinf(timed.closing({1}).drive_s[0]) and np.isfinite(timed.drive_s[0])


def test_blue_light_is_quicker_by_the_class_up_to_the_cap_and_never_slower(graph: RoadGraph) -> None:
    profile = profiles().blue_light
    kmh = with_blue_light(graph, np.full(2 * ROADS, 40.0), profile)
    assert kmh[0] == pytest.approx(40 * profile.factors["primary"])
    assert kmh[2 * 50] == pytest.approx(40 * profile.factors["residential"])
    fast = with_blue_light(graph, np.full(2 * ROADS, profile.cap_kmh + 20), profile)
    assert (fast == profile.cap_kmh + 20).all()


def test_blue_light_is_for_emergency_services_and_urgent_incidents_alone() -> None:
    profile = profiles().blue_light
    assert profile.drives(Service.AMBULANCE, 1) and profile.drives(Service.FIRE, 2)
    assert not profile.drives(Service.AMBULANCE, 3) and not profile.drives(Service.GAS, 1)


def test_a_profile_that_forgets_a_class_or_makes_one_slower_is_refused() -> None:
    known = msgspec.to_builtins(profiles().blue_light)
    for factors in ({"primary": 1.2}, dict.fromkeys(CLASSES, 0.9)):
        with pytest.raises((msgspec.ValidationError, ValueError)):
            msgspec.convert(known | {"factors": factors}, BlueLight)


def test_a_router_at_other_speeds_ranks_by_them(graph: RoadGraph) -> None:
    from geo_server.routing.router import Stands
    from layers.values import LonLat

    router = RoadRouter.over(graph)
    place, start = (LonLat(lon=float(graph.lon[i]), lat=float(graph.lat[i])) for i in (20, 0))
    units = Stands.of([(1, start)])
    ((_, usual),) = router.times(place, units, 1)
    ((_, twice),) = router.timed(np.full(2 * ROADS, 72.0)).times(place, units, 1)
    assert twice == pytest.approx(usual / 2, abs=0.5)
    assert router.reach(place, units, 1)[0].seconds == pytest.approx(usual)

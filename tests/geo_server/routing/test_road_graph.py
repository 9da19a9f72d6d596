"""One-ways, turn restrictions and closures change the way a unit drives."""

from collections.abc import Sequence
from typing import Protocol

import pytest

from geo_server.routing.road_router import RoadRouter
from geo_server.routing.router import Reached, Stands
from layers.values import LonLat

Segment = tuple[int, int, int, bool, bool]
Turn = tuple[int, int, int, bool]


class City(Protocol):
    def __call__(
        self, nodes: dict[int, tuple[float, float]], segments: Sequence[Segment], *turns: Turn
    ) -> RoadRouter: ...


# Two squares of 1 km side by side: 1 ─10─ 2 ─11─ 3 on the south, 4 ─20─ 5 ─21─ 6 on the north, 30 31 32 between.
NODES = {1: (0.0, 0.0), 2: (1000.0, 0.0), 3: (2000.0, 0.0), 4: (0.0, 1000.0), 5: (1000.0, 1000.0), 6: (2000.0, 1000.0)}


def segments(**one_way: tuple[bool, bool]) -> list[Segment]:
    ends = {10: (1, 2), 11: (2, 3), 20: (4, 5), 21: (5, 6), 30: (1, 4), 31: (2, 5), 32: (3, 6)}
    return [(road, a, b, *one_way.get(f"r{road}", (True, True))) for road, (a, b) in ends.items()]


def at(east_m: float, north_m: float) -> LonLat:
    return LonLat(lon=76.9 + east_m / (111_195.08 * 0.7289686274214116), lat=43.2 + north_m / 111_195.08)


def drive(router: RoadRouter, start: LonLat, end: LonLat) -> Reached | None:
    found = router.reach(end, Stands.of([(7, start)]), 1)
    return found[0] if found else None


def metres(router: RoadRouter, start: LonLat, end: LonLat) -> float | None:
    found = drive(router, start, end)
    return None if found is None else found.metres


WEST, EAST, NORTH = at(500, 0), at(1500, 0), at(1000, 500)


def test_a_unit_drives_the_shortest_way_and_its_line_begins_and_ends_where_they_stand(city: City) -> None:
    found = drive(city(NODES, segments()), WEST, EAST)
    assert found is not None and not found.straight
    assert found.metres == pytest.approx(1000, abs=1)
    assert found.seconds == pytest.approx(100, abs=0.1)
    assert found.path[0] == (WEST.lon, WEST.lat) and found.path[-1] == (EAST.lon, EAST.lat)
    assert len(found.path) == 3 or len(found.path) == 5  # over one junction, the snapped ends may differ by rounding


def test_a_one_way_is_not_driven_against(city: City) -> None:
    router = city(NODES, segments(r11=(False, True)))
    assert metres(router, WEST, EAST) == pytest.approx(500 + 1000 + 1000 + 1000 + 500, abs=2)
    assert metres(router, EAST, WEST) == pytest.approx(1000, abs=1)


def test_a_unit_behind_the_incident_on_a_one_way_goes_round(city: City) -> None:
    router = city(NODES, segments(r11=(True, False)))
    assert metres(router, at(1200, 0), at(1800, 0)) == pytest.approx(600, abs=1)
    assert metres(router, at(1800, 0), at(1200, 0)) == pytest.approx(200 + 3000 + 200, abs=2)


def test_a_closed_road_is_driven_round_and_opens_again(city: City) -> None:
    router = city(NODES, segments())
    closed = router.closing({11})
    assert metres(closed, WEST, at(2000, 500)) == pytest.approx(500 + 1000 + 1000 + 500, abs=2)
    assert metres(closed.closing(()), WEST, at(2000, 500)) == pytest.approx(2000, abs=2)
    assert metres(router, WEST, at(2000, 500)) == pytest.approx(2000, abs=2), "closing shares, it does not change"


def test_a_closed_road_is_still_left_and_entered_to_a_place_on_it(city: City) -> None:
    router = city(NODES, segments())
    assert metres(router.closing({10}), WEST, EAST) == pytest.approx(1000, abs=2)
    assert metres(router.closing({11}), WEST, EAST) == pytest.approx(1000, abs=2)
    assert metres(router.closing({10}), at(200, 0), WEST) == pytest.approx(300, abs=2)
    assert metres(router.closing({10}), at(0, 500), EAST) == pytest.approx(500 + 1000 + 1000 + 500, abs=2)


def test_closing_a_road_that_is_not_there_changes_nothing(city: City) -> None:
    assert metres(city(NODES, segments()).closing({999}), WEST, EAST) == pytest.approx(1000, abs=1)


def test_a_forbidden_turn_is_driven_round(city: City) -> None:
    router = city(NODES, segments(), (10, 2, 31, False))
    assert metres(router, WEST, NORTH) == pytest.approx(500 + 1000 + 1000 + 500, abs=2)
    assert metres(router, EAST, NORTH) == pytest.approx(1000, abs=2), "others may turn there"
    assert metres(router, WEST, EAST) == pytest.approx(1000, abs=2), "and straight on is free"


def test_an_only_straight_on_forbids_every_other_turn(city: City) -> None:
    router = city(NODES, segments(), (10, 2, 11, True))
    assert metres(router, WEST, EAST) == pytest.approx(1000, abs=2)
    assert metres(router, WEST, NORTH) == pytest.approx(3000, abs=2)


def test_restrictions_on_neighbouring_junctions_hold_together(city: City) -> None:
    router = city(NODES, segments(), (10, 2, 31, False), (20, 5, 31, False))
    # Neither turn into road 31 is allowed from the west: on to the next junction, turn about there, come back.
    assert metres(router, WEST, NORTH) == pytest.approx(500 + 1000 + 1000 + 500, abs=2)
    no_turning_about = city(NODES, segments(), (10, 2, 31, False), (20, 5, 31, False), (11, 3, 11, False))
    assert metres(no_turning_about.closing({30, 32}), WEST, NORTH) is None


def test_a_restriction_of_a_road_that_was_not_imported_is_passed_by(city: City) -> None:
    assert metres(city(NODES, segments(), (10, 2, 999, False)), WEST, NORTH) == pytest.approx(1000, abs=2)


def test_an_island_is_not_reached(city: City) -> None:
    nodes = {**NODES, 8: (5000.0, 0.0), 9: (5400.0, 0.0)}
    router = city(nodes, [*segments(), (40, 8, 9, True, True)])
    assert drive(router, at(5200, 0), WEST) is None

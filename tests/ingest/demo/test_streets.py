from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.demo.streets import Street, Streets, measure, weave
from layers.values import LonLat

ROUTE = measure([(76.90, 43.22), (76.91, 43.22), (76.91, 43.23)])


def test_a_street_that_one_can_enter_and_not_leave_is_left_out(grid: list[Street], streets: Streets) -> None:
    assert len(streets.streets) == len(grid) - 1
    assert all(street.name != "тұйық" for street in streets.streets)


def test_from_the_end_of_every_arc_another_one_leaves(streets: Streets) -> None:
    assert streets.arcs
    assert all(streets.leaving[streets.end_node(arc)] for arc in streets.arcs)


def test_a_one_way_street_has_no_arc_against_it(streets: Streets) -> None:
    backwards = [streets.street(arc) for arc in streets.arcs if arc & 1]
    assert any(not street.backward for street in streets.streets)
    assert all(street.backward for street in backwards)


def test_a_city_without_drivable_roads_is_told_in_a_sentence(grid: list[Street]) -> None:
    with pytest.raises(ValueError, match="import a city"):
        weave([replace(street, road_class="footway") for street in grid])


def test_the_two_arcs_of_a_street_run_opposite_ways(streets: Streets) -> None:
    there, back = streets.measured(0), streets.measured(1)
    assert there.line == back.line[::-1]
    assert there.spot(10).heading_deg == pytest.approx((back.spot(10).heading_deg + 180) % 360, abs=0.01)


@given(st.floats(0, 1))
def test_the_point_of_a_line_nearest_to_a_place_on_it_is_that_place(share: float) -> None:
    along_m = share * ROUTE.length_m
    assert ROUTE.nearest_m(ROUTE.spot(along_m).place) == pytest.approx(along_m, abs=0.01)


def test_beyond_its_ends_a_line_holds_its_ends() -> None:
    assert ROUTE.spot(-5).place == LonLat(lon=76.90, lat=43.22)
    assert ROUTE.spot(1e9).place == LonLat(lon=76.91, lat=43.23)
    assert ROUTE.spot(10).heading_deg == pytest.approx(90)


def test_a_line_of_one_point_is_refused() -> None:
    with pytest.raises(ValueError, match="two points"):
        measure([(76.9, 43.2)])

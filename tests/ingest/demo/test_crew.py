from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.demo.crew import FASTEST, Order, next_step, speed_ms, wait_s

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
STATUSES = (
    "dispatched", "acknowledged", "enroute", "staging", "onscene", "patient", "transport", "at_destination",
    "handover", "clear", "cancelled", "diverted", "refused",
)  # fmt: skip
ONWARD = {
    "dispatched": "acknowledged",
    "acknowledged": "enroute",
    "enroute": "onscene",
    "onscene": "clear",
    "handover": "clear",
}
orders = st.builds(
    Order,
    dispatch_id=st.integers(1, 10**6),
    status=st.sampled_from(STATUSES),
    status_at=st.just(NOW),
    arrived=st.booleans(),
)


@given(order=orders, seconds=st.floats(-60, 10_000))
def test_a_crew_presses_only_the_next_button_of_the_status_model(order: Order, seconds: float) -> None:
    step = next_step(order, NOW + timedelta(seconds=seconds))
    assert step is None or step == ONWARD[order.status]


@given(order=orders)
def test_a_crew_waits_its_time_and_no_longer(order: Order) -> None:
    waited = timedelta(seconds=wait_s(order))
    if order.status in ("dispatched", "acknowledged", "onscene", "handover"):
        assert next_step(order, NOW + waited - timedelta(milliseconds=1)) is None
        assert next_step(order, NOW + waited + timedelta(milliseconds=1)) == ONWARD[order.status]


@given(number=st.integers(1, 10**6))
def test_a_crew_acknowledges_within_eight_seconds_and_works_one_to_two_minutes(number: int) -> None:
    asked, works = (
        Order(dispatch_id=number, status=status, status_at=NOW, arrived=False) for status in ("dispatched", "onscene")
    )
    assert 3 <= wait_s(asked) <= 8
    assert 60 <= wait_s(works) <= 120


@given(number=st.integers(1, 10**6), seconds=st.floats(0, 10_000))
def test_on_scene_is_pressed_when_the_car_is_there_and_never_before(number: int, seconds: float) -> None:
    for arrived, step in ((False, None), (True, "onscene")):
        order = Order(dispatch_id=number, status="enroute", status_at=NOW, arrived=arrived)
        assert next_step(order, NOW + timedelta(seconds=seconds)) == step


@pytest.mark.parametrize("status", ["staging", "patient", "transport", "clear", "cancelled", "diverted", "refused"])
def test_what_a_person_chose_is_left_to_that_person(status: str) -> None:
    order = Order(dispatch_id=1, status=status, status_at=NOW, arrived=True)
    assert next_step(order, NOW + timedelta(days=1)) is None


@given(route_s=st.floats(0, 3600), route_m=st.floats(0, 60_000))
def test_a_ride_is_at_most_so_much_quicker_than_its_road_time(route_s: float, route_m: float) -> None:
    own_ms = route_m / route_s if route_s > 0 else 50 / 3.6
    assert max(own_ms, 15 / 3.6) <= speed_ms(route_m=route_m, route_s=route_s) <= max(own_ms, 15 / 3.6) * FASTEST


def test_a_road_time_of_three_minutes_is_driven_in_a_little_more_than_one() -> None:
    assert 2400 / speed_ms(route_m=2400, route_s=180) == pytest.approx(75.0)

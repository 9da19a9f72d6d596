from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.demo import driving
from ingest.demo.driving import Car, Ride
from ingest.demo.streets import Streets, distance_m, measure
from layers.values import LonLat

HOME = LonLat(lon=76.91, lat=43.23)


def _car(streets: Streets, arc: int) -> Car:
    return Car(arc=arc, along_m=0.0, pace=0.7, home=HOME)


@given(which=st.integers(0), seed=st.integers(0, 2**32), steps=st.lists(st.floats(0.1, 40), max_size=25))
def test_a_car_stays_on_arcs_that_may_be_driven(streets: Streets, which: int, seed: int, steps: list[float]) -> None:
    arcs = streets.arcs
    car, rng = _car(streets, arcs[which % len(arcs)]), Random(seed)
    for seconds in steps:
        car = driving.drive(streets, car, seconds, rng)
        street = streets.street(car.arc)
        assert street.backward if car.arc & 1 else street.forward
        assert 0 <= car.along_m <= streets.measured(car.arc).length_m


@given(which=st.integers(0), seed=st.integers(0, 2**32), seconds=st.floats(0.1, 60))
def test_a_car_goes_no_further_than_its_speed_allows(streets: Streets, which: int, seed: int, seconds: float) -> None:
    arcs = streets.arcs
    car = _car(streets, arcs[which % len(arcs)])
    a, b = (driving.spot(streets, one).place for one in (car, driving.drive(streets, car, seconds, Random(seed))))
    assert distance_m((a.lon, a.lat), (b.lon, b.lat)) <= 60 / 3.6 * seconds + 0.5


def test_a_car_turns_round_only_where_nothing_else_leaves(streets: Streets) -> None:
    car, rng, seen = _car(streets, streets.arcs[0]), Random(1), set()
    for _ in range(3000):
        before, car = car.arc, driving.drive(streets, car, 2.0, rng)
        assert car.arc != before ^ 1
        seen.add(car.arc)
    assert len(seen) > 50  # it roams, it does not circle one block


def test_a_waiting_car_stands_and_then_drives_on(streets: Streets) -> None:
    car = Car(arc=streets.arcs[0], along_m=5.0, pace=0.7, home=HOME, wait_s=10.0)
    assert driving.speed_kmh(streets, car) == 0
    waited = driving.drive(streets, car, 9.0, Random(1))
    assert (waited.along_m, waited.wait_s) == (5.0, 1.0)
    assert driving.drive(streets, waited, 2.0, Random(1)).along_m == pytest.approx(5.0 + 60 * 0.7 / 3.6)


@given(st.lists(st.floats(0, 60), max_size=30))
def test_a_ride_only_goes_forward_and_ends_at_its_end(steps: list[float]) -> None:
    one = Ride(route=measure([(76.90, 43.22), (76.91, 43.22)]), along_m=0.0, speed_ms=20.0)
    for seconds in steps:
        before, one = one.along_m, driving.ride(one, seconds)
        assert before <= one.along_m <= one.route.length_m
    assert one.arrived == (one.along_m == one.route.length_m)


def test_a_car_is_put_on_the_street_nearest_to_a_place(streets: Streets) -> None:
    here = driving.spot(streets, driving.put(streets, HOME, pace=0.7, home=HOME)).place
    assert distance_m((here.lon, here.lat), (HOME.lon, HOME.lat)) < 150

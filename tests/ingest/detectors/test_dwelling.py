import pytest

from ingest.detectors.loitering import Loitering, LoiteringRule
from ingest.detectors.vehicle_stopped import VehicleStopped, VehicleStoppedRule
from tests.ingest.detectors.moving import seconds, track, watch

ROAD = ((0.0, 0.0), (768.0, 0.0), (768.0, 576.0), (0.0, 576.0))


def test_who_walks_up_and_down_one_place_loiters_and_is_told_once() -> None:
    walk = [[track((300 + 50 * (n // 10 % 2), 300))] for n in range(500)]
    told = watch(LoiteringRule(Loitering(dwell_s=30, cooldown_s=0)), walk)
    assert [(seen.kind, seconds(seen)) for seen in told] == [("loitering", 30.0)]


def test_who_walks_on_does_not_loiter() -> None:
    walk = [[track((20 + 2 * n, 300))] for n in range(350)]
    assert watch(LoiteringRule(Loitering(dwell_s=30, within=2)), walk) == []


def test_a_new_number_for_the_same_person_neither_begins_nor_repeats_the_stay() -> None:
    numbered_anew = [[track((300, 300), number=1 + n // 60)] for n in range(400)]
    told = watch(LoiteringRule(Loitering(dwell_s=30, cooldown_s=0)), numbered_anew)
    assert [seconds(seen) for seen in told] == [30.0]


def test_somebody_else_elsewhere_does_not_go_on_with_the_stay() -> None:
    two = [[track((300, 300), number=1)]] * 100 + [[track((400, 300), number=2)]] * 100
    assert watch(LoiteringRule(Loitering(dwell_s=30)), two) == []


def test_a_vehicle_that_stops_is_told_and_again_where_it_stops_anew() -> None:
    size = (80.0, 40.0)
    there = [[track((300, 300), size=size, label="car")]] * 60
    drives = [[track((300 + 10 * n, 300), size=size, label="car")] for n in range(30)]
    further = [[track((600, 300), size=size, label="car")]] * 60
    rule = VehicleStoppedRule(VehicleStopped(zone=ROAD, dwell_s=10, cooldown_s=0))
    assert [seconds(seen) for seen in watch(rule, there + drives + further)] == [10.0, pytest.approx(28, abs=0.5)]


def test_a_vehicle_that_trembles_about_the_edge_of_its_first_place_is_still_where_it_stopped() -> None:
    comes = [[track((274 + 2.4 * n, 300), size=(80, 40), label="car")] for n in range(6)]  # its first place is behind
    stands = [[track((287.5 + (n % 5) / 5, 300), size=(80, 40), label="car")] for n in range(300)]
    rule = VehicleStoppedRule(VehicleStopped(zone=ROAD, dwell_s=10, cooldown_s=0))
    assert [seconds(seen) for seen in watch(rule, comes + stands)] == [pytest.approx(10, abs=1.2)]


def test_a_vehicle_that_creeps_is_not_stopped_and_a_person_is_no_vehicle() -> None:
    creeps = [[track((100 + n, 300), size=(80, 40), label="car"), track((50, 50), number=2)] for n in range(200)]
    assert watch(VehicleStoppedRule(VehicleStopped(zone=ROAD, dwell_s=10)), creeps) == []


def test_a_stopped_vehicle_needs_a_zone() -> None:
    with pytest.raises(ValueError, match="the zone needs"):
        VehicleStopped(zone=())

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from ingest.detectors.congestion import Congestion, CongestionRule
from ingest.detectors.detector import RuleError, build_function
from ingest.detectors.register import FUNCTIONS
from ingest.detectors.speed import Speed, SpeedRule, measured
from ingest.detectors.wrong_way import WrongWay, WrongWayRule
from ingest.values import Placed, Point, Seen, Track
from layers.sight.ground import from_metres
from layers.sight.locator import Pose, from_pose
from layers.values import Ellipse, LonLat
from tests.ingest.detectors.moving import START, seconds, track, watch
from tests.ingest.surroundings import AMONG

ALMATY = LonLat(lon=76.94, lat=43.24)
SHARP, BLURRED = Ellipse(major_m=0.5, minor_m=0.3, bearing_deg=0), Ellipse(major_m=20, minor_m=5, bearing_deg=0)


def car(foot: Point, number: int = 1, **change: Any) -> Track:
    return track(foot, number, size=(80.0, 40.0), label="car", **change)


def wrong_way() -> WrongWayRule:
    return WrongWayRule(WrongWay(way=((0.0, 300.0), (700.0, 300.0)), cooldown_s=0), (768, 576))


def test_who_drives_against_the_lane_is_told_once() -> None:
    told = watch(wrong_way(), [[car((700.0 - 10 * n, 300.0))] for n in range(60)])
    assert [seconds(seen) for seen in told] == [1.0]


def test_who_drives_with_or_across_the_lane_or_rolls_back_a_little_is_not_told() -> None:
    assert watch(wrong_way(), [[car((100.0 + 10 * n, 300.0))] for n in range(60)]) == []
    assert watch(wrong_way(), [[car((300.0, 500.0 - 8 * n))] for n in range(50)]) == []
    assert watch(wrong_way(), [[car((300.0 - n % 12, 300.0))] for n in range(100)]) == []


def test_one_number_handed_from_vehicle_to_vehicle_drives_no_way() -> None:
    """Vehicles that stand in a row are given the same number one after the other, from front to back."""
    assert watch(wrong_way(), [[car((600.0 - 100 * (n // 10), 300.0))] for n in range(60)]) == []


def row(count: int, ahead: float = 0.0) -> list[Track]:
    return [car((50.0 + 90 * n + ahead, 300.0), n) for n in range(count)]


def test_many_vehicles_that_hardly_move_are_congestion_told_once() -> None:
    rule = CongestionRule(Congestion(vehicles=6, dwell_s=10, cooldown_s=0))
    told = watch(rule, [row(7, 0.5 * n) for n in range(150)])
    assert [(seconds(seen), seen.details["vehicles"]) for seen in told] == [(12.0, 7)]


def test_few_vehicles_or_flowing_ones_are_no_congestion() -> None:
    settings = Congestion(vehicles=6, dwell_s=10)
    assert watch(CongestionRule(settings), [row(5)] * 150) == []
    assert watch(CongestionRule(settings), [row(7, 15.0 * n) for n in range(150)]) == []


def road(ellipse: Ellipse) -> Any:
    """Return a place where ten pixels are a metre east."""

    def place(foot: Point) -> Placed:
        return Placed(place=from_metres(ALMATY, [foot[0] / 10, 0.0]), ellipse=ellipse, placed_by="control_points")  # type: ignore[arg-type]

    return place


def drives(kmh: float, ellipse: Ellipse = SHARP, **change: Any) -> list[Seen]:
    rule = SpeedRule(
        Speed(**{"limit_kmh": 60, "over_s": 2, "cooldown_s": 0, **change}), replace(AMONG, place=road(ellipse))
    )
    return watch(rule, [[car((10 * kmh / 3.6 * 0.2 * n, 300.0))] for n in range(25)])


def test_a_vehicle_that_is_too_fast_for_certain_is_told_once_with_its_uncertainty() -> None:
    told = drives(90)
    assert [(seen.details["speed_kmh"], seen.details["uncertainty_kmh"]) for seen in told] == [(90, 2)]
    assert [seconds(seen) for seen in told] == [2.0]


def test_a_vehicle_within_the_limit_or_within_the_uncertainty_is_not_told() -> None:
    assert drives(59) == []
    assert drives(61) == []
    assert drives(65) != []


def test_where_places_are_too_uncertain_no_speed_is_told() -> None:
    assert drives(140, BLURRED) == []
    assert drives(140, BLURRED, most_error_m=30) != []


def test_a_number_that_jumps_to_another_vehicle_has_no_speed() -> None:
    rule = SpeedRule(Speed(limit_kmh=60, over_s=1), replace(AMONG, place=road(SHARP)))
    assert watch(rule, [[car((300.0 * (n // 4 % 2), 300.0))] for n in range(60)]) == []


def test_a_speed_is_drawn_from_all_places_by_least_squares() -> None:
    spots = [(0.2 * n, 4.0 * n + (-1) ** n * 0.2) for n in range(11)]  # 20 m/s, each place 0.2 m off
    places = [
        (START + timedelta(seconds=s), Placed(place=from_metres(ALMATY, [x, 0.0]), ellipse=SHARP, placed_by="camera"))  # type: ignore[arg-type]
        for s, x in spots
    ]
    found = measured(places, 1.5)
    assert found is not None and found.speed_kmh == pytest.approx(72, abs=0.5)
    assert measured(places[:3], 0.1) is None


def test_a_camera_without_a_place_refuses_the_rule_in_one_sentence() -> None:
    entry = next(entry for entry in FUNCTIONS if entry.name == "speed")
    with pytest.raises(RuleError, match=r"does not know where its pixels lie"):
        build_function(entry, {}, AMONG)
    pose = Pose(height_m=7, heading_deg=35, tilt_deg=25, hfov_deg=60)
    build_function(entry, {}, replace(AMONG, place=from_pose(ALMATY, pose, (768, 576)).place))


def test_a_vehicle_that_comes_into_the_picture_over_its_edge_grows_and_drives_nowhere() -> None:
    growing = [[track((768 - 10 * n, 400), label="car", size=(20.0 * n, 80.0))] for n in range(1, 30)]
    assert watch(wrong_way(), growing) == []  # its right side stays at the edge, and its middle goes left
    free = [[track((700 - 10 * n, 400), label="car", size=(100.0, 80.0))] for n in range(30)]
    assert len(watch(wrong_way(), free)) == 1

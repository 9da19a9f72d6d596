from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from ingest.detectors.fall_into_water import FallIntoWater, FallIntoWaterRule
from ingest.values import Point, Scene, Track
from tests.ingest.detectors.moving import START, seconds, track, watch

WATER = ((400.0, 100.0), (768.0, 100.0), (768.0, 500.0), (400.0, 500.0))


def rule(**change: Any) -> FallIntoWaterRule:
    return FallIntoWaterRule(FallIntoWater(**{"zone": WATER, "cooldown_s": 0, **change}), (768, 576))


def at(foot: Point, moments: int, **change: Any) -> list[list[Track]]:
    return [[track(foot, **change)]] * moments


ASHORE, WET = (380.0, 300.0), (420.0, 300.0)


def test_who_comes_from_the_shore_into_the_water_is_told_at_once_and_not_again_when_gone() -> None:
    told = watch(rule(), at(ASHORE, 10) + at(WET, 10) + [[]] * 30)
    assert [(seconds(seen), seen.details["how"]) for seen in told] == [(2.6, "entered")]


def test_one_trembling_box_is_no_fall() -> None:
    assert watch(rule(), (at(ASHORE, 10) + at(WET, 1)) * 5 + at(ASHORE, 10)) == []


def test_a_boat_is_at_home_on_the_water_until_it_is_gone_from_it() -> None:
    sails = at((600.0, 300.0), 20, label="boat", size=(80.0, 40.0))
    assert watch(rule(), sails + sails) == []
    told = watch(rule(), sails + [[]] * 30)
    assert [(seconds(seen), seen.details["how"]) for seen in told] == [(7.2, "ended")]
    assert watch(rule(ended=False), sails + [[]] * 30) == []


def test_what_leaves_by_the_edge_of_the_picture_has_not_sunk() -> None:
    leaves = [[track((600.0 + 7 * n, 300.0), label="boat", size=(80.0, 40.0))] for n in range(23)]
    assert watch(rule(), leaves + [[]] * 30) == []


def test_swimmers_go_into_the_water_as_they_like_and_only_their_end_is_told() -> None:
    told = watch(rule(swimmers=True), at(ASHORE, 10) + at(WET, 10) + [[]] * 30)
    assert [seen.details["how"] for seen in told] == ["ended"]


def test_who_was_in_the_water_when_the_stream_broke_off_has_not_ended_for_that() -> None:
    watched = rule(swimmers=True)
    assert watch(watched, at(ASHORE, 10) + at(WET, 10)) == []
    for seconds_later in (9, 600):
        assert watched.update(Scene(at=START + timedelta(seconds=seconds_later))) == ()


BOAT = track((560.0, 310.0), 9, label="boat", size=(160.0, 40.0))  # its sides from x = 480 to 640, y = 270 to 310
ABOARD, BESIDE, BEFORE = (560.0, 300.0), (450.0, 300.0), (560.0, 330.0)


def beside_the_boat(*feet: Point, moments: int = 10) -> list[list[Track]]:
    return [[BOAT, track(foot)] for foot in feet for _ in range(moments)]


@pytest.mark.parametrize("foot", [BESIDE, BEFORE])
def test_who_comes_into_the_water_beside_a_boat_is_told(foot: Point) -> None:
    told = watch(rule(), beside_the_boat(ASHORE, foot))
    assert [(seen.details["how"], seen.foot) for seen in told] == [("entered", foot)]


def test_who_goes_aboard_is_not_told_nor_who_is_no_longer_seen_aboard() -> None:
    assert watch(rule(), beside_the_boat(ASHORE, ABOARD) + [[BOAT]] * 30) == []
    blinks = [[replace(BOAT, seen=n % 3 == 0), track(ABOARD)] for n in range(30)]
    assert watch(rule(), beside_the_boat(ASHORE) + blinks) == []


@pytest.mark.parametrize("labels", [("person", "boat"), ("person",)])
def test_who_falls_overboard_is_told(labels: tuple[str, ...]) -> None:
    told = watch(rule(labels=labels), beside_the_boat(ABOARD, BEFORE))
    assert [(seen.details["how"], seen.details["label"]) for seen in told] == [("entered", "person")]

from datetime import UTC, datetime, timedelta

import pytest

from layers.calls.places import Located, PlacedBy, better, reach_m
from layers.values import LonLat

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def told(
    by: PlacedBy = PlacedBy.AML, *, after_s: float = 0, radius_m: float | None = 30, pct: float | None = 67
) -> Located:
    at = NOW + timedelta(seconds=after_s)
    return Located(place=LonLat(lon=77, lat=43), by=by, at=at, radius_m=radius_m, confidence_pct=pct)


def test_any_place_is_better_than_none() -> None:
    assert better(None, told(radius_m=None))


def test_within_a_minute_the_smaller_circle_counts_and_after_it_the_later_place() -> None:
    cell = told(PlacedBy.PIDF_LO, after_s=20, radius_m=2_000)
    assert not better(told(), cell)
    assert better(cell, told(after_s=25))
    assert better(told(), told(PlacedBy.PIDF_LO, after_s=90, radius_m=2_000)), "the caller may have moved on"
    assert not better(told(after_s=90), told(radius_m=1)), "what comes late takes nothing back"


def test_a_place_of_unknown_reach_never_replaces_one_of_a_known_reach_at_the_same_moment() -> None:
    assert not better(told(), told(after_s=5, radius_m=None))


@pytest.mark.parametrize("by", [PlacedBy.ADDRESS, PlacedBy.COMMON_NAME, PlacedBy.CLICK])
def test_no_machine_replaces_what_a_person_said(by: PlacedBy) -> None:
    assert not better(told(by, radius_m=None), told(after_s=3_600, radius_m=1))


def test_circles_of_different_confidence_are_held_against_each_other_at_95_percent() -> None:
    assert reach_m(told(radius_m=100, pct=95)) == pytest.approx(100)
    assert reach_m(told(radius_m=100, pct=67)) == pytest.approx(164.4, abs=0.5)
    assert better(told(radius_m=100, pct=67), told(after_s=-1, radius_m=120, pct=95))
    assert reach_m(told(radius_m=100, pct=100)) < 100

"""When a position proposes that a unit has set out or arrived."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from layers.dispatches.arriving import Seen, look
from layers.dispatches.rules import Status

AT = datetime(2026, 5, 1, 10, tzinfo=UTC)
DRIVING = Seen(
    dispatch_id=1, incident_id=2, unit_id=3, status=Status.ACKNOWLEDGED, at=AT, speed_kmh=40, gone_m=10, left_m=3000
)


@pytest.mark.parametrize(("gone_m", "proposes"), [(150.0, None), (150.1, Status.ENROUTE), (None, None)])
def test_farther_than_150_m_from_where_it_was_sent_it_has_set_out(
    gone_m: float | None, proposes: Status | None
) -> None:
    found = look(replace(DRIVING, gone_m=gone_m), None).proposal
    assert (found and found.status) == proposes


def test_whoever_is_under_way_already_is_not_asked_again() -> None:
    assert look(replace(DRIVING, gone_m=900.0, status=Status.ENROUTE), None).proposal is None


@pytest.mark.parametrize(
    ("left_m", "speed_kmh", "seconds", "there"),
    [(99, 4.9, 20, True), (99, 4.9, 19, False), (100, 4.9, 60, False), (99, 5.0, 60, False)],
)
def test_within_100_m_slower_than_5_km_h_for_20_s_it_has_arrived(
    left_m: float, speed_kmh: float, seconds: float, there: bool
) -> None:
    first = replace(DRIVING, status=Status.ENROUTE, left_m=left_m, speed_kmh=speed_kmh)
    since = look(first, None).there_since
    found = look(replace(first, at=AT + timedelta(seconds=seconds)), since).proposal
    assert (found is not None) == there
    assert found is None or (found.status, found.metres) == (Status.ONSCENE, left_m)


def test_a_car_that_drives_on_begins_anew() -> None:
    stands = replace(DRIVING, status=Status.ENROUTE, left_m=50, speed_kmh=0)
    since = look(stands, None).there_since
    since = look(replace(stands, at=AT + timedelta(seconds=15), speed_kmh=30), since).there_since
    assert since is None
    assert look(replace(stands, at=AT + timedelta(seconds=25)), since).proposal is None


def test_a_crew_that_forgot_both_buttons_is_asked_one_thing() -> None:
    stands = replace(DRIVING, gone_m=3000, left_m=20, speed_kmh=0)
    found = look(replace(stands, at=AT + timedelta(seconds=20)), AT).proposal
    assert found is not None and found.status is Status.ONSCENE

"""When a position proposes that a unit has set out or arrived."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from layers.dispatches.arriving import Seen, Stay, look
from layers.dispatches.rules import Status
from layers.dispatches.schema import NewProposal
from layers.values import LonLat

AT = datetime(2026, 5, 1, 10, tzinfo=UTC)
HERE = LonLat(lon=76.95, lat=43.25)
M_PER_DEG = 111_195.08
DRIVING = Seen(
    dispatch_id=1,
    incident_id=2,
    unit_id=3,
    status=Status.ACKNOWLEDGED,
    at=AT,
    place=HERE,
    speed_kmh=40,
    gone_m=10,
    left_m=3000,
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
    stay = look(first, None).stay
    found = look(replace(first, at=AT + timedelta(seconds=seconds)), stay).proposal
    assert (found is not None) == there
    assert found is None or (found.status, found.metres, found.at) == (Status.ONSCENE, left_m, AT)


def test_a_car_that_drives_on_begins_anew() -> None:
    stands = replace(DRIVING, status=Status.ENROUTE, left_m=50, speed_kmh=0)
    stay = look(stands, None).stay
    stay = look(replace(stands, at=AT + timedelta(seconds=15), speed_kmh=30), stay).stay
    assert stay is None
    assert look(replace(stands, at=AT + timedelta(seconds=25)), stay).proposal is None


def proposed(north_m: Sequence[float], every_s: float = 3) -> list[NewProposal]:
    """What a phone that tells no speed proposes, by how far north of the incident it is at each look."""
    stay: Stay | None = None
    found: list[NewProposal] = []
    for n, metres in enumerate(north_m):
        place = LonLat(lon=HERE.lon, lat=HERE.lat + metres / M_PER_DEG)
        seen = replace(DRIVING, status=Status.ENROUTE, speed_kmh=0, left_m=abs(metres), place=place)
        looked = look(replace(seen, at=AT + timedelta(seconds=n * every_s)), stay)
        stay, found = looked.stay, [*found, *([looked.proposal] if looked.proposal else [])]
    return found


@pytest.mark.parametrize("kmh", [6, 10, 20, 60])
def test_a_car_that_passes_has_not_arrived_though_its_phone_tells_no_speed(kmh: float) -> None:
    step_m = kmh / 3.6 * 3
    assert proposed([n * step_m - 200 for n in range(int(400 / step_m))]) == []


def test_a_car_that_stops_has_arrived_when_it_stopped_though_its_receiver_wanders() -> None:
    coming = [95, 65, 35, 20]
    first = proposed([*coming, *[20 + 4 * (n % 3) for n in range(10)]])[0]
    assert first.at == AT + timedelta(seconds=9)


def test_a_crew_that_forgot_both_buttons_is_asked_one_thing() -> None:
    stands = replace(DRIVING, gone_m=3000, left_m=20, speed_kmh=0)
    found = look(replace(stands, at=AT + timedelta(seconds=20)), Stay(since=AT, place=HERE)).proposal
    assert found is not None and found.status is Status.ONSCENE

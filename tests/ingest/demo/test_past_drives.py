from collections import defaultdict
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from ingest.demo.past import CATEGORIES, Address, PastIncident, Scene, crossings, invent
from ingest.demo.past_drives import DAYS, SENT, Crewed, PastDrive, drive
from ingest.demo.streets import Streets
from layers.values import LonLat

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
SERVICES = ("police", "ambulance", "fire", "rescue")
UNITS = [Crewed(id=n, call_sign=f"U{n}", service=SERVICES[n % 4]) for n in range(40)]


@pytest.fixture(scope="module")
def incidents(streets: Streets) -> list[PastIncident]:
    houses = [Address(words="Абай, 1", place=LonLat(lon=76.9, lat=43.22))]
    scene = Scene(addresses=houses, crossings=crossings(streets), cameras={}, priorities=dict.fromkeys(CATEGORIES, 2))
    return invent(scene, now=NOW, count=4_000, seed=3)[0]


@pytest.fixture(scope="module")
def drives(incidents: list[PastIncident]) -> list[PastDrive]:
    return drive(incidents, UNITS, now=NOW, seed=5)


def test_every_category_of_the_past_is_answered() -> None:
    assert SENT.keys() == CATEGORIES.keys()


def test_the_same_seed_drives_the_same_ways(incidents: list[PastIncident], drives: list[PastDrive]) -> None:
    assert drive(incidents, UNITS, now=NOW, seed=5) == drives != drive(incidents, UNITS, now=NOW, seed=6)


def test_each_step_follows_the_one_before_and_all_are_over_before_the_incident_is(
    incidents: list[PastIncident], drives: list[PastDrive]
) -> None:
    for one in drives:
        incident = incidents[one.incident]
        times = [incident.opened_at, one.dispatched_at, *(at for _, at in one.steps), incident.closed_at]
        assert all(before < after for before, after in pairwise(times))
        assert one.unit.service in SENT[incident.category]
        assert incident.opened_at > NOW - timedelta(days=DAYS) and incident.state == "closed"


def test_nobody_drives_to_two_at_once(drives: list[PastDrive]) -> None:
    by_unit = defaultdict[int, list[PastDrive]](list)
    for one in drives:
        by_unit[one.unit.id].append(one)
    assert all(a.steps[-1][1] <= b.dispatched_at for ways in by_unit.values() for a, b in pairwise(ways))


def test_most_arrive_within_ten_minutes_and_some_do_not(incidents: list[PastIncident], drives: list[PastDrive]) -> None:
    late = [one.steps[2][1] - incidents[one.incident].opened_at > timedelta(minutes=10) for one in drives]
    assert 0.03 < sum(late) / len(late) < 0.35

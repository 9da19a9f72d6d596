"""Triage proposes the likeliest of the incidents an event may be about, and says why in three languages."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from geo_server.operations.catalogue import catalogue
from geo_server.operations.duplicates import Report, likenesses
from geo_server.operations.triage import Join, Open, triage
from layers.incidents.rules import State
from layers.incidents.schema import OpenNearby
from layers.values import LonLat

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
KNOWN = catalogue()
SMOKE = Report(category="smoke", at=NOW)
FIRE = OpenNearby(
    spot=0, id=1, number="26-000001", category="fire", priority=1, state=State.PENDING, opened_at=NOW, address=None,
    place=LonLat(lon=76.9, lat=43.2), distance_m=80, last_at=NOW - timedelta(minutes=3),
)  # fmt: skip


def decide(*nearby: OpenNearby, report: Report = SMOKE) -> Join | Open:
    return triage(KNOWN, "smoke", report, likenesses(KNOWN, report, nearby))


def test_smoke_beside_a_fire_joins_it() -> None:
    gone_by = replace(FIRE, opened_at=NOW - timedelta(hours=1))
    decision = decide(gone_by)
    assert isinstance(decision, Join)
    like = decision.likeness
    assert (like.incident.id, like.distance_m, like.minutes) == (1, 80, 3)
    assert "26-000001" in decision.reason.kk and "80 м" in decision.reason.ru and "3 min" in decision.reason.en


def test_what_an_incident_that_goes_on_tells_of_is_not_old() -> None:
    report = replace(SMOKE, at=NOW - timedelta(minutes=90))
    long = replace(FIRE, opened_at=NOW - timedelta(hours=3), last_at=NOW)
    decision = decide(long, report=report)
    assert isinstance(decision, Join) and decision.likeness.minutes == 0


def test_nothing_near_opens_an_incident_of_the_events_category() -> None:
    decision = decide()
    assert isinstance(decision, Open) and decision.category == "smoke"
    assert "500 m and 60 min" in decision.reason.en and decision.reason.kk != decision.reason.ru
    vague = decide(report=replace(SMOKE, radius_m=120))
    assert "620 m" in vague.reason.en


def test_too_far_too_old_or_of_another_kind_is_not_joined() -> None:
    old = NOW - timedelta(minutes=61)
    for other in (
        replace(FIRE, distance_m=501),
        replace(FIRE, opened_at=old, last_at=old),
        replace(FIRE, category="theft"),
    ):
        assert isinstance(decide(other), Open)


def test_the_error_of_its_place_widens_the_reach() -> None:
    decision = decide(replace(FIRE, distance_m=600), report=replace(SMOKE, radius_m=150))
    assert isinstance(decision, Join) and "±150 m" in decision.reason.en


def test_the_same_category_is_preferred_to_a_kindred_one_that_is_a_little_nearer() -> None:
    same = replace(FIRE, id=2, category="smoke", distance_m=120)
    decision = decide(FIRE, same)
    assert isinstance(decision, Join) and decision.likeness.incident.id == 2

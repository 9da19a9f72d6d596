"""Triage proposes to join what is near in place, time and category, and says why in three languages."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import hypothesis.strategies as st
from hypothesis import given

from geo_server.operations.catalogue import catalogue
from geo_server.operations.kinship import alike
from geo_server.operations.triage import Join, Nearby, NewEvent, Open, triage

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
SMOKE = NewEvent(kind=catalogue().kinds["smoke"], category="smoke", at=NOW)
FIRE = Nearby(incident_id=1, number="26-000001", category="fire", distance_m=80, last_at=NOW - timedelta(minutes=3))
KNOWN = catalogue()
CATEGORIES = sorted(catalogue().categories)


def test_smoke_beside_a_fire_joins_it() -> None:
    decision = triage(KNOWN, SMOKE, [FIRE])
    assert isinstance(decision, Join)
    assert (decision.incident_id, decision.distance_m, decision.age_s) == (1, 80, 180)
    assert "26-000001" in decision.reason.kk and "80 м" in decision.reason.ru and "3 min" in decision.reason.en


def test_nothing_near_opens_an_incident_of_the_events_category() -> None:
    decision = triage(KNOWN, SMOKE, [])
    assert isinstance(decision, Open) and decision.category == "smoke"
    assert "300 m" in decision.reason.en and decision.reason.kk != decision.reason.ru


def test_too_far_too_old_or_of_another_kind_is_not_joined() -> None:
    for other in (
        replace(FIRE, distance_m=301),
        replace(FIRE, last_at=NOW - timedelta(minutes=31)),
        replace(FIRE, category="theft"),
    ):
        assert isinstance(triage(KNOWN, SMOKE, [other]), Open)


def test_the_same_category_is_preferred_to_a_kindred_one_that_is_a_little_nearer() -> None:
    same = replace(FIRE, incident_id=2, category="smoke", distance_m=120)
    decision = triage(KNOWN, SMOKE, [FIRE, same])
    assert isinstance(decision, Join) and decision.incident_id == 2


@given(
    st.lists(
        st.builds(
            Nearby,
            incident_id=st.integers(1, 50),
            number=st.just("26-000009"),
            category=st.sampled_from(CATEGORIES),
            distance_m=st.floats(0, 1000),
            last_at=st.integers(-4000, 4000).map(lambda s: NOW + timedelta(seconds=s)),
        ),
        max_size=8,
    ),
    st.sampled_from(sorted(catalogue().kinds)),
)
def test_what_is_joined_fits_and_the_order_of_what_is_near_does_not_matter(nearby: list[Nearby], kind: str) -> None:
    event = NewEvent(kind=catalogue().kinds[kind], category=catalogue().kinds[kind].category, at=NOW)
    decision = triage(KNOWN, event, nearby)
    if isinstance(decision, Join):
        assert decision.distance_m <= event.kind.join_radius_m and decision.age_s <= event.kind.join_s
        assert any(n.incident_id == decision.incident_id and alike(KNOWN, n.category, event.category) for n in nearby)
        reverse = triage(KNOWN, event, nearby[::-1])
        assert isinstance(reverse, Join) and reverse.incident_id == decision.incident_id
    else:
        assert decision.category == event.category

"""What may be the same is proposed by place, time and category, with the reason, the likeliest first."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import hypothesis.strategies as st
from hypothesis import given

from geo_server.operations.catalogue import catalogue
from geo_server.operations.duplicates import MOST, Report, likenesses
from geo_server.operations.kinship import alike, reach_of
from layers.incidents.rules import State
from layers.incidents.schema import OpenNearby
from layers.values import LonLat

KNOWN = catalogue()
NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
CRASH = OpenNearby(
    spot=0, id=7, number="26-000007", category="road_accident", priority=2, state=State.PENDING,
    opened_at=NOW - timedelta(seconds=1), address="Абай 10", place=LonLat(lon=76.9, lat=43.2), distance_m=400,
    last_at=NOW - timedelta(seconds=1),
)  # fmt: skip
CALL = Report(category="road_accident", at=NOW)


def test_two_calls_in_one_second_about_one_crash_400_m_apart_are_proposed_as_one() -> None:
    (found,) = likenesses(KNOWN, CALL, [CRASH])
    assert (found.incident, found.distance_m, found.minutes) == (CRASH, 400, 0.0)
    assert found.because.ru == "26-000007 (Дорожно-транспортное происшествие): 400 м, разница 0 мин; та же категория."
    assert "26-000007" in found.because.kk and "400 m" in found.because.en


def test_the_circle_of_a_telephone_widens_the_reach_and_is_told() -> None:
    far = replace(CRASH, distance_m=900)
    assert likenesses(KNOWN, CALL, [far]) == []
    (found,) = likenesses(KNOWN, replace(CALL, radius_m=450), [far])
    assert "±450" in found.because.kk and "±450" in found.because.ru and "±450" in found.because.en


def test_a_call_of_which_nothing_was_said_yet_may_be_about_whatever_is_near() -> None:
    (found,) = likenesses(KNOWN, replace(CALL, category=None), [CRASH])
    assert "no category was said yet" in found.because.en


def test_a_category_that_does_not_fit_or_a_time_too_far_apart_is_not_proposed() -> None:
    assert likenesses(KNOWN, replace(CALL, category="fraud"), [CRASH]) == []
    assert likenesses(KNOWN, replace(CALL, at=NOW + timedelta(hours=2)), [CRASH]) == []
    assert likenesses(KNOWN, replace(CALL, at=NOW - timedelta(hours=2)), [CRASH]) == []


def test_an_incident_that_goes_on_is_fresh_by_what_was_last_heard_of_it() -> None:
    long = replace(CRASH, opened_at=NOW - timedelta(hours=5), last_at=NOW - timedelta(minutes=10))
    (found,) = likenesses(KNOWN, CALL, [long])
    assert found.minutes == 10.0


def test_the_likeliest_comes_first_and_no_more_than_help() -> None:
    kindred = replace(CRASH, id=1, category="injury", distance_m=100)
    near = [replace(CRASH, id=20 + n, distance_m=300.0 + n) for n in range(20)]
    found = likenesses(KNOWN, CALL, [kindred, *reversed(near)])
    assert [one.incident.id for one in found] == [20 + n for n in range(MOST)]


@given(
    st.lists(
        st.builds(
            replace,
            st.just(CRASH),
            id=st.integers(1, 99),
            category=st.sampled_from([*sorted(KNOWN.categories), "gone"]),
            distance_m=st.floats(0, 5000),
            last_at=st.integers(-9000, 9000).map(lambda s: NOW + timedelta(seconds=s)),
        ),
        max_size=12,
    ),
    st.sampled_from([None, *sorted(KNOWN.categories), "gone"]),
    st.floats(0, 2000),
)
def test_whatever_is_proposed_fits(nearby: list[OpenNearby], category: str | None, radius_m: float) -> None:
    found = likenesses(KNOWN, Report(category=category, at=NOW, radius_m=radius_m), nearby)
    for one in found:
        reaches = [reach_of(KNOWN, name).radius_m for name in (one.incident.category, category) if name]
        assert one.incident.distance_m <= max(reaches) + radius_m
        assert category is None or alike(KNOWN, category, one.incident.category)
        assert one.minutes >= 0 and one.because.kk and one.because.ru and one.because.en

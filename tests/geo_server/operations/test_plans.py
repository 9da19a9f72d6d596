"""A plan exists for whatever happens, wherever and whenever; level and regime only ever add."""

from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_server.operations.catalogue import catalogue, catalogue_of
from geo_server.operations.content import HIGHEST_ALARM, Content, Near, plain
from geo_server.operations.needs import Bound, Need, covers, left, merged
from geo_server.operations.plans import REGIMES, Plan, Regime, plan_for, strictest
from geo_server.operations.surroundings import NOTHING_NEAR, Nearest, Surroundings, nearest
from layers.values import Service, Title

NOON = datetime(2026, 7, 8, 7, tzinfo=UTC)  # a Wednesday, 12 o'clock in Kazakhstan, no school
LESSON = datetime(2026, 4, 8, 5, tzinfo=UTC)  # a Wednesday, 10 o'clock in Kazakhstan
NIGHT = datetime(2026, 7, 8, 20, tzinfo=UTC)  # 1 o'clock in Kazakhstan
URGENT_S = {"I": 600, "II": 900, "III": 1800, "IV": 3600}  # health ministry order ДСМ-225/2020

categories = st.sampled_from(sorted(catalogue().categories))
alarms = st.integers(1, HIGHEST_ALARM)
regimes = st.sampled_from(REGIMES)
times = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))
distances = st.floats(0, 2000).map(lambda metres: Nearest(distance_m=metres))
places = st.dictionaries(st.sampled_from(Near), distances).map(lambda near: Surroundings(near=near))
urgencies = st.sampled_from((None, *URGENT_S))


def plan(category: str, **said: Any) -> Plan:
    """The plan of a category on an ordinary noon with nothing near."""
    usual: dict[str, Any] = {"alarm": 1, "regime": Regime.EVERYDAY, "surroundings": NOTHING_NEAR, "at": NOON}
    return plan_for(catalogue(), category, **usual | said)


@settings(max_examples=80, deadline=None)
@given(categories, alarms, regimes, places, times, urgencies)
def test_for_whatever_happens_there_is_a_plan(
    category: str, alarm: int, regime: Regime, surroundings: Surroundings, at: datetime, urgency: Any
) -> None:
    found = plan(category, alarm=alarm, regime=regime, surroundings=surroundings, at=at, urgency=urgency)
    assert found.needs and all(need.count > 0 for need in found.needs)
    assert found.questions and 1 <= found.priority <= catalogue().categories[category].priority
    assert len({step.item for step in found.checklist}) == len(found.checklist)
    assert all(title.kk and title.ru and title.en for title in found.because)
    clocks = [(target.clock, target.service) for target in found.clocks]
    assert len(set(clocks)) == len(clocks) and {("answer", None), ("process", None)} <= set(clocks)


@settings(max_examples=50, deadline=None)
@given(categories, places, times)
def test_needs_never_shrink_with_the_alarm_level_or_with_the_regime(
    category: str, surroundings: Surroundings, at: datetime
) -> None:
    grid = {
        (alarm, regime): plan(category, alarm=alarm, regime=regime, surroundings=surroundings, at=at)
        for alarm in range(1, HIGHEST_ALARM + 1)
        for regime in REGIMES
    }
    for regime in REGIMES:
        for less, more in pairwise(range(1, HIGHEST_ALARM + 1)):
            assert covers(grid[more, regime].needs, grid[less, regime].needs)
    for alarm in range(1, HIGHEST_ALARM + 1):
        for mild, strict in pairwise(REGIMES):
            assert covers(grid[alarm, strict].needs, grid[alarm, mild].needs)
            assert {told.role for told in grid[alarm, mild].told} <= {told.role for told in grid[alarm, strict].told}


@settings(max_examples=50, deadline=None)
@given(categories, alarms, places, times)
def test_place_and_time_only_ever_add(category: str, alarm: int, surroundings: Surroundings, at: datetime) -> None:
    with_them = plan(category, alarm=alarm, surroundings=surroundings, at=at)
    without = plan(category, alarm=alarm, at=at)
    assert covers(with_them.needs, without.needs) and with_them.priority <= without.priority
    assert set(without.checklist) <= set(with_them.checklist)


@settings(max_examples=80, deadline=None)
@given(categories, alarms, regimes, urgencies)
def test_the_ambulance_s_time_to_the_scene_follows_its_urgency(
    category: str, alarm: int, regime: Regime, urgency: Any
) -> None:
    found = plan(category, alarm=alarm, regime=regime, urgency=urgency)
    assert found.urgency == (urgency or catalogue().categories[category].urgency)
    targets = [t.seconds for t in found.clocks if (t.clock, t.service) == ("on_scene", Service.AMBULANCE)]
    comes = any(need.service is Service.AMBULANCE for need in found.needs)
    assert targets == ([URGENT_S[found.urgency]] if comes and found.urgency else [])


def test_clocks_are_of_the_services_that_are_sent() -> None:
    assert {target.service for target in plan("noise").clocks} == {None, Service.POLICE}


def test_a_school_brings_more_in_school_hours_and_nothing_in_the_holidays() -> None:
    school = Surroundings(near={Near.SCHOOL: Nearest(distance_m=82, name=Title(kk="№ 5", ru="№ 5", en="No. 5"))})
    lesson = plan("fire", surroundings=school, at=LESSON)
    assert covers(lesson.needs, plan("fire", at=LESSON).needs) and lesson.needs != plan("fire", at=LESSON).needs
    assert lesson.because[-1].ru == "Рядом школа, идут занятия (№ 5, 82 м)"
    assert "education_department" in {told.role for told in lesson.told}
    assert plan("fire", surroundings=school, at=NOON).needs == plan("fire", at=NOON).needs


def test_night_rush_hour_and_season_count() -> None:
    assert plan("fire_dwelling", at=NIGHT).needs != plan("fire_dwelling", at=NOON).needs
    rush = datetime(2026, 7, 8, 3, 15, tzinfo=UTC)  # a quarter past eight
    assert plan("road_accident", at=rush).needs != plan("road_accident", at=NOON).needs
    assert plan("fire_steppe", at=NOON).needs != plan("fire_steppe", at=datetime(2026, 1, 8, 7, tzinfo=UTC)).needs


def test_a_hazard_site_and_a_tunnel_lift_a_fire_by_a_level_and_say_so() -> None:
    for near in (Near.HAZARD_SITE, Near.TUNNEL, Near.HOSPITAL):
        found = plan("fire", surroundings=Surroundings(near={near: Nearest(distance_m=10)}))
        assert covers(found.needs, plan("fire", alarm=2).needs)
        assert found.alarm == 1 and "1 was called" in found.because[0].en


def test_a_category_that_a_version_does_not_know_is_answered_as_other() -> None:
    assert plan("of_long_ago").category == "other" and plan("of_long_ago").needs == plan("other").needs


def test_the_strictest_regime_counts_and_none_is_everyday() -> None:
    assert strictest([]) is Regime.EVERYDAY
    assert strictest([Regime.RAISED, Regime.EMERGENCY, Regime.EVERYDAY]) is Regime.EMERGENCY


def test_of_two_as_near_the_one_with_a_name_is_told() -> None:
    named = Nearest(distance_m=0, name=Title(kk="а", ru="б", en="c"))
    found = nearest([(Near.WATER, Nearest(distance_m=0)), (Near.WATER, named), (Near.SCHOOL, Nearest(distance_m=9))])
    assert found.near == {Near.WATER: named, Near.SCHOOL: Nearest(distance_m=9)}


# ── needs ──

kinds = st.frozensets(st.sampled_from(["engine", "ladder"]))
needs = st.builds(
    Need,
    service=st.sampled_from([Service.FIRE, Service.POLICE]),
    kinds=kinds,
    skills=st.frozensets(st.sampled_from(["diving"])),
    count=st.integers(1, 4),
)
units = st.builds(
    Bound,
    service=st.sampled_from([Service.FIRE, Service.POLICE]),
    kind=st.sampled_from(["engine", "ladder", "car"]),
    skills=st.frozensets(st.sampled_from(["diving"])),
)


@given(st.lists(needs), st.lists(units))
def test_each_bound_unit_answers_one_need_at_most(asked: list[Need], bound: list[Bound]) -> None:
    whole, still = merged(asked), left(merged(asked), bound)
    answered = sum(need.count for need in whole) - sum(need.count for need in still)
    assert 0 <= answered <= len(bound) and covers(whole, still)
    open_to = [unit for unit in bound if any(need.fits(unit.service, unit.kind, unit.skills) for need in whole)]
    assert answered <= len(open_to)


def test_the_special_unit_answers_the_special_need() -> None:
    ladder = Need(service=Service.FIRE, kinds=frozenset({"ladder"}))
    asked = (Need(service=Service.FIRE, count=2), ladder)
    bound = [Bound(service=Service.FIRE, kind="ladder"), Bound(service=Service.FIRE, kind="engine")]
    assert left(asked, bound) == (Need(service=Service.FIRE, count=1),)


def test_a_target_of_a_nearer_area_counts_before_a_farther_one_and_before_one_without() -> None:
    raw = plain(catalogue().content)
    asked = {"clock": "turnout", "service": "fire", "source": "house"}
    of_areas = [{**asked, "seconds": 90, "area": "KZ-75-MED"}, {**asked, "seconds": 100, "area": "KZ-75"}]
    raw["clocks"]["sets"]["fire"] = [*of_areas, *raw["clocks"]["sets"]["fire"]]
    book = catalogue_of(msgspec.convert(raw, Content), 1)

    def turnout_s(*areas: str) -> float:
        usual = {"alarm": 1, "regime": Regime.EVERYDAY, "surroundings": NOTHING_NEAR, "at": NOON}
        found: Any = plan_for(book, "fire", areas=areas, **usual)  # type: ignore[arg-type]
        (seconds,) = [one.seconds for one in found.clocks if (one.clock, one.service) == ("turnout", Service.FIRE)]
        return float(seconds)

    assert turnout_s("KZ-75-MED", "KZ-75", "KZ") == 90
    assert turnout_s("KZ-75-ALM", "KZ-75", "KZ") == 100
    assert turnout_s("KZ-71", "KZ") == turnout_s() == 80


def test_the_first_help_to_a_life_in_danger_has_a_time_to_travel() -> None:
    def travel(category: str) -> list[float]:
        clocks = plan(category).clocks
        return [one.seconds for one in clocks if (one.clock, one.service) == ("travel", Service.AMBULANCE)]

    assert travel("cardiac_arrest") == [240] and travel("medical") == []

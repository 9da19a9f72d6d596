"""The shortlist: who is proposed, who is passed over and why, and what is missing."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import hypothesis.strategies as st
import pytest
from hypothesis import given

from geo_server.operations.catalogue import catalogue
from geo_server.operations.choosing import Asked, choose
from geo_server.operations.cover import Cover, Lost
from geo_server.operations.dispatch import Code, Shortlist, drag
from geo_server.operations.dispatch import shortlist as answer
from geo_server.operations.needs import Need
from geo_server.routing.router import Reached, Router, Stands
from geo_server.routing.standing import Standing
from geo_server.routing.straight_line import StraightLine
from layers.dispatches.rules import Status
from layers.units.rules import Availability, Duty
from layers.units.schema import Task, Unit
from layers.values import LonLat, Service

PLACE = LonLat(lon=76.9, lat=43.2)
POLICE = [Need(service=Service.POLICE, count=1)]
TASK = Task(id=1, incident_id=5, incident_number="26-000005", priority=1, status=Status.ENROUTE, eta_at=None)


def unit(number: int, *, east_m: float = 100.0, **other: object) -> Unit:
    made = Unit(
        id=number,
        call_sign=f"A-{number}",
        service=Service.POLICE,
        kind="patrol",
        crew=2,
        duty=Duty.ON,
        station=None,
        place=LonLat(lon=76.9 + east_m / 81_000, lat=43.2),
        at=datetime(2026, 5, 1, tzinfo=UTC),
        position_age_s=4.0,
        speed_kmh=0.0,
        heading_deg=0.0,
        area_id=1,
        task=None,
        dispatch=None,
    )
    return replace(made, **other)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Told:
    """A router that knows each unit's seconds; None is no way."""

    seconds: dict[int, float | None]
    name: str = "road graph"
    straight: bool = False
    asked: list[int] = field(default_factory=list)

    def reach(self, place: LonLat, units: Stands, k: int) -> list[Reached]:
        self.asked.extend(units.ids.tolist())
        known = [(self.seconds[i], i) for i in units.ids.tolist()]
        ways = sorted((seconds, i) for seconds, i in known if seconds is not None)
        return [Reached(unit_id=i, seconds=s, metres=10 * s, path=((76.9, 43.2), (76.9, 43.2))) for s, i in ways[:k]]

    def times(self, place: LonLat, units: Stands, k: int) -> list[tuple[int, float]]:
        return [(way.unit_id, way.seconds) for way in self.reach(place, units, k)]


def shortlist(place: LonLat, units: list[Unit], needs: list[Need], router: Router, **more: Any) -> Shortlist:
    asked = Asked(place=place, needs=needs, router=lambda _: router, **more)
    choice = choose(asked, Standing.of(units))
    return answer(asked, choice, [unit for unit in units if unit.id in choice.ids])


def holding(**shares: float) -> dict[Service, Cover]:
    """A cover of the police of which units (by `u1`, `u2` …) alone hold these shares."""
    lost = {int(name[1:]): Lost(area_id=1, share=share) for name, share in shares.items()}
    return {Service.POLICE: cast(Cover, SimpleNamespace(lost=lost))}


def test_five_are_proposed_quickest_first_and_a_nearer_one_that_is_slower_by_road_is_explained() -> None:
    units = [unit(i, east_m=1000 * i) for i in range(1, 8)]
    told = Told({1: 900.0, 2: 60, 3: 50, 4: 70, 5: 80, 6: 90, 7: 1000})
    found = shortlist(PLACE, units, POLICE, told)
    assert [proposal.unit.id for proposal in found.proposals] == [3, 2, 4, 5, 6]
    assert [(p.unit.id, p.code, p.eta_s) for p in found.passed_over] == [(1, Code.SLOWER_BY_ROAD, 900.0)]
    why = found.passed_over[0].reason
    assert "15.0 min" in why.en and "15,0 мин" in why.ru and "15,0 мин" in why.kk
    assert "0,5 км" in found.proposals[0].reasons[1].kk and "0,5 км" in found.proposals[0].reasons[1].ru
    assert found.shortfall == ()


def test_those_that_drove_on_since_they_were_chosen_stand_in_the_order_of_their_seconds_now() -> None:
    units = [unit(i, east_m=1000 * i) for i in (1, 2, 3)]
    told = Told({1: 50.0, 2: 60.0, 3: 70.0})
    asked = Asked(place=PLACE, needs=POLICE, router=lambda _: told)
    choice = choose(asked, Standing.of(units))
    told.seconds[3] = 40.0
    found = answer(asked, choice, units).proposals
    assert [(one.unit.id, one.eta_s) for one in found] == [(3, 40.0), (1, 50.0), (2, 60.0)]
    assert [any("quickest" in why.en.lower() for why in one.reasons) for one in found] == [True, False, False]


@pytest.mark.parametrize(
    ("bad", "code", "word"),
    [
        (unit(1, position_age_s=240.0), Code.STALE, "240 s"),
        (unit(1, task=Status.ENROUTE, dispatch=TASK), Code.BUSY, "26-000005"),
        (unit(1, task=Status.ENROUTE), Code.BUSY, "another area"),
        (unit(1, duty=Duty.BREAK), Code.OFF_DUTY, "break"),
        (unit(1, crew=0), Code.OFF_DUTY, "without a crew"),
    ],
)
def test_a_nearer_one_that_cannot_go_is_never_proposed_and_never_silently_dropped(
    bad: Unit, code: Code, word: str
) -> None:
    told = Told({1: 1.0, 2: 60.0})
    found = shortlist(PLACE, [bad, unit(2, east_m=5000)], POLICE, told)
    assert [proposal.unit.id for proposal in found.proposals] == [2]
    assert [passed.code for passed in found.passed_over] == [code]
    assert word in found.passed_over[0].reason.en and 1 not in told.asked


@pytest.mark.parametrize("duty", [duty for duty in Duty if duty is not Duty.ON])
def test_why_a_unit_is_off_duty_is_said_in_the_words_of_the_windows(duty: Duty) -> None:
    (passed,) = shortlist(PLACE, [unit(1, duty=duty)], POLICE, Told({})).passed_over
    said, word = passed.reason, catalogue().unit_statuses[duty.value]
    assert [said.kk.lower(), said.ru.lower(), said.en.lower()] == [f"{word.kk}.", f"{word.ru}.", f"{word.en}."]


def test_one_that_no_road_leads_from_is_said_to_be_unreachable() -> None:
    found = shortlist(PLACE, [unit(1), unit(2)], POLICE, Told({1: None, 2: 60.0}))
    assert [(passed.unit.id, passed.code) for passed in found.passed_over] == [(1, Code.UNREACHABLE)]


def test_what_is_missing_is_told_for_each_service() -> None:
    needs = [Need(service=Service.POLICE, count=2), Need(service=Service.AMBULANCE)]
    found = shortlist(PLACE, [unit(1)], needs, Told({1: 60.0}))
    assert [(s.service, s.wanted, s.found) for s in found.shortfall] == [
        (Service.POLICE, 2, 1),
        (Service.AMBULANCE, 1, 0),
    ]
    assert "Police" in found.shortfall[0].reason.en and found.shortfall[0].reason.en.endswith(", 1.")


def test_a_straight_line_is_flagged_in_every_proposal() -> None:
    found = shortlist(PLACE, [unit(1), unit(2, east_m=300)], POLICE, StraightLine())
    assert [proposal.straight for proposal in found.proposals] == [True, True]
    assert all("NOT BY ROAD" in proposal.reasons[0].en for proposal in found.proposals)


def test_a_unit_that_never_sent_a_position_is_left_out() -> None:
    lost = unit(1, place=None, position_age_s=None)
    assert shortlist(PLACE, [lost], POLICE, Told({})).proposals == ()


def test_the_plan_is_answered_together_so_that_a_rare_unit_is_not_spent_on_a_common_need() -> None:
    needs = [Need(service=Service.POLICE), Need(service=Service.POLICE, kinds=frozenset({"dogs"}))]
    units = [unit(1, kind="dogs"), unit(2), unit(3)]
    found = shortlist(PLACE, units, needs, Told({1: 50.0, 2: 60.0, 3: 70.0}))
    assert {p.unit.id: p.need for p in found.proposals if p.chosen} == {1: 1, 2: 0}
    assert found.shortfall == ()


def test_a_plan_of_twenty_chooses_twenty_each_once_and_offers_two_more_of_each_need() -> None:
    units = [unit(i, east_m=100 * i) for i in range(1, 41)]
    units += [unit(i, east_m=100 * i, service=Service.FIRE) for i in range(41, 81)]
    needs = [Need(service=Service.POLICE, count=12), Need(service=Service.FIRE, count=8)]
    found = shortlist(PLACE, units, needs, Told({i: 10.0 * i for i in range(1, 81)}))
    assert sum(p.chosen for p in found.proposals) == 20 and len(found.proposals) == 14 + 10
    assert len({p.unit.id for p in found.proposals}) == 24


def test_a_unit_of_another_kind_is_passed_over_with_that_word() -> None:
    needs = [Need(service=Service.POLICE, kinds=frozenset({"dogs"}))]
    found = shortlist(PLACE, [unit(1), unit(2, kind="dogs", east_m=900)], needs, Told({1: 5.0, 2: 60.0}))
    assert [p.unit.id for p in found.proposals] == [2]
    assert [(p.unit.id, p.code) for p in found.passed_over] == [(1, Code.WRONG_KIND)]
    assert "patrol" in found.passed_over[0].reason.ru


def test_a_unit_that_lacks_a_skill_is_passed_over_with_what_it_lacks_and_equipment_counts_as_one() -> None:
    needs = [Need(service=Service.POLICE, kinds=frozenset({"patrol"}), skills=frozenset({"dog", "hydraulic_tools"}))]
    units = [
        unit(1, skills=("dog",), equipment={"hydraulic_tools": 0}),
        unit(2, kind="boat", skills=("dog",), equipment={"hydraulic_tools": 1}, east_m=200),
        unit(3, skills=("dog",), equipment={"hydraulic_tools": 2}, east_m=900),
    ]
    found = shortlist(PLACE, units, needs, Told({1: 5.0, 2: 6.0, 3: 60.0}))
    assert [(p.unit.id, p.chosen) for p in found.proposals] == [(3, True)] and found.shortfall == ()
    assert [(p.unit.id, p.code) for p in found.passed_over] == [(1, Code.WRONG_SKILL), (2, Code.WRONG_KIND)]
    assert found.passed_over[0].reason.en == "Lacks what the plan asks for: Hydraulic tools."
    alone = shortlist(PLACE, units[:2], needs, Told({1: 5.0, 2: 6.0}))
    assert [(s.found, s.wanted) for s in alone.shortfall] == [(0, 1)]
    assert "Police dog" in alone.shortfall[0].reason.en and "Гидравлический инструмент" in alone.shortfall[0].reason.ru


def test_a_unit_that_alone_holds_its_area_is_left_there_where_another_is_not_much_slower() -> None:
    units = [unit(1), unit(2, east_m=400)]
    told = Told({1: 60.0, 2: 100.0})
    calm = shortlist(PLACE, units, POLICE, told, covers=holding(u1=0.2), priority=3)
    assert [(p.unit.id, p.chosen) for p in calm.proposals] == [(2, True), (1, False)]
    assert calm.proposals[1].cover is not None and calm.proposals[1].cover.penalty_s == pytest.approx(120)
    assert any("20 %" in reason.en and "120 s" in reason.en for reason in calm.proposals[1].reasons)
    assert calm.proposals[1].reasons[0].en == "Quickest by road."
    urgent = shortlist(PLACE, units, POLICE, told, covers=holding(u1=0.2), priority=1)
    assert [p.unit.id for p in urgent.proposals] == [1, 2], "the more urgent, the less it weighs"


def test_one_left_out_for_its_cover_is_told_as_that() -> None:
    units = [unit(i, east_m=100 * i) for i in range(1, 8)]
    told = Told({1: 100.0, **{i: 110.0 + i for i in range(2, 8)}})
    found = shortlist(PLACE, units, POLICE, told, covers=holding(u1=0.9), priority=4)
    assert 1 not in {p.unit.id for p in found.proposals}
    assert [(p.unit.id, p.code) for p in found.passed_over] == [(1, Code.KEEPS_COVER)]


def test_a_need_that_is_answered_already_is_offered_and_nobody_is_chosen_for_it() -> None:
    found = shortlist(PLACE, [unit(1)], [Need(service=Service.POLICE, count=0)], Told({1: 60.0}))
    assert [p.chosen for p in found.proposals] == [False] and found.shortfall == ()


@pytest.mark.parametrize(
    ("one", "code", "need"),
    [
        (unit(1, skills=("dog",)), None, 0),
        (unit(1, kind="boat", skills=("dog",)), Code.WRONG_KIND, None),
        (unit(1, skills=()), Code.WRONG_SKILL, None),
        (unit(1, skills=("dog",), task=Status.ENROUTE, dispatch=TASK), Code.BUSY, 0),
        (unit(1, skills=("dog",), position_age_s=300.0), Code.STALE, 0),
    ],
    ids=["fits", "another kind", "without the skill", "busy", "silent"],
)
def test_a_unit_that_is_dragged_is_weighed_and_never_hidden(one: Unit, code: Code | None, need: int | None) -> None:
    asked = Asked(
        place=PLACE,
        needs=[Need(service=Service.POLICE, kinds=frozenset({"patrol"}), skills=frozenset({"dog"}))],
        router=lambda _: Told({1: 60.0}),
    )
    found = drag(asked, one)
    assert (found.code, found.need) == (code, need)
    assert found.way is not None and found.reasons


UNITS = st.lists(
    st.builds(
        unit,
        st.integers(1, 40),
        east_m=st.floats(0, 9000),
        duty=st.sampled_from(Duty),
        dispatch=st.sampled_from([None, TASK]),
        position_age_s=st.floats(0, 200),
        service=st.sampled_from([Service.POLICE, Service.FIRE]),
    ),
    max_size=25,
    unique_by=lambda one: one.id,
)


@given(UNITS, st.lists(st.none() | st.floats(1, 5000), min_size=41, max_size=41))
def test_only_free_units_of_the_service_are_proposed_and_none_stands_on_both_lists(
    units: list[Unit], seconds: list[float | None]
) -> None:
    found = shortlist(PLACE, units, POLICE, Told(dict(enumerate(seconds))))
    etas = [proposal.eta_s for proposal in found.proposals]
    assert etas == sorted(etas) and len(etas) <= 5
    for proposal in found.proposals:
        assert proposal.unit.service is Service.POLICE
        assert proposal.unit.availability is Availability.FREE
    taken = {proposal.unit.id for proposal in found.proposals}
    assert taken.isdisjoint(passed.unit.id for passed in found.passed_over)
    if etas:
        for passed in found.passed_over:
            assert passed.code is not Code.SLOWER_BY_ROAD or (passed.eta_s or 0) >= etas[-1]

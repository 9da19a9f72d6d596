"""The shortlist: who is proposed, who is passed over and why, and what is missing."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import hypothesis.strategies as st
import pytest
from hypothesis import given

from geo_server.operations.catalogue import catalogue
from geo_server.operations.dispatch import Code, shortlist
from geo_server.routing.router import Reached, Stands
from geo_server.routing.straight_line import StraightLine
from layers.dispatches.rules import Status
from layers.units.rules import Availability, Duty
from layers.units.schema import Task, Unit
from layers.values import LonLat, Service

PLACE = LonLat(lon=76.9, lat=43.2)
POLICE = {Service.POLICE: 1}
TASK = Task(id=1, incident_id=5, incident_number="26-000005", status=Status.ENROUTE, eta_at=None)


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
    found = shortlist(PLACE, [unit(1)], {Service.POLICE: 2, Service.AMBULANCE: 1}, Told({1: 60.0}))
    assert [(s.service, s.wanted, s.found) for s in found.shortfall] == [
        (Service.POLICE, 2, 1),
        (Service.AMBULANCE, 1, 0),
    ]


def test_a_straight_line_is_flagged_in_every_proposal() -> None:
    found = shortlist(PLACE, [unit(1), unit(2, east_m=300)], POLICE, StraightLine())
    assert [proposal.straight for proposal in found.proposals] == [True, True]
    assert all("NOT BY ROAD" in proposal.reasons[0].en for proposal in found.proposals)


def test_a_unit_that_never_sent_a_position_is_left_out() -> None:
    lost = unit(1, place=None, position_age_s=None)
    assert shortlist(PLACE, [lost], POLICE, Told({})).proposals == ()


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

"""EIDO's two axes, and the life of a duty."""

import hypothesis.strategies as st
import pytest
from hypothesis import given

from layers.dispatches.rules import NEXT, Status, is_open
from layers.units.rules import (
    NEXT_DUTY,
    Availability,
    Duty,
    Primary,
    Remains,
    Secondary,
    Turned,
    Unfit,
    availability,
    duties_after,
    primary,
    secondary,
    turn,
)

TASKS = st.none() | st.sampled_from(Status)


@given(st.sampled_from(Duty), st.integers(0, 9), TASKS, st.none() | st.floats(0, 200))
def test_available_is_what_may_be_proposed_and_nothing_else(
    duty: Duty, crew: int, task: Status | None, age_s: float | None
) -> None:
    free = availability(duty, crew, task, age_s) is Availability.FREE
    assert (primary(duty, crew, task, age_s) is Primary.AVAILABLE) == free


@given(st.sampled_from(Status))
def test_a_bound_unit_is_available_at_a_price_while_it_is_on_its_way_and_may_be_sent_elsewhere(task: Status) -> None:
    found = primary(Duty.ON, 2, task, 1.0)
    if not is_open(task):
        assert found is Primary.AVAILABLE
    elif task is not Status.ONSCENE and Status.DIVERTED in NEXT[task]:
        assert found is Primary.CONDITIONALLY_AVAILABLE
    else:
        assert found is Primary.NOT_AVAILABLE


@pytest.mark.parametrize(
    ("duty", "age_s", "found"),
    [
        (Duty.BREAK, 1.0, Primary.CONDITIONALLY_AVAILABLE),
        (Duty.ON, 61.0, Primary.CONDITIONALLY_AVAILABLE),
        (Duty.ON, None, Primary.CONDITIONALLY_AVAILABLE),
        (Duty.ROSTER, 1.0, Primary.NOT_AVAILABLE),
        (Duty.OUT_OF_SERVICE, 1.0, Primary.NOT_AVAILABLE),
    ],
)
def test_a_break_or_silence_is_a_price_and_off_duty_a_no(duty: Duty, age_s: float | None, found: Primary) -> None:
    assert primary(duty, 2, None, age_s) is found


def test_what_a_unit_does_combines() -> None:
    assert secondary(Duty.ON, None) == ()
    assert secondary(Duty.OUT_OF_SERVICE, Status.ENROUTE) == (Secondary.ENROUTE, Secondary.OUT_OF_SERVICE)
    assert secondary(Duty.BREAK, Status.CLEAR) == (Secondary.BREAK,)
    assert all(secondary(Duty.ON, task) for task in Status if is_open(task))


@given(st.sampled_from(Duty), st.sampled_from(Duty), st.booleans(), st.booleans(), st.booleans())
def test_a_duty_turns_only_as_listed_and_what_is_late_or_older_breaks_nothing(
    present: Duty, asked: Duty, bound: bool, late: bool, older: bool
) -> None:
    outcome = turn(present, asked, bound=bound, late=late, older=older)
    allowed = duties_after(present, bound=bound)
    assert set(allowed) <= set(NEXT_DUTY[present])
    match outcome:
        case Turned(duty=to):
            assert to is asked and to in allowed and not older
        case Remains(duty=same):
            assert same is present and (asked is present or older or late)
        case Unfit(duty=same, allowed=told):
            assert same is present and asked not in told == allowed and not (late or older)


def test_a_bound_crew_may_break_down_and_come_back() -> None:
    assert duties_after(Duty.ON, bound=True) == (Duty.OUT_OF_SERVICE,)
    assert duties_after(Duty.OUT_OF_SERVICE, bound=True) == (Duty.ON,)

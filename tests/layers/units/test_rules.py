"""Whether a unit can be sent."""

import math

import hypothesis.strategies as st
import pytest
from hypothesis import given

from layers.dispatches.rules import Status, is_open
from layers.units.rules import Availability, Duty, availability, is_stale, shown_status

TASKS = st.none() | st.sampled_from(Status)
AGES = st.none() | st.floats(allow_nan=True)


@given(st.sampled_from(Duty), st.integers(0, 9), TASKS, AGES)
def test_free_means_on_duty_with_a_crew_no_task_and_a_fresh_position(
    duty: Duty, crew: int, task: Status | None, age_s: float | None
) -> None:
    free = availability(duty, crew, task, age_s) is Availability.FREE
    idle = task is None or not is_open(task)
    assert free == (duty is Duty.ON and crew > 0 and idle and not is_stale(age_s))


@pytest.mark.parametrize(("age_s", "stale"), [(0, False), (60, False), (60.1, True), (None, True), (math.nan, True)])
def test_a_position_is_stale_after_a_minute(age_s: float | None, stale: bool) -> None:
    assert is_stale(age_s) is stale


def test_off_duty_is_said_before_busy_and_busy_before_stale() -> None:
    assert availability(Duty.BREAK, 2, Status.ENROUTE, None) is Availability.OFF_DUTY
    assert availability(Duty.ON, 2, Status.ENROUTE, None) is Availability.BUSY
    assert availability(Duty.ON, 2, Status.CLEAR, None) is Availability.STALE


def test_people_read_the_task_then_free_then_the_duty() -> None:
    assert shown_status(Duty.ON, Status.ENROUTE) == "enroute"
    assert shown_status(Duty.ON, Status.CLEAR) == "free"
    assert shown_status(Duty.BREAK, None) == "break"

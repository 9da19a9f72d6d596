"""A unit's duty, assignment and panic walked at random, by the desk and by a late device: never a forbidden state."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from layers.dispatches.rules import AHEAD, OF_CREW, Moved, Status, happened, is_open, step
from layers.panics.rules import Anew, Latest, Raise, Repeat, press
from layers.units.rules import Availability, Duty, Primary, Turned, availability, primary, turn

_BEGAN = datetime(2026, 5, 1, 8, tzinfo=UTC)


class Life(RuleBasedStateMachine):
    """One unit, a desk, and a device whose presses arrive in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.now, self.duty, self.said_at = _BEGAN, Duty.OFF, _BEGAN
        self.task: Status | None = None
        self.panic: Latest | None = None
        self.panics = 0

    @rule(seconds=st.integers(1, 9000))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(asked=st.sampled_from(Duty), ago_s=st.integers(0, 8000))
    def a_duty_is_pressed(self, asked: Duty, ago_s: int) -> None:
        at, late = self.now - timedelta(seconds=ago_s), ago_s > 120
        bound = self.task is not None and is_open(self.task)
        outcome = turn(self.duty, asked, bound=bound, late=late, older=at < self.said_at)
        if isinstance(outcome, Turned):
            self.duty, self.said_at = outcome.duty, at

    @precondition(lambda self: availability(self.duty, 2, self.task, 1.0) is Availability.FREE)
    @rule()
    def the_desk_sends_it(self) -> None:
        self.task = Status.DISPATCHED

    @precondition(lambda self: self.task is not None)
    @rule(asked=st.sampled_from(Status))
    def the_desk_steps_it(self, asked: Status) -> None:
        assert self.task is not None
        outcome = step(self.task, asked)
        if isinstance(outcome, Moved):
            self._goes(outcome.status)

    @precondition(lambda self: self.task is not None)
    @rule(said=st.sampled_from(sorted(OF_CREW)), late=st.booleans())
    def its_device_tells_a_step(self, said: Status, late: bool) -> None:
        assert self.task is not None
        outcome = happened(self.task, said, late=late)
        if isinstance(outcome, Moved):
            assert outcome.status in AHEAD[self.task]
            self._goes(outcome.status)

    @rule(ago_s=st.integers(0, 8000))
    def its_crew_cries_for_help(self, ago_s: int) -> None:
        at = self.now - timedelta(seconds=ago_s)
        outcome = press(self.panic, at)
        if isinstance(outcome, Raise):
            assert self.panic is None or self.panic.ended_at is not None
            self.panics += 1
            self.panic = Latest(id=self.panics, raised_at=at, acknowledged_at=None, ended_at=None)
        elif isinstance(outcome, Anew):
            assert self.panic is not None and self.panic.ended_at is None
            self.panic = replace(self.panic, acknowledged_at=None)
        if isinstance(outcome, Repeat) and self.panic is not None and self.panic.acknowledged_at is not None:
            assert at <= self.panic.acknowledged_at, "no press after it was heard stays unheard in silence"

    @precondition(lambda self: self.panic is not None and self.panic.ended_at is None)
    @rule()
    def the_desk_acknowledges_it(self) -> None:
        assert self.panic is not None
        if self.panic.acknowledged_at is None:
            self.panic = replace(self.panic, acknowledged_at=self.now)

    @precondition(lambda self: self.panic is not None and self.panic.ended_at is None)
    @rule()
    def the_desk_ends_it(self) -> None:
        assert self.panic is not None
        self.panic = replace(self.panic, ended_at=self.now)

    @invariant()
    def no_crew_that_is_bound_rests_or_went_home(self) -> None:
        if self.task is not None and is_open(self.task):
            assert self.duty in (Duty.ON, Duty.OUT_OF_SERVICE)

    @invariant()
    def who_is_available_is_on_duty_and_bound_to_nothing(self) -> None:
        if primary(self.duty, 2, self.task, 1.0) is Primary.AVAILABLE:
            assert self.duty is Duty.ON and (self.task is None or not is_open(self.task))

    def _goes(self, to: Status) -> None:
        assert self.task is not None and is_open(self.task)
        self.task = to


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)

"""The state of an incident follows from its dispatches."""

import hypothesis.strategies as st
import pytest
from hypothesis import given

from layers.dispatches.rules import NEXT, Status
from layers.incidents.rules import ENDED, SAID, State, derived, is_open

S = Status
OPEN_STATES = [State.PENDING, State.ASSIGNED, State.ENROUTE, State.ONSCENE]


@pytest.mark.parametrize(
    ("dispatches", "state"),
    [
        ([], State.PENDING),
        ([S.DISPATCHED], State.ASSIGNED),
        ([S.ACKNOWLEDGED, S.ENROUTE], State.ENROUTE),
        ([S.STAGING], State.ENROUTE),
        ([S.DISPATCHED, S.ONSCENE], State.ONSCENE),
        ([S.TRANSPORT], State.ONSCENE),
        ([S.CLEAR], State.ONSCENE),
        ([S.REFUSED, S.CANCELLED, S.DIVERTED], State.PENDING),
        ([S.REFUSED, S.DISPATCHED], State.ASSIGNED),
    ],
)
def test_the_furthest_dispatch_counts(dispatches: list[Status], state: State) -> None:
    assert derived(State.PENDING, dispatches) is state


@given(st.sampled_from(State), st.lists(st.sampled_from(Status)))
def test_a_closed_incident_stays_closed_and_an_open_one_open(present: State, dispatches: list[Status]) -> None:
    after = derived(present, dispatches)
    assert is_open(after) == is_open(present)
    assert present not in ENDED or after is present


@given(st.lists(st.sampled_from(Status)), st.sampled_from(OPEN_STATES), st.sampled_from(OPEN_STATES))
def test_the_past_state_does_not_matter_while_open(dispatches: list[Status], one: State, other: State) -> None:
    assert derived(one, dispatches) is derived(other, dispatches) is derived(one, list(reversed(dispatches)))


@given(st.sampled_from(Status), st.data())
def test_a_dispatch_going_on_never_sets_its_incident_back_unless_it_leaves(
    present: Status, data: st.DataObject
) -> None:
    if not NEXT[present]:
        return
    following = data.draw(st.sampled_from(NEXT[present]))
    if following not in (S.CANCELLED, S.DIVERTED, S.REFUSED):
        order = OPEN_STATES.index
        assert order(derived(State.PENDING, [following])) >= order(derived(State.PENDING, [present]))


THERE = [State.UNDER_CONTROL, State.CLEARING]


@pytest.mark.parametrize("present", THERE)
def test_what_a_person_said_of_the_scene_stands_while_somebody_was_there(present: State) -> None:
    assert derived(present, [S.CLEAR]) is present
    assert derived(present, [S.ONSCENE, S.DISPATCHED]) is present
    assert derived(present, [S.DISPATCHED]) is State.ASSIGNED
    assert derived(present, []) is State.PENDING


def test_intake_lasts_until_it_is_said_to_be_over_or_a_unit_is_sent() -> None:
    assert derived(State.INTAKE, []) is State.INTAKE
    assert derived(State.INTAKE, [S.CANCELLED]) is State.INTAKE
    assert derived(State.INTAKE, [S.DISPATCHED]) is State.ASSIGNED
    assert SAID[State.INTAKE] == (State.PENDING,)


def test_nobody_says_what_only_dispatches_or_an_end_can_say() -> None:
    said = {state for following in SAID.values() for state in following}
    assert said == {State.PENDING, State.ONSCENE, *THERE} and not said & ENDED
    assert not set(SAID) & ENDED

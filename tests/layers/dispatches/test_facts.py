"""What a crew tells of itself: facts arrive out of order, twice and late, and nothing ever goes back."""

import hypothesis.strategies as st
import pytest
from hypothesis import given

from layers.dispatches.rules import (
    AHEAD,
    ENDED,
    NEXT,
    OF_CREW,
    Moved,
    Recorded,
    Status,
    Stays,
    Wrong,
    happened,
    next_of_crew,
)

_S = Status
_WAY = (_S.ACKNOWLEDGED, _S.ENROUTE, _S.ONSCENE, _S.PATIENT, _S.TRANSPORT, _S.AT_DESTINATION, _S.HANDOVER, _S.CLEAR)


@given(st.permutations(_WAY))
def test_a_way_told_in_any_order_ends_where_the_crew_ended(told: list[Status]) -> None:
    present, outcomes = _S.DISPATCHED, []
    for status in told:
        outcome = happened(present, status, late=True)
        outcomes.append(outcome)
        present = outcome.status
    assert present is _S.CLEAR
    assert all(isinstance(outcome, Moved | Recorded) for outcome in outcomes)


@given(st.sampled_from(Status), st.sampled_from(sorted(OF_CREW)), st.booleans())
def test_nothing_goes_back_and_what_is_over_stays_over(present: Status, said: Status, late: bool) -> None:
    outcome = happened(present, said, late=late)
    match outcome:
        case Moved(status=to):
            assert to is said and to in AHEAD[present] and present not in AHEAD[to]
        case Stays(status=same) | Recorded(status=same) | Wrong(status=same):
            assert same is present
    if present in ENDED:
        assert not isinstance(outcome, Moved)
    assert not (late and isinstance(outcome, Wrong))


@given(st.sampled_from(Status), st.sampled_from((_S.CANCELLED, _S.DIVERTED, _S.DISPATCHED)), st.booleans())
def test_what_others_decide_no_crew_says(present: Status, said: Status, late: bool) -> None:
    assert isinstance(happened(present, said, late=late), Wrong)


@pytest.mark.parametrize("present", [_S.DISPATCHED, _S.ACKNOWLEDGED])
def test_a_refusal_fits_before_the_crew_drives(present: Status) -> None:
    assert happened(present, _S.REFUSED, late=False) == Moved(status=_S.REFUSED)


def test_a_refusal_on_the_way_is_answered_now_and_kept_where_it_comes_late() -> None:
    assert happened(_S.ENROUTE, _S.REFUSED, late=False) == Wrong(status=_S.ENROUTE, allowed=(_S.STAGING, _S.ONSCENE))
    assert happened(_S.ENROUTE, _S.REFUSED, late=True) == Recorded(status=_S.ENROUTE)


@given(st.sampled_from(Status))
def test_a_crews_buttons_are_steps_of_the_machine_that_it_may_say(present: Status) -> None:
    assert set(next_of_crew(present)) == set(NEXT[present]) & OF_CREW

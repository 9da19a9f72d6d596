"""An event is decided once."""

import hypothesis.strategies as st
import pytest
from hypothesis import given

from layers.events.rules import Decided, Otherwise, Same, State, decide

DECISIONS = st.sampled_from([State.CONFIRMED, State.REJECTED])


@given(st.lists(DECISIONS, min_size=1))
def test_the_first_decision_stands_and_the_same_again_is_the_same(asked: list[State]) -> None:
    assert decide(State.NEW, asked[0]) == Decided(state=asked[0])
    for later in asked[1:]:
        expected = Same(state=asked[0]) if later is asked[0] else Otherwise(state=asked[0])
        assert decide(asked[0], later) == expected


@pytest.mark.parametrize("present", list(State))
def test_nothing_becomes_new_again(present: State) -> None:
    with pytest.raises(ValueError, match="does not become new"):
        decide(present, State.NEW)

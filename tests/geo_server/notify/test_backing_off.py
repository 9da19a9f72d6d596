"""Tries grow rarer, spread, and heed what a gateway asks for."""

from hypothesis import given, settings
from hypothesis import strategies as st

from geo_server.notify.backing_off import FIRST_S, LONGEST_S, wait_s


@settings(max_examples=80, deadline=None)
@given(attempts=st.integers(1, 10_000))
def test_a_wait_doubles_up_to_its_longest(attempts: int) -> None:
    longest = min(LONGEST_S, FIRST_S * 2.0 ** min(attempts - 1, 10))
    assert longest / 2 <= wait_s(attempts) <= longest


@given(asked=st.floats(0, 1e9))
@settings(max_examples=40, deadline=None)
def test_what_a_gateway_asks_for_is_heeded_within_reason(asked: float) -> None:
    assert min(asked, LONGEST_S) <= wait_s(1, asked) <= LONGEST_S

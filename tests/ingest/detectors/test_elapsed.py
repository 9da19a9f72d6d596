from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ingest.detectors.elapsed import Elapsed, Every

START = datetime(2026, 1, 1, tzinfo=UTC)


@given(moments=st.lists(st.floats(-1e6, 1e6), max_size=30))
def test_time_never_runs_back_and_a_gap_counts_as_no_more_than_was_watched(moments: list[float]) -> None:
    clock = Elapsed(longest_s=10)
    assert all(0 <= clock.step(START + timedelta(seconds=at)) <= 10 for at in moments)


def test_a_look_is_due_once_in_its_time_and_a_clock_that_jumps_back_is_followed() -> None:
    every = Every(1.0)
    due = [every.due(START + timedelta(seconds=at)) for at in (0, 0.5, 0.99, 1.5, 2.0, 2.1, -100, -99.5, -99)]
    assert due == [True, False, True, False, True, False, True, False, True]

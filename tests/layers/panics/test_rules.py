"""What a press of the panic button does."""

from datetime import UTC, datetime, timedelta

import pytest

from layers.panics.rules import Anew, Latest, Past, Raise, Repeat, State, press, state

AT = datetime(2026, 5, 1, 10, tzinfo=UTC)


def _latest(*, heard_after_s: float | None = None, ended_after_s: float | None = None) -> Latest:
    heard, ended = (None if s is None else AT + timedelta(seconds=s) for s in (heard_after_s, ended_after_s))
    return Latest(id=7, raised_at=AT, acknowledged_at=heard, ended_at=ended)


def test_the_first_press_raises_and_every_other_one_repeats_until_it_is_heard() -> None:
    assert press(None, AT) == Raise()
    for seconds in (-7200, 0, 1, 7200):  # whenever the device says it was
        assert press(_latest(), AT + timedelta(seconds=seconds)) == Repeat(id=7)


@pytest.mark.parametrize(
    ("seconds", "outcome"), [(-60, Repeat(id=7)), (30, Repeat(id=7)), (31, Anew(id=7)), (61, Anew(id=7))]
)
def test_a_press_after_it_was_heard_raises_it_anew_and_one_from_well_before_does_not(
    seconds: float, outcome: Repeat | Anew
) -> None:
    assert press(_latest(heard_after_s=60), AT + timedelta(seconds=seconds)) == outcome


def test_once_it_is_over_that_it_was_heard_counts_no_more() -> None:
    over = _latest(heard_after_s=10, ended_after_s=90)
    assert press(over, AT + timedelta(seconds=60)) == Past(id=7)
    assert press(over, AT + timedelta(seconds=91)) == Raise()


@pytest.mark.parametrize(
    ("seconds", "outcome"), [(-1, Raise()), (0, Past(id=7)), (30, Past(id=7)), (31, Raise()), (61, Raise())]
)
def test_a_late_press_belongs_to_the_panic_that_stood_then_but_in_doubt_it_raises(
    seconds: float, outcome: Raise | Past
) -> None:
    assert press(_latest(ended_after_s=60), AT + timedelta(seconds=seconds)) == outcome


def test_it_is_loud_until_it_was_heard_and_stands_until_it_is_ended() -> None:
    assert state(acknowledged=False, ended=False) is State.LOUD
    assert state(acknowledged=True, ended=False) is State.ACKNOWLEDGED
    assert state(acknowledged=True, ended=True) is State.ENDED

"""What a press of the panic button does."""

from datetime import UTC, datetime, timedelta

import pytest

from layers.panics.rules import Latest, Past, Raise, Repeat, State, press, state

AT = datetime(2026, 5, 1, 10, tzinfo=UTC)


def _latest(*, ended_after_s: float | None = None) -> Latest:
    ended = None if ended_after_s is None else AT + timedelta(seconds=ended_after_s)
    return Latest(id=7, raised_at=AT, ended_at=ended)


def test_the_first_press_raises_and_every_other_one_repeats_while_it_stands() -> None:
    assert press(None, AT) == Raise()
    for seconds in (-7200, 0, 1, 7200):  # whenever the device says it was
        assert press(_latest(), AT + timedelta(seconds=seconds)) == Repeat(id=7)


@pytest.mark.parametrize(("seconds", "outcome"), [(-1, Raise()), (0, Past(id=7)), (60, Past(id=7)), (61, Raise())])
def test_a_late_press_belongs_to_the_panic_that_stood_then(seconds: float, outcome: Raise | Past) -> None:
    assert press(_latest(ended_after_s=60), AT + timedelta(seconds=seconds)) == outcome


def test_it_is_loud_until_it_was_heard_and_stands_until_it_is_ended() -> None:
    assert state(acknowledged=False, ended=False) is State.LOUD
    assert state(acknowledged=True, ended=False) is State.ACKNOWLEDGED
    assert state(acknowledged=True, ended=True) is State.ENDED

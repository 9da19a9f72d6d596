"""Turns at opening streams, taken by threads that wait for one another and never for a clock."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from ingest.sources.source import SourceError
from ingest.sources.turns import Turns
from tests.ingest.sources.running import until


class Opening:
    """A camera that is being opened in a thread, until the test lets it succeed or fail."""

    def __init__(self, turns: Turns, who: str) -> None:
        self.inside, self._end, self._fails = threading.Event(), threading.Event(), False
        self._thread = threading.Thread(target=self._run, args=(turns, who), daemon=True)
        waiting = turns.waiting()
        self._thread.start()
        until(lambda: self.inside.is_set() or turns.waiting() > waiting)

    def ends(self, *, fails: bool = False) -> None:
        self._fails = fails
        self._end.set()
        self._thread.join(10)

    def _run(self, turns: Turns, who: str) -> None:
        with suppress(SourceError), turns.taken(who, timeout_s=8.0):
            self.inside.set()
            self._end.wait(30)
            if self._fails:
                raise SourceError("no_video")


class Clock:
    """Seconds that the test sets."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


def wasted(turns: Turns, clock: Clock, who: str) -> None:
    """Let that camera have kept its turn until its timeout, for nothing."""
    opening = Opening(turns, who)
    clock.now_s += 8.0
    opening.ends(fails=True)


@contextmanager
def all_taken(turns: Turns, count: int) -> Iterator[list[Opening]]:
    holding = [Opening(turns, f"other-{n}") for n in range(count)]
    yield holding
    for one in holding:
        one.ends()


def test_who_wasted_a_turn_waits_behind_one_who_came_later(clock: Clock) -> None:
    turns = Turns(2, clock)
    wasted(turns, clock, "a")
    with all_taken(turns, 2) as holding:
        again, later = Opening(turns, "a"), Opening(turns, "b")
        holding[0].ends()
        assert later.inside.wait(10) and not again.inside.is_set()
        later.ends()
        assert again.inside.wait(10)
        again.ends()


def test_those_who_wasted_their_turns_hold_half_of_them_at_most(clock: Clock) -> None:
    turns = Turns(4, clock)
    for who in "abc":
        wasted(turns, clock, who)
    again = [Opening(turns, who) for who in "abc"]
    assert [one.inside.is_set() for one in again] == [True, True, False]
    good = Opening(turns, "good")
    assert good.inside.is_set()
    for one in (good, *again):
        one.ends()
    assert again[2].inside.is_set()


def test_who_was_opened_or_refused_at_once_is_remembered_no_longer(clock: Clock) -> None:
    turns = Turns(2, clock)
    for fails in (False, True):
        wasted(turns, clock, "a")
        Opening(turns, "a").ends(fails=fails)
        with all_taken(turns, 2) as holding:
            again, later = Opening(turns, "a"), Opening(turns, "b")
            holding[0].ends()
            assert again.inside.wait(10) and not later.inside.is_set()
            again.ends()
            later.ends()

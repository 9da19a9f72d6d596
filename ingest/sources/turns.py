"""Turns at opening streams: a few at once, and cameras that kept one long for nothing wait behind all others."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

LONG = 0.5  # of its timeout: an opening that fails after so long was waited for in vain
Clock = Callable[[], float]


class Turns:
    """So many at once; of those who wasted their last turn half as many, and only while nobody else waits."""

    def __init__(self, most: int, clock: Clock = time.monotonic) -> None:
        """Take how many there are, and what tells seconds."""
        self._most, self._clock = most, clock
        self._open = {False: 0, True: 0}  # by whether they wasted their last turn
        self._lines: dict[bool, deque[object]] = {False: deque(), True: deque()}
        self._wasteful: set[str] = set()
        self._changed = threading.Condition()

    @contextmanager
    def taken(self, who: str | None, timeout_s: float) -> Iterator[None]:
        """Wait for a turn and hold it while the block lasts; `who` is the address, None: none that is remembered."""
        late = self._enter(who)
        began_s, opened = self._clock(), False
        try:
            yield
            opened = True
        finally:
            self._leave(who, late=late, wasted=not opened and self._clock() - began_s >= LONG * timeout_s)

    def waiting(self) -> int:
        """Return how many wait."""
        return sum(map(len, self._lines.values()))

    def _enter(self, who: str | None) -> bool:
        me = object()
        with self._changed:
            late = who in self._wasteful
            self._lines[late].append(me)
            self._changed.wait_for(lambda: self._may_enter(me, late=late))
            self._lines[late].popleft()
            self._open[late] += 1
            self._changed.notify_all()  # there may be room for the next one too
        return late

    def _may_enter(self, me: object, *, late: bool) -> bool:
        if self._lines[late][0] is not me or sum(self._open.values()) >= self._most:
            return False
        return not late or (not self._lines[False] and self._open[True] < self._most // 2)

    def _leave(self, who: str | None, *, late: bool, wasted: bool) -> None:
        with self._changed:
            self._open[late] -= 1
            if who is not None:
                (self._wasteful.add if wasted else self._wasteful.discard)(who)
            self._changed.notify_all()

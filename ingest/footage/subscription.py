"""What one reader of a feed has not fetched yet: bounded, so that who is slow costs nobody else a frame."""

import threading
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from ingest.footage.fragments import Footage, Fragment, Init

if TYPE_CHECKING:
    from ingest.footage.feeds import Feed


class Subscription:
    """What one reader of a feed has not fetched yet: bounded; who falls behind goes on at the next key frame.

    `wake` is called from the feed's thread whenever something has come.
    """

    def __init__(self, feed: "Feed", wake: Callable[[], None], most_bytes: int) -> None:
        """Take the feed and how many bytes may wait."""
        self.feed, self.lost = feed, 0
        self._wake, self._most_bytes = wake, most_bytes
        self._waiting: deque[Footage] = deque()
        self._bytes, self._take, self._needs_key, self._begun = 0, 0, True, False
        self._lock = threading.Lock()

    def offer(self, init: Init, fragment: Fragment) -> None:
        """Add a fragment, behind its Init where that is not known yet; never waits."""
        with self._lock:
            if self._bytes + len(fragment.data) > self._most_bytes:
                self.lost += sum(isinstance(one, Fragment) for one in self._waiting)
                self._waiting.clear()
                self._bytes, self._take, self._needs_key = 0, 0, True
            if self._needs_key and (not fragment.key or len(fragment.data) > self._most_bytes):
                self.lost += self._begun
                return
            self._needs_key, self._begun = False, True
            self._add(init, fragment)
        self._wake()

    def fetch(self) -> list[Footage]:
        """Return everything that waits, in order; empty where nothing has come."""
        with self._lock:
            found = list(self._waiting)
            self._waiting.clear()
            self._bytes = 0
        return found

    def close(self) -> None:
        """Give the subscription back."""
        self.feed.leave(self)

    def _add(self, init: Init, fragment: Fragment) -> None:
        if self._take != init.take:
            self._take = init.take
            self._waiting.append(init)
        self._waiting.append(fragment)
        self._bytes += len(fragment.data)

"""Showing frames at the pace they were taken, where a stream brings many at once."""

import threading
import time

FAR_S = 15.0  # a time so far from where it should be is a jump: the pace begins anew


class Pace:
    """When a frame of a stream's time is due by the clock."""

    def __init__(self, stopping: threading.Event) -> None:
        """Take what ends the waiting."""
        self._stopping = stopping
        self._ahead_s: float | None = None

    def wait(self, stream_s: float | None) -> None:
        """Wait until a frame of that time is due."""
        if stream_s is None:
            return
        now = time.monotonic()
        if self._ahead_s is None or abs(stream_s - self._ahead_s - now) > FAR_S:
            self._ahead_s = stream_s - now
        self._stopping.wait(max(0.0, stream_s - self._ahead_s - now))

"""Whether the clock that says how old recordings are can be believed: what is deleted by a wrong one is gone."""

from datetime import datetime, timedelta

MOST = timedelta(days=1)  # so far the clock may go ahead of the time that passed: a machine that was off, a leap
PATIENCE_S = 3600.0  # after so long the new time counts as right: by then somebody or NTP would have mended it


class Clock:
    """Compares what the clock says with how much time has passed by one that nobody sets."""

    def __init__(self, last: datetime) -> None:
        """Take when the clock was last believed, be it by a process before this one."""
        self.last = last
        self._seen_s: float | None = None
        self._doubted_s: float | None = None

    def is_steady(self, now: datetime, monotonic_s: float) -> bool:
        """Say whether what it says may be acted upon; one that jumped back is believed: by it nothing is too old."""
        passed_s = 0.0 if self._seen_s is None else monotonic_s - self._seen_s
        if now - self.last - timedelta(seconds=passed_s) <= MOST:
            self.last, self._seen_s, self._doubted_s = now, monotonic_s, None
            return True
        self._doubted_s = monotonic_s if self._doubted_s is None else self._doubted_s
        if monotonic_s - self._doubted_s < PATIENCE_S:
            return False
        self.last, self._seen_s, self._doubted_s = now, monotonic_s, None
        return True

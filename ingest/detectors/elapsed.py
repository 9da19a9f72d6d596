"""The time between scenes, by their own clock: it may jump, and then no more is believed than what could be watched."""

from dataclasses import dataclass
from datetime import datetime

LONGEST_S = 10.0  # key frames of an idle camera are seldom further apart; what is longer was not watched


@dataclass(slots=True)
class Elapsed:
    """The clock of one function."""

    longest_s: float = LONGEST_S
    _at: datetime | None = None

    def step(self, at: datetime) -> float:
        """Return the seconds since the last scene: none where the clock jumps back, `longest_s` at most."""
        passed_s = 0.0 if self._at is None else (at - self._at).total_seconds()
        self._at = at
        return min(max(0.0, passed_s), self.longest_s)


@dataclass(slots=True)
class Every:
    """Tells whether it is time for another look, `every_s` seconds after the last one that was taken."""

    every_s: float
    _at: datetime | None = None

    def due(self, at: datetime) -> bool:
        """Say whether to look now, and count it as looked; a clock that jumps back is followed."""
        passed_s = None if self._at is None else (at - self._at).total_seconds()
        if passed_s is not None and 0 <= passed_s < self.every_s - 0.02:
            return False
        self._at = at
        return True

"""A state that must hold for a while before it is told: it survives a blink, and is due once while it lasts."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ingest.detectors.memory import WAKES, Sleep


@dataclass(slots=True)
class Held:
    """Since when a state holds. `gap_s` without it is a blink; longer, and it begins anew.

    It must hold in at least half of the moments since: what blinks more than it shows is no evidence. What was due
    when the camera fell asleep lasts, if it is seen again soon after and `sleeps` is set; the sleep does not count.
    """

    gap_s: float = 2.0
    sleeps: bool = False
    due_at: datetime | None = None  # when it was due to be told, while it lasts
    _since: datetime | None = None
    _last: datetime | None = None
    _held: int = 0
    _asked: int = 0
    _sleep: Sleep = field(init=False)

    def __post_init__(self) -> None:
        """Start with nothing asked; a short sleep, and the waking after it, are longer than many a gap."""
        self._sleep = Sleep(min(self.gap_s, 2.0))

    @property
    def lasts(self) -> bool:
        """Say whether it holds, though perhaps not in this moment: it may have blinked."""
        return self._since is not None and 2 * self._held >= self._asked

    def hold(self, at: datetime, holds: bool) -> float | None:
        """Take the state of this moment and return for how many seconds it has held; None where it does not now."""
        slept = self._sleep.ended(at)
        if slept is not None and self.sleeps and self.due_at is not None:
            self._last = at + WAKES - timedelta(seconds=self.gap_s)
            self._since = self._since and self._since + slept
        if self._last is not None and at - self._last > timedelta(seconds=self.gap_s):
            self.end()
        self._asked += self._since is not None or holds
        if not holds:
            return None
        self._since, self._last = self._since or at, at
        self._held += 1
        return (at - self._since).total_seconds() if self.lasts else None

    def end(self) -> None:
        """Let the state be over at once."""
        self._since = self._last = None
        self._held = self._asked = 0
        self.due_at = None

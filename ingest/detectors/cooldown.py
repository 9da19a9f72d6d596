"""The quiet after an event: repeats within it are merged into the count that the next event carries."""

from dataclasses import dataclass
from datetime import datetime, timedelta

AGAIN_S = 10.0  # what was gone for so long and comes again is another: a flame flickers, and who walks stops


@dataclass(slots=True)
class Repeats:
    """What has no name, as motion and smoke: while it goes on it is one, and one more where it comes again."""

    _last: datetime | None = None

    def count(self, at: datetime) -> int:
        """Take a moment in which it is there and return 1 where it has come, 0 where it goes on."""
        last, self._last = self._last, at
        return int(last is None or abs(at - last) > timedelta(seconds=AGAIN_S))


@dataclass(slots=True)
class Cooldown:
    """Tells when a rule may speak: `settle_s` after its first moment, then once every `cooldown_s`.

    A clock that jumps back makes it wait no longer than that from where the clock is now.
    """

    cooldown_s: float
    settle_s: float = 0.0
    _quiet_until: datetime | None = None
    _spoke_at: datetime | None = None
    _merged: int = 0

    def see(self, at: datetime) -> None:
        """Take note of a moment; the first one starts the settling."""
        if self._quiet_until is None:
            self._quiet_until = at + timedelta(seconds=self.settle_s)
        longest = at + timedelta(seconds=self.settle_s if self._spoke_at is None else self.cooldown_s)
        self._quiet_until = min(self._quiet_until, longest)

    def speak(self, at: datetime, count: int) -> int | None:
        """Return how many others the event stands for, or None while the rule is quiet and merely counts.

        `count` of what is due is new, and was not counted before.
        """
        self.see(at)
        if self._quiet_until is not None and at < self._quiet_until:
            self._merged += count
            return None
        self._spoke_at, self._quiet_until = at, at + timedelta(seconds=self.cooldown_s)
        merged, self._merged = max(0, self._merged + count - 1), 0
        return merged

    def is_quiet(self, at: datetime) -> bool:
        """Say whether it is quiet at a moment, or has counted what it has yet to tell."""
        return self._merged > 0 or (self._quiet_until is not None and at < self._quiet_until)

    def told(self, due_at: datetime | None) -> bool:
        """Say whether what was due at a moment was told then; what was due in the quiet was counted and no more."""
        return due_at is not None and self._spoke_at is not None and due_at <= self._spoke_at

    def heard(self, due_at: datetime | None, at: datetime) -> bool:
        """Say whether what was due at a moment, and lasts, needs no word now: it was told, or it is quiet still."""
        quiet = self._quiet_until is not None and at < self._quiet_until
        return due_at is not None and (quiet or self.told(due_at))

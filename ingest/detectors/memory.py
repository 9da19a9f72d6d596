"""What rules remember: of each track for a while by the clock, and the clock itself, which never runs back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from ingest.values import Track

T = TypeVar("T")
MOST = 500  # tracks remembered at once, the longest unmet go first


@dataclass(slots=True)
class Steady:
    """The scene's clock as rules count it: where it jumps back no time has passed, and it goes on from there."""

    _last: datetime | None = None
    _behind: timedelta = timedelta(0)

    def __call__(self, at: datetime) -> datetime:
        """Take the scene's moment and return the rule's, which is never before the last."""
        if self._last is not None and at + self._behind < self._last:
            self._behind = self._last - at
        self._last = at + self._behind
        return self._last


LONGEST_ASLEEP = timedelta(hours=12)  # of a camera that nobody asked for longer, what stood there may be another's
WAKES = timedelta(seconds=6)  # until the tracker is sure again of what it lost, and how fast that is


@dataclass(slots=True)
class Sleep:
    """When a rule was asked last: while its camera sleeps nothing moves, and what stood there stands there still.

    It was not seen there, though: what is told of how long it stood leaves the sleep out.
    """

    least_s: float
    _asked: datetime | None = None

    def ended(self, at: datetime) -> timedelta | None:
        """Take the moment of each asking; return how long the sleep was that it is the first after, None of any."""
        asked, self._asked = self._asked, at
        slept = timedelta(0) if asked is None else at - asked
        return slept if timedelta(seconds=self.least_s) < slept <= LONGEST_ASLEEP else None


@dataclass(slots=True)
class Memory(Generic[T]):
    """What is known of each track, by its id; forgotten when it was not met for `forget_s`."""

    forget_s: float
    _known: dict[int, tuple[datetime, T]] = field(default_factory=dict)  # the longest unmet first

    def __len__(self) -> int:
        """Return of how many tracks something is known."""
        return len(self._known)

    def __contains__(self, who: int) -> bool:
        """Say whether something is known of a track."""
        return who in self._known

    def meet(self, who: int, at: datetime, new: Callable[[], T]) -> T:
        """Return what is known of a track that is met now; `new` makes it where it is met first."""
        known = self.take(who) if who in self._known else new()
        self.give(who, at, known)
        return known

    def give(self, who: int, at: datetime, known: T) -> None:
        """Remember this of a track that was last met at a moment."""
        self._known[who] = (at, known)

    def take(self, who: int) -> T:
        """Return what is known of a track and forget it. KeyError."""
        return self._known.pop(who)[1]

    def known(self) -> list[tuple[int, T]]:
        """Return all that is known, by track."""
        return [(who, known) for who, (_, known) in self._known.items()]

    def hand_over(self, tracks: Sequence[Track], away: Callable[[T, Track], float]) -> None:
        """Give each new number what is known of the nearest object that is gone: the tracker may have numbered it anew.

        `away` says how far a track is from what is known, where 1 is as far as it may be.
        """
        here = {track.id for track in tracks}
        gone = [who for who in self._known if who not in here]
        for track in tracks:
            if track.id in self._known or not gone:
                continue
            nearest = min(gone, key=lambda who: away(self._known[who][1], track))
            if away(self._known[nearest][1], track) <= 1:
                gone.remove(nearest)
                self._known[track.id] = self._known.pop(nearest)

    def unmet(self, at: datetime, least_s: float) -> list[tuple[int, T]]:
        """Return whom nobody has met for so many seconds and who is not forgotten yet."""
        least = timedelta(seconds=least_s)
        return [(who, known) for who, (met, known) in self._known.items() if at - met >= least]

    def wake(self, at: datetime, keep: Callable[[T], bool]) -> None:
        """Let what is to be kept over a sleep wait until the tracker is sure again who stands there."""
        met = at + WAKES - timedelta(seconds=self.forget_s)
        self._known = {who: (met, one) if keep(one) else (then, one) for who, (then, one) in self._known.items()}

    def sweep(self, at: datetime) -> None:
        """Forget whom nobody met for too long, and the longest unmet where they are too many."""
        forget = timedelta(seconds=self.forget_s)
        gone = [who for who, (met, _) in self._known.items() if at - met > forget]
        for who in gone:
            del self._known[who]
        for who in list(self._known)[: max(0, len(self._known) - MOST)]:
            del self._known[who]

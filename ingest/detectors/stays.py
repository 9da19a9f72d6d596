"""How long objects stay where they are: an object that the tracker numbers anew goes on with its stay."""

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from ingest.detectors.memory import Memory, Sleep
from ingest.values import Point, Track

LATELY, EVERY_S = 240, 0.5  # places remembered of one stay, one each half second
GAP_S = 3.0  # a stay survives a detector that overlooks it, or a tracker that numbers it anew, for this long


@dataclass(slots=True, kw_only=True)
class Stay:
    """Since when an object is about a place, where that is, where it was lately, and when it was due.

    `unseen_s` of that time its camera slept, and woke last at `woke_at`.
    """

    since: datetime
    anchor: Point
    lately: deque[tuple[datetime, Point]] = field(default_factory=lambda: deque(maxlen=LATELY))
    last_due_at: datetime | None = None
    unseen_s: float = 0.0
    woke_at: datetime | None = None

    @property
    def foot(self) -> Point:
        """Return where it was last."""
        return self.lately[-1][1]

    @property
    def due_at(self) -> datetime | None:
        """Return when this stay, and not one elsewhere, was last due to be told."""
        return self.last_due_at if self.last_due_at is not None and self.last_due_at >= self.since else None

    def seconds(self, at: datetime) -> float:
        """Return for how long it was seen there."""
        return (at - self.since).total_seconds() - self._asleep_s()

    def wake(self, at: datetime, slept_s: float) -> None:
        """Take that nobody looked for so long."""
        self.unseen_s, self.woke_at = self._asleep_s() + slept_s, at

    def _asleep_s(self) -> float:
        return self.unseen_s if self.woke_at is not None and self.since < self.woke_at else 0.0

    def note(self, at: datetime, foot: Point) -> None:
        """Remember where it is now; of each half second the last place."""
        if len(self.lately) > 1 and (at - self.lately[-2][0]).total_seconds() < EVERY_S:
            self.lately.pop()
        self.lately.append((at, foot))

    def move(self, foot: Point, within_px: float) -> None:
        """Take another place for that of the stay; it began when the object came near to that one for good."""
        self.anchor = foot
        for at, before in reversed(self.lately):
            if math.dist(before, foot) > within_px:
                break
            self.since = at


@dataclass(slots=True)
class Stays:
    """One stay an object, over the numbers that it is given.

    `within` is how far from its first place, in heights of its box, an object may move and still be staying; beyond,
    its stay begins anew. None: anywhere. What was due goes on over a sleep of the camera where it `sleeps`.
    """

    within: float | None = None
    gap_s: float = GAP_S
    sleeps: bool = False
    _memory: Memory[Stay] = field(init=False)
    _sleep: Sleep = field(init=False)

    def __post_init__(self) -> None:
        """Start with nobody here."""
        self._memory, self._sleep = Memory(self.gap_s), Sleep(self.gap_s)

    def __len__(self) -> int:
        """Return how many stays are remembered."""
        return len(self._memory)

    def meet(self, tracks: Sequence[Track], at: datetime) -> list[tuple[Track, Stay]]:
        """Take the objects that are here now and return each with its stay."""
        slept = self._sleep.ended(at)
        if slept is not None and self.sleeps:
            self._wake(at, slept.total_seconds())
        self._memory.sweep(at)
        self._memory.hand_over(tracks, _away)
        return [(track, self._of(track, at)) for track in tracks]

    def known(self) -> list[tuple[int, Stay]]:
        """Return the stays that go on, by track: of those too whom the detector overlooks in this moment."""
        return self._memory.known()

    def _wake(self, at: datetime, slept_s: float) -> None:
        self._memory.wake(at, lambda stay: stay.due_at is not None)
        for _, stay in self._memory.known():
            stay.wake(at, slept_s)

    def _of(self, track: Track, at: datetime) -> Stay:
        stay = self._memory.meet(track.id, at, lambda: Stay(since=at, anchor=track.foot))
        stay.note(at, track.foot)
        within_px = math.inf if self.within is None else self.within * height(track)
        if math.dist(stay.anchor, track.foot) > within_px:
            stay.since = at
            stay.move(track.foot, within_px)
        return stay


def _away(stay: Stay, track: Track) -> float:
    """Say how far a track is from where a stay was last seen; half its height is as far as it may be."""
    return math.dist(stay.foot, track.foot) / max(1.0, height(track) / 2)


def height(track: Track) -> float:
    """Return how tall a track's box is, px."""
    return track.box[3] - track.box[1]

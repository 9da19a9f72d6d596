"""How long objects stay where they are: an object that the tracker numbers anew goes on with its stay."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from ingest.detectors.memory import Memory
from ingest.values import Point, Track

GAP_S = 3.0  # a stay survives a detector that overlooks it, or a tracker that numbers it anew, for this long


@dataclass(slots=True, kw_only=True)
class Stay:
    """Since when an object is here, where it stood then and last, and whether it has been told."""

    since: datetime
    anchor: Point
    foot: Point
    told: bool = False

    def seconds(self, at: datetime) -> float:
        """Return how long it has lasted."""
        return (at - self.since).total_seconds()


@dataclass(slots=True)
class Stays:
    """One stay an object, over the numbers that it is given.

    `within` is how far from its first place, in heights of its box, an object may move and still be staying; beyond,
    its stay begins anew. None: anywhere.
    """

    within: float | None = None
    _memory: Memory[Stay] = field(default_factory=lambda: Memory(GAP_S))

    def __len__(self) -> int:
        """Return how many stays are remembered."""
        return len(self._memory)

    def meet(self, tracks: Sequence[Track], at: datetime) -> list[tuple[Track, Stay]]:
        """Take the objects that are here now and return each with its stay."""
        self._memory.sweep(at)
        self._memory.hand_over(tracks, _away)
        return [(track, self._of(track, at)) for track in tracks]

    def _of(self, track: Track, at: datetime) -> Stay:
        stay = self._memory.meet(track.id, at, lambda: Stay(since=at, anchor=track.foot, foot=track.foot))
        if self.within is not None and math.dist(stay.anchor, track.foot) > self.within * height(track):
            stay.since, stay.anchor, stay.told = at, track.foot, False
        stay.foot = track.foot
        return stay


def _away(stay: Stay, track: Track) -> float:
    """Say how far a track is from where a stay was last seen; half its height is as far as it may be."""
    return math.dist(stay.foot, track.foot) / max(1.0, height(track) / 2)


def height(track: Track) -> float:
    """Return how tall a track's box is, px."""
    return track.box[3] - track.box[1]

"""Who steps over a line, and which way: what line crossing tells and counting counts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from ingest.detectors.memory import Memory
from ingest.detectors.plane import meet, side
from ingest.values import Point, Track

FORGET_S = 60.0  # a track not met for this long will not come back under its number
Way = Literal["left_to_right", "right_to_left"]


@dataclass(slots=True)
class _Walk:
    """The last place where a track was clearly on one side, and how far."""

    foot: Point
    side: float


@dataclass(slots=True)
class Crossings:
    """The walks of all tracks about one line; a step counts once it leads `margin_px` beyond the line."""

    line: tuple[Point, Point]
    margin_px: float
    _walks: Memory[_Walk] = field(default_factory=lambda: Memory(FORGET_S))

    def meet(self, tracks: Sequence[Track], at: datetime) -> list[tuple[Track, Way]]:
        """Take the tracks of this moment and return those that have just crossed, each with its way."""
        self._walks.sweep(at)
        found = [(track, self._way(track, at)) for track in tracks]
        return [(track, way) for track, way in found if way]

    def _way(self, track: Track, at: datetime) -> Way | None:
        now = side(*self.line, track.foot)
        on_it = abs(now) <= self.margin_px  # trembling there is no crossing
        if on_it and track.id not in self._walks:
            return None
        walk = self._walks.meet(track.id, at, lambda: _Walk(track.foot, now))
        if on_it:
            return None
        crossed = walk.side * now < 0 and meet(*self.line, walk.foot, track.foot)
        walk.foot, walk.side = track.foot, now
        return ("left_to_right" if now > 0 else "right_to_left") if crossed else None

"""Line crossing: a confirmed track steps over a line drawn in the picture (ONVIF LineDetector)."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from ingest.detectors.cooldown import Cooldown
from ingest.detectors.plane import SMALLEST_MOVING_PX2, area_px2, finite, meet, side
from ingest.values import Point, Scene, Seen, Track

Direction = Literal["any", "left_to_right", "right_to_left"]
FORGET = timedelta(seconds=60)  # a track not met for this long will not come back under its number


@dataclass(frozen=True, slots=True, kw_only=True)
class LineCrossing:
    """Settings, in pixels of the camera's frame. Left and right are those of one who walks from the line's
    first end to its second.

    A track counts once, when its foot is `margin_px` beyond the line. After an event the rule is quiet for
    `cooldown_s`; what crosses meanwhile is counted in the next event's `merged`.
    After a start it is quiet for `settle_s`.
    """

    line: tuple[Point, Point]
    direction: Direction = "any"
    labels: tuple[str, ...] = ("person",)
    cooldown_s: float = 30.0
    margin_px: float = 4.0
    settle_s: float = 0.0
    min_area_px2: float = SMALLEST_MOVING_PX2

    def __post_init__(self) -> None:
        """Refuse a line without length or with a NaN, and negative times. ValueError."""
        if not finite(self.line) or self.line[0] == self.line[1]:
            raise ValueError("the line needs two different finite points")
        if not (min(self.cooldown_s, self.settle_s, self.margin_px) >= 0 and self.min_area_px2 >= SMALLEST_MOVING_PX2):
            raise ValueError("times and margin_px must not be negative, min_area_px2 not below 256")


@dataclass(slots=True, kw_only=True)
class _Walk:
    """The last place where a track was clearly on one side, and whether it has been told."""

    foot: Point
    side: float
    at: datetime
    told: bool = False


@dataclass(slots=True)
class LineCrossingRule:
    """The state machine: one walk a track."""

    settings: LineCrossing
    _walks: dict[int, _Walk] = field(default_factory=dict)
    _quiet: Cooldown = field(init=False)

    def __post_init__(self) -> None:
        """Start with nothing told."""
        self._quiet = Cooldown(cooldown_s=self.settings.cooldown_s, settle_s=self.settings.settle_s)

    def update(self, scene: Scene) -> tuple[Seen, ...]:
        """Return at most one event: who crossed now, unless the rule is quiet."""
        self._quiet.see(scene.at)
        crossed = [track for track in scene.tracks if self._counts(track) and self._crosses(track, scene.at)]
        self._walks = {i: walk for i, walk in self._walks.items() if scene.at - walk.at < FORGET}
        if not crossed:
            return ()
        merged = self._quiet.speak(scene.at, len(crossed))
        if merged is None:
            return ()
        return (self._tell(max(crossed, key=lambda track: track.score), scene.at, merged),)

    def _counts(self, track: Track) -> bool:
        wanted = not self.settings.labels or track.label in self.settings.labels
        return wanted and track.confirmed and track.seen and area_px2(track.box) >= self.settings.min_area_px2

    def _crosses(self, track: Track, at: datetime) -> bool:
        now = side(*self.settings.line, track.foot)
        walk = self._walks.get(track.id)
        if walk is not None:
            walk.at = at
        if abs(now) <= self.settings.margin_px:  # on the line: trembling there is no crossing
            return False
        before = walk or _Walk(foot=track.foot, side=now, at=at)
        crossed = before.side * now < 0 and meet(*self.settings.line, before.foot, track.foot)
        counts = crossed and not before.told and self._right_way(now)
        self._walks[track.id] = _Walk(foot=track.foot, side=now, at=at, told=before.told or counts)
        return counts

    def _right_way(self, now: float) -> bool:
        return self.settings.direction == "any" or (self.settings.direction == "left_to_right") == (now > 0)

    def _tell(self, track: Track, at: datetime, merged: int) -> Seen:
        way = "left_to_right" if side(*self.settings.line, track.foot) > 0 else "right_to_left"
        details = {"track": track.id, "label": track.label, "direction": way, "merged": merged}
        return Seen(kind="line_crossing", at=at, certainty=track.score, box=track.box, foot=track.foot, details=details)

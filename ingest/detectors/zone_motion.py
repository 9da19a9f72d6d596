"""Motion in a zone: something stays in a drawn zone for a while (ONVIF FieldDetector)."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from ingest.detectors.cooldown import Cooldown
from ingest.detectors.plane import SMALLEST_MOVING_PX2, area_px2, finite, inside
from ingest.values import Box, Point, Scene, Seen

GAP = timedelta(seconds=1)  # a stay survives a detector that blinks for this long
MOTION = -1  # the stay of whatever moves, where no object is asked for
MOTION_CERTAINTY = 0.5  # pixels changed: something moved, nothing says what


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneMotion:
    """Settings, in pixels of the camera's frame. `by` tracks asks for objects of `labels`; `by` motion for any change.

    An event comes after `dwell_s` in the zone; then the rule is quiet for `cooldown_s` and the stays that would have
    told meanwhile are counted in the next event's `merged`. After a start it is quiet for `settle_s`.
    """

    zone: tuple[Point, ...]
    by: Literal["tracks", "motion"] = "tracks"
    labels: tuple[str, ...] = ("person",)
    dwell_s: float = 2.0
    cooldown_s: float = 60.0
    settle_s: float = 0.0
    min_area_px2: float = SMALLEST_MOVING_PX2

    def __post_init__(self) -> None:
        """Refuse a zone of fewer than three points or with a NaN, and negative times. ValueError."""
        if len(self.zone) < 3 or not finite(self.zone):
            raise ValueError("the zone needs three or more finite points")
        if not (min(self.dwell_s, self.cooldown_s, self.settle_s) >= 0 and self.min_area_px2 >= SMALLEST_MOVING_PX2):
            raise ValueError("times must not be negative, min_area_px2 not below 256")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Here:
    """Something in the zone in this moment."""

    id: int
    label: str
    score: float
    box: Box
    foot: Point


@dataclass(slots=True, kw_only=True)
class _Stay:
    """Since when and until when something was in the zone, and whether it has been told."""

    since: datetime
    last: datetime
    told: bool = False


@dataclass(slots=True)
class ZoneMotionRule:
    """The state machine: one stay a track, or one for all motion."""

    settings: ZoneMotion
    _stays: dict[int, _Stay] = field(default_factory=dict)
    _quiet: Cooldown = field(init=False)

    def __post_init__(self) -> None:
        """Start with nothing told."""
        self._quiet = Cooldown(cooldown_s=self.settings.cooldown_s, settle_s=self.settings.settle_s)

    def update(self, scene: Scene) -> tuple[Seen, ...]:
        """Return at most one event: who has stayed long enough now, unless the rule is quiet."""
        self._quiet.see(scene.at)
        self._stays = {i: stay for i, stay in self._stays.items() if scene.at - stay.last <= GAP}
        due = [here for here in self._present(scene) if self._stays_long(here.id, scene.at)]
        if not due:
            return ()
        merged = self._quiet.speak(scene.at, len(due))
        if merged is None:
            return ()
        return (self._tell(max(due, key=lambda here: here.score), scene.at, merged),)

    def _present(self, scene: Scene) -> list[_Here]:
        found = self._moving(scene) if self.settings.by == "motion" else self._tracked(scene)
        return [
            here
            for here in found
            if area_px2(here.box) >= self.settings.min_area_px2 and inside(self.settings.zone, here.foot)
        ]

    def _tracked(self, scene: Scene) -> list[_Here]:
        wanted = self.settings.labels
        return [
            _Here(id=track.id, label=track.label, score=track.score, box=track.box, foot=track.foot)
            for track in scene.tracks
            if track.confirmed and track.seen and (not wanted or track.label in wanted)
        ]

    def _moving(self, scene: Scene) -> list[_Here]:
        biggest_first = sorted(scene.motion, key=area_px2, reverse=True)
        return [
            _Here(id=MOTION, label="motion", score=MOTION_CERTAINTY, box=box, foot=((box[0] + box[2]) / 2, box[3]))
            for box in biggest_first
        ]

    def _stays_long(self, who: int, at: datetime) -> bool:
        """Say whether this stay is due to be told now, which it is once."""
        stay = self._stays.setdefault(who, _Stay(since=at, last=at))
        stay.last = at
        if stay.told or (at - stay.since).total_seconds() < self.settings.dwell_s:
            return False
        stay.told = who != MOTION  # unnamed motion has no end of its own: the cool-down alone spaces its events
        return True

    def _tell(self, here: _Here, at: datetime, merged: int) -> Seen:
        stayed_s = round((at - self._stays[here.id].since).total_seconds(), 1)
        details = {"label": here.label, "stayed_s": stayed_s, "merged": merged}
        if here.id != MOTION:
            details["track"] = here.id
        return Seen(kind="zone_motion", at=at, certainty=here.score, box=here.box, foot=here.foot, details=details)

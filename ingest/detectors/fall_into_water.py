"""Fall into water: somebody comes from the shore into the water or is last seen in it (Almaty 213, art. 13.1)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from ingest.detectors.elapsed import Elapsed
from ingest.detectors.memory import Memory
from ingest.detectors.plane import inside
from ingest.detectors.setting import Common, Dwell_s, Labels, Zone, check_not_negative, check_zone
from ingest.detectors.track_rule import Due, TrackRule
from ingest.kin import kin
from ingest.values import Scene, Track

AFLOAT = ("boat",)  # at home on the water: it alarms where it is gone from it, not where it is there
ENDED_S, FORGET_S = 3.0, 10.0  # unseen for so long an object is gone; a tracker's blink is shorter
ENDED_MOMENTS = 3
UNWATCHED_S = 2.0  # between moments further apart nobody looked: who is missed is looked for anew
ENDED_CERTAINTY = 0.6  # of what was last seen in the water: it may have been hidden by something

How = Literal["entered", "ended"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FallIntoWater(Common):
    """Settings. The zone is water alone, without the shore. Whoever stands in a boat is ashore."""

    zone: Zone
    labels: Labels = ("person", *AFLOAT)
    dwell_s: Dwell_s = 0.6
    ended: Annotated[bool, Meta(description="Whether an object that is last seen in the water is told too.")] = True
    swimmers: Annotated[
        bool, Meta(description="Whether those who come from the shore are left alone: a beach; the ended are told.")
    ] = False

    def __post_init__(self) -> None:
        """Refuse what cannot be. ValueError."""
        Common.__post_init__(self)
        check_zone(self.zone)
        check_not_negative(dwell_s=self.dwell_s)


@dataclass(slots=True, kw_only=True)
class _Walk:
    """The last sight of an object, since when it is in the water, for how many moments, and for how many unseen.

    `unseen_s` is for how long it has been looked for without a break, and not found.
    """

    track: Track
    wet_since: datetime | None = None
    moments: int = 0
    missed: int = 0
    unseen_s: float = 0.0
    ashore: bool = False
    due_at: datetime | None = None


class FallIntoWaterRule(TrackRule[FallIntoWater]):
    """The state machine: one walk an object, from the shore into the water and to its end."""

    kind = "fall_into_water"

    def __init__(self, settings: FallIntoWater, size_px: tuple[int, int] | None) -> None:
        """Take the settings and the size of the frames, where it is known."""
        super().__init__(settings)
        self._size_px = size_px
        self._walks: Memory[_Walk] = Memory(FORGET_S)
        self._watched = Elapsed(longest_s=UNWATCHED_S)

    def due(self, scene: Scene, at: datetime) -> Sequence[Due]:
        """Return whoever has just entered the water, and whoever was last seen in it."""
        self._walks.sweep(at)  # before it is met again: a number that was not seen for so long is somebody else's
        here, boats = self.wanted(scene), _boats(scene)
        self._walks.hand_over(here, _away)  # a tracker that numbers it anew has not sunk it
        walks = [self._walk(track, boats, at) for track in here]
        entered = [walk for walk in walks if self._entered(walk, at)]
        ended = self._missed(here, at)
        due = [*(_tell(walk, "entered", at) for walk in entered), *(_tell(walk, "ended", at) for walk in ended)]
        self.under_way = [walk.due_at for _, walk in self._walks.unmet(at, 0.0) if self._may_end(walk)]
        return due

    def _walk(self, track: Track, boats: Sequence[Track], at: datetime) -> _Walk:
        walk = self._walks.meet(track.id, at, lambda: _Walk(track=track))
        walk.track, walk.missed, walk.unseen_s = track, 0, 0.0
        if inside(self.settings.zone, track.foot) and not _aboard(track, boats):
            walk.wet_since, walk.moments = walk.wet_since or at, walk.moments + 1
        else:
            walk.ashore, walk.wet_since, walk.moments = True, None, 0
        return walk

    def _entered(self, walk: _Walk, at: datetime) -> bool:
        if self.settings.swimmers or walk.track.label in AFLOAT or not walk.ashore or self.heard(walk.due_at, at):
            return False
        lasted = walk.wet_since is not None and (at - walk.wet_since).total_seconds() >= self.settings.dwell_s
        return self._is_wet(walk) and lasted

    def _missed(self, here: Sequence[Track], at: datetime) -> list[_Walk]:
        """Take that some are not here now and return those who have ended by that."""
        passed_s, met = self._watched.step(at), {track.id for track in here}
        for walk in (walk for who, walk in self._walks.known() if who not in met):
            walk.unseen_s = 0.0 if passed_s >= UNWATCHED_S else walk.unseen_s + passed_s
        return [walk for _, walk in self._walks.unmet(at, ENDED_S) if self._ended(walk, at)]

    def _ended(self, walk: _Walk, at: datetime) -> bool:
        walk.missed += 1
        if walk.missed < ENDED_MOMENTS or walk.unseen_s < ENDED_S:  # the stream paused, and nobody looked for it
            return False
        told = self.heard(walk.due_at, at) or not self.settings.ended
        return not told and self._is_wet(walk) and not self._left(walk.track)

    def _may_end(self, walk: _Walk) -> bool:
        """Say whether one is to be watched though nothing moves: a person in the water, who may be seen no more."""
        return walk.track.label not in AFLOAT and self._is_wet(walk)

    def _is_wet(self, walk: _Walk) -> bool:
        return walk.moments >= 2  # one box may tremble into the water

    def _left(self, track: Track) -> bool:
        """Say whether it was last seen at the edge of the picture, where things leave and do not sink."""
        if self._size_px is None:
            return False
        width, height = self._size_px
        near = (track.box[2] - track.box[0]) / 2
        return track.box[0] <= near or track.box[2] >= width - near or track.box[1] <= 3 or track.box[3] >= height - 3


def _boats(scene: Scene) -> list[Track]:
    """Return the boats, those too that are overlooked in this moment: who stands in one has not fallen for that."""
    return [track for track in scene.tracks if track.confirmed and track.label in AFLOAT]


def _aboard(track: Track, boats: Sequence[Track]) -> bool:
    """Say whether somebody stands in a boat: who swims before or beside it has the foot outside its box."""
    (x, y), sides = track.foot, [boat.box for boat in boats]
    return track.label not in AFLOAT and any(x0 <= x <= x1 and y0 <= y < y1 for x0, y0, x1, y1 in sides)


def _away(walk: _Walk, track: Track) -> float:
    """Say how far a track is from where one was last seen; the larger side of its box is as far as it may be."""
    if kin(walk.track.label) != kin(track.label):
        return math.inf
    x0, y0, x1, y1 = track.box
    return math.dist(walk.track.foot, track.foot) / max(1.0, x1 - x0, y1 - y0)


def _tell(walk: _Walk, how: How, at: datetime) -> Due:
    counted, walk.due_at = walk.due_at is not None, at
    track, certainty = walk.track, walk.track.score if how == "entered" else ENDED_CERTAINTY * walk.track.score
    details = {"track": track.id, "label": track.label, "how": how}
    return Due(certainty=certainty, box=track.box, foot=track.foot, details=details, counted=counted)

"""Camera shifted: it looks elsewhere than when it began to be watched, by more than its rules can bear.

1 % of the frame's sides, half of that where the camera reads plates or watches persons (Almaty 213, art. 8.1, 11.6,
12.7). Its calibration is broken then: whoever writes the event marks it so. The view is kept over a restart; one of
before is held against what is seen at about the same hour of the day, in the same light.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from ingest.detectors.elapsed import Elapsed
from ingest.detectors.keeping import OLDEST, Book, recalled, same_light
from ingest.detectors.looking import Looking, Standing
from ingest.detectors.reference import Reference
from ingest.detectors.setting import Hold_s
from ingest.detectors.shift import Compass, Move, Sight, sight
from ingest.detectors.small import Masks, Small
from ingest.values import Image, Scene, Seen
from layers.cameras.steadiness import LIMIT_PERCENT

LEARN = 5  # looks whose middle is what is compared with
KEEP_EVERY = timedelta(minutes=30)  # the light changes, and what is kept is to look like the last of it


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraShifted(Standing):
    """Settings. Told after `hold_s`; `limit_percent` of the frame's width or height: none takes the norm's."""

    hold_s: Hold_s = 10.0

    def __post_init__(self) -> None:
        """Refuse limits and times that cannot be. ValueError."""
        Standing.__post_init__(self)
        if not self.hold_s > 0:
            raise ValueError("hold_s must be positive")


@dataclass(slots=True)
class CameraShiftedRule:
    """The memory of one camera: the view that it is held to, and the one of before the restart until it is judged."""

    settings: CameraShifted
    masks: Masks = ()
    limit_percent: float = LIMIT_PERCENT
    book: Book = field(default_factory=Book)
    _looking: Looking = field(init=False)
    _clock: Elapsed = field(default_factory=Elapsed)
    _compass: Compass = field(default_factory=Compass)
    _learning: list[Image] = field(default_factory=list)
    _view: Reference | None = None
    _former: Reference | None = None
    _offset: tuple[float, float] = (0.0, 0.0)  # how far what is learnt lies from the view of before, small pixels
    _kept_at: datetime | None = None

    def __post_init__(self) -> None:
        """Start with no view."""
        self._looking = Looking(self.masks, self.settings.every_s, self.settings.cooldown_s)

    def update(self, scene: Scene) -> tuple[Seen, ...]:
        """Look once every `every_s` and return at most one event: how the camera was moved."""
        looked = self._looking.look(scene)
        if looked is None:
            return ()
        small, new = looked
        if new:
            self._begin(small)
        passed_s, now = self._clock.step(scene.at), sight(small)
        moved = self._beside_former(now, scene.at) or self._beside_view(now, small, scene.at, passed_s)
        if moved is None:
            return ()
        self.elsewhere()  # what it looks at now is the view from here on
        details = _details(moved, small, self.limit_percent)
        return self._looking.tell("camera_shifted", small, scene.at, details)

    def returned(self) -> None:
        """Forget where it seemed to look before it was away: it may have been turning already."""
        self._learning.clear()
        for view in filter(None, (self._view, self._former)):
            view.away = None

    def elsewhere(self) -> None:
        """Forget every view: the camera was turned, and that is known."""
        self._view = self._former = self._kept_at = self.book.before = None
        self._offset = (0.0, 0.0)
        self._learning.clear()

    def _begin(self, small: Small) -> None:
        before = self.book.before
        self.elsewhere()
        known = recalled(before, small) if before is not None else None
        if before is not None and known is not None:
            self.book.before, self._former = before, Reference(view=known, crept=(before.dx, before.dy))

    def _beside_former(self, now: Sight, at: datetime) -> Move | None:
        """Hold what is seen against the view of before the restart, until one of both is known: it stands, or not."""
        former, kept = self._former, self.book.before
        if former is None or kept is None or not same_light(kept.at, at):
            return None
        move = former.move(self._compass, now)
        if self._stays_away(former, move, at):
            return move
        height, width = now.luma.shape
        if at - kept.at > OLDEST or (move.how != "nothing" and move.percent(width, height) <= self.limit_percent):
            self._stands(move)
        return None

    def _stands(self, move: Move) -> None:
        self._former = self.book.before = None
        self._offset = (move.dx, move.dy)
        if self._view is not None:
            self._view.crept = self._offset

    def _beside_view(self, now: Sight, small: Small, at: datetime, passed_s: float) -> Move | None:
        if self._view is None:
            self._learn(small)
            return None
        move = self._view.move(self._compass, now)
        if self._stays_away(self._view, move, at):
            return move
        self._view.follow(now, move, passed_s)
        self._keep(self._view, now, move, at)
        return None

    def _stays_away(self, view: Reference, move: Move, at: datetime) -> bool:
        return view.stays_away(move, at, limit_percent=self.limit_percent, hold_s=self.settings.hold_s)

    def _learn(self, small: Small) -> None:
        """Take the middle of a few looks, in which nobody walks, as the view."""
        self._learning.append(small.image.copy())
        if len(self._learning) == LEARN:
            middle = np.median(self._learning, axis=0).astype(np.uint8)
            view = sight(Small(image=middle, shrink=small.shrink, open=small.open, open_blocks=small.open_blocks))
            self._view = Reference(view=view, crept=self._offset) if view.textured else None
            self._learning.clear()

    def _keep(self, view: Reference, now: Sight, move: Move, at: datetime) -> None:
        """Let the look of now be kept, now and then, while the camera stands and no view of before waits."""
        due = self._kept_at is None or not timedelta(0) <= at - self._kept_at < KEEP_EVERY
        if due and self._former is None and view.away is None and move.how == "shift":
            self._kept_at = at
            self.book.keep(now, (move.dx, move.dy), at)


def _details(move: Move, small: Small, limit_percent: float) -> dict[str, Any]:
    """Say how the picture moved, in the frame's pixels and in percent; of another view nothing is known but that."""
    told: dict[str, Any] = {"by": move.how, "limit_percent": limit_percent}
    if move.how == "other_view":
        return told
    height, width = small.image.shape[:2]
    return told | {
        "shift_px": [round(move.dx * small.shrink, 1), round(move.dy * small.shrink, 1)],
        "shift_percent": round(move.percent(width, height), 2),
        "turn_deg": round(move.turn_deg, 1),
        "zoom": round(move.zoom, 3),
    }

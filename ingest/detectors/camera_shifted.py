"""Camera shifted: it looks elsewhere than when it began to be watched, by more than its rules can bear.

1 % of the frame's sides, half of that where the camera reads plates or watches persons (Almaty 213, art. 8.1, 11.6,
12.7). Its calibration is broken then: whoever writes the event marks it so.
"""

import math
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from ingest.detectors.cooldown import Cooldown
from ingest.detectors.elapsed import Elapsed, Every
from ingest.detectors.setting import Cooldown_s, Every_s, Hold_s, LimitPercent
from ingest.detectors.shift import LIMIT_PERCENT, Compass, Move, Sight, check_limit, sight
from ingest.detectors.small import Glass, Masks, Small, of_camera
from ingest.values import Image, Scene, Seen

FOLLOW_S = 600.0  # how slowly the picture to compare with takes on the light of the day
STEADY_PERCENT = 0.3  # two looks at a camera that stands still agree within this
PATIENCE = 6  # times `hold_s` for a view in which nothing is where it was: a bus may stand before the lens
LEARN = 5  # looks whose middle is what is compared with


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraShifted:
    """Settings. Told after `hold_s`; `limit_percent` of the frame's width or height: none takes the norm's."""

    limit_percent: LimitPercent = None
    hold_s: Hold_s = 10.0
    every_s: Every_s = 1.0
    cooldown_s: Cooldown_s = 60.0

    def __post_init__(self) -> None:
        """Refuse limits and times that cannot be. ValueError."""
        check_limit(self.limit_percent)
        if not (min(self.hold_s, self.every_s) > 0 and self.cooldown_s >= 0):
            raise ValueError("hold_s and every_s must be positive, cooldown_s not negative")


@dataclass(slots=True)
class CameraShiftedRule:
    """The memory of one camera: the view that it is held to, and since when it has another."""

    settings: CameraShifted
    masks: Masks = ()
    limit_percent: float = LIMIT_PERCENT
    _glass: Glass = field(init=False)
    _quiet: Cooldown = field(init=False)
    _every: Every = field(init=False)
    _clock: Elapsed = field(default_factory=Elapsed)
    _compass: Compass = field(default_factory=Compass)
    _learning: list[Image] = field(default_factory=list)
    _view: Sight | None = None
    _crept: tuple[float, float] = (0.0, 0.0)  # what the view has followed of a shift, in small pixels
    _away: tuple[datetime, Move] | None = None

    def __post_init__(self) -> None:
        """Start with no view."""
        self._glass = Glass(self.masks)
        self._quiet = Cooldown(self.settings.cooldown_s)
        self._every = Every(self.settings.every_s)

    def update(self, scene: Scene) -> tuple[Seen, ...]:
        """Look once every `every_s` and return at most one event: how the camera was moved."""
        if scene.image is None or not self._every.due(scene.at):
            return ()
        small, new = self._glass.look(scene.image)
        if new:
            self._forget()
        passed_s = self._clock.step(scene.at)
        if self._view is None:
            self._learn(small)
            return ()
        now = sight(small)
        move = self._from_first(self._compass.move(self._view, now))
        if not self._stays_away(move, small, scene.at):
            self._follow(self._view, now, move, passed_s)
            return ()
        merged = self._quiet.speak(scene.at, 1)
        self._forget()  # what it looks at now is the view from here on
        if merged is None:
            return ()
        details = {**_details(move, small, self.limit_percent), "merged": merged}
        return (of_camera("camera_shifted", small, scene.at, details),)

    def _forget(self) -> None:
        self._view, self._away, self._crept = None, None, (0.0, 0.0)
        self._learning.clear()

    def _learn(self, small: Small) -> None:
        """Take the middle of a few looks, in which nobody walks, as the view."""
        self._learning.append(small.image.copy())
        if len(self._learning) == LEARN:
            middle = np.median(self._learning, axis=0).astype(np.uint8)
            view = sight(Small(image=middle, shrink=small.shrink, open=small.open, open_blocks=small.open_blocks))
            self._view = view if view.textured else None
            self._learning.clear()

    def _from_first(self, move: Move) -> Move:
        if move.how != "shift":
            return move
        return Move(how="shift", dx=move.dx + self._crept[0], dy=move.dy + self._crept[1])

    def _stays_away(self, move: Move, small: Small, at: datetime) -> bool:
        """Say whether the camera has looked at one other place for long enough."""
        height, width = small.image.shape[:2]
        if move.how == "nothing" or move.percent(width, height) <= self.limit_percent:
            self._away = None
            return False
        if self._away is None or at < self._away[0] or not _agree(self._away[1], move, width, height):
            self._away = at, move
        patience = PATIENCE if move.how == "other_view" else 1
        return at - self._away[0] >= timedelta(seconds=self.settings.hold_s * patience)

    def _follow(self, view: Sight, now: Sight, move: Move, passed_s: float) -> None:
        """Let the view take on the light of the day, and remember how far that has moved it."""
        if self._away is not None or move.how != "shift":
            return
        share = 1 - math.exp(-passed_s / FOLLOW_S)
        view.edges[:] += share * (now.edges - view.edges)
        x, y = self._crept
        self._crept = x + share * (move.dx - x), y + share * (move.dy - y)


def _agree(before: Move, now: Move, width: float, height: float) -> bool:
    if "other_view" in (before.how, now.how):
        return before.how == now.how
    across, down = abs(before.dx - now.dx) / width, abs(before.dy - now.dy) / height
    return 100 * max(across, down) <= 2 * STEADY_PERCENT


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

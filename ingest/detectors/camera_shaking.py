"""Camera shaking: its picture swings to and fro by more than its rules can bear (Almaty 213, art. 8.1).

Each look is compared with the one before; the way that sums up is judged by how often it turns back. One push turns
back never, a mast in the wind all the time.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated

from msgspec import Meta

from ingest.detectors.looking import Looking, Standing
from ingest.detectors.setting import LONGEST_S, MOST_COUNTED, Cooldown_s, Every_s
from ingest.detectors.shift import SURE, Compass, Sight, sight
from ingest.detectors.small import Masks
from ingest.values import Scene, Seen
from layers.cameras.steadiness import LIMIT_PERCENT


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraShaking(Standing):
    """Settings. Told where the picture turned back `turns` times within `window_s`, each time by the limit or more."""

    turns: Annotated[int, Meta(ge=2, le=MOST_COUNTED, description="How often it must swing back.")] = 6
    window_s: Annotated[float, Meta(gt=0, le=LONGEST_S, description="Seconds within which it must.")] = 20.0
    every_s: Every_s = 0.2
    cooldown_s: Cooldown_s = 300.0

    def __post_init__(self) -> None:
        """Refuse limits and times that cannot be. ValueError."""
        Standing.__post_init__(self)
        if not (self.window_s > 0 and self.turns >= 2):
            raise ValueError("window_s must be positive, turns be 2 or more")


@dataclass(slots=True)
class CameraShakingRule:
    """The memory of one camera: the last look, and the way its picture went, in % of width and height."""

    settings: CameraShaking
    masks: Masks = ()
    limit_percent: float = LIMIT_PERCENT
    _looking: Looking = field(init=False)
    _compass: Compass = field(default_factory=Compass)
    _last: Sight | None = None
    _way: deque[tuple[datetime, float, float]] = field(default_factory=deque)

    def __post_init__(self) -> None:
        """Start at rest."""
        self._looking = Looking(self.masks, self.settings.every_s, self.settings.cooldown_s)

    def update(self, scene: Scene) -> tuple[Seen, ...]:
        """Follow the picture and return at most one event: that it shakes, and how far."""
        looked = self._looking.look(scene)
        if looked is None:
            return ()
        small, new = looked
        self._step(sight(small), scene.at, new)
        ways = [[x for _, x, _ in self._way], [y for _, _, y in self._way]]
        turns = max(swings(way, self.limit_percent) for way in ways)
        if turns < self.settings.turns:
            return ()
        swing = max(max(way) - min(way) for way in ways)
        details = {"turns": turns, "swing_percent": round(swing, 2)}
        return self._looking.tell("camera_shaking", small, scene.at, details)

    def elsewhere(self) -> None:
        """Begin anew: the camera was turned, and that is known."""
        self._last = None
        self._way.clear()

    def _step(self, now: Sight, at: datetime, new: bool) -> None:
        last, self._last = self._last, now
        if new or last is None or (self._way and at < self._way[-1][0]):
            self._way.clear()
        x, y = self._way[-1][1:] if self._way else (0.0, 0.0)
        dx, dy, sure = self._compass.shift(last, now) if last is not None and not new else (0.0, 0.0, 0.0)
        if sure >= SURE and now.textured:
            rows, columns = now.edges.shape
            x, y = x + 100 * dx / columns, y + 100 * dy / rows
        self._way.append((at, x, y))
        while at - self._way[0][0] > timedelta(seconds=self.settings.window_s):
            self._way.popleft()


def swings(way: Sequence[float], least: float) -> int:
    """Return how often a way turned back after having gone `least` or further."""
    turns, direction, furthest = 0, 0, way[0] if way else 0.0
    for spot in way:
        gone = spot - furthest
        if direction * gone > 0:
            furthest = spot
        elif abs(gone) >= least:
            turns += direction != 0
            direction, furthest = (1 if gone > 0 else -1), spot
    return turns

"""What the rules on a camera itself share: a small picture every so often, the quiet between events, one limit."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ingest.detectors.cooldown import Cooldown
from ingest.detectors.elapsed import Every
from ingest.detectors.setting import Cooldown_s, Every_s, LimitPercent
from ingest.detectors.shift import check_limit
from ingest.detectors.small import Glass, Masks, Small, of_camera
from ingest.values import Scene, Seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Settings of a camera that is to stand still: `limit_percent` of the frame's sides, none takes the norm's."""

    limit_percent: LimitPercent = None
    every_s: Every_s = 1.0
    cooldown_s: Cooldown_s = 60.0

    def __post_init__(self) -> None:
        """Refuse limits and times that cannot be. ValueError."""
        check_limit(self.limit_percent)
        if not (self.every_s > 0 and self.cooldown_s >= 0):
            raise ValueError("every_s must be positive, cooldown_s not negative")


@dataclass(slots=True)
class Looking:
    """The glass that a rule looks through, every `every_s`, and the quiet between what it tells of its camera."""

    masks: Masks
    every_s: float
    cooldown_s: float
    quiet: Cooldown = field(init=False)
    _glass: Glass = field(init=False)
    _every: Every = field(init=False)

    def __post_init__(self) -> None:
        """Start with nothing seen."""
        self._glass, self._every, self.quiet = Glass(self.masks), Every(self.every_s), Cooldown(self.cooldown_s)

    def look(self, scene: Scene) -> tuple[Small, bool] | None:
        """Return the small picture, and whether memory is void; None where there is none, or it is not time yet."""
        if scene.image is None or not self._every.due(scene.at):
            return None
        self.quiet.see(scene.at)
        return self._glass.look(scene.image)

    def tell(
        self, kind: str, small: Small, at: datetime, details: dict[str, Any], *, count: int = 1
    ) -> tuple[Seen, ...]:
        """Return what there is to tell of the camera, which is nothing while it is quiet; `count` are new."""
        merged = self.quiet.speak(at, count)
        return () if merged is None else (of_camera(kind, small, at, {**details, "merged": merged}),)

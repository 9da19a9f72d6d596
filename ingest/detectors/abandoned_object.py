"""Abandoned object, removed object: a thing that came and stays though nobody is by it, a thing that is gone."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from ingest.detectors.cooldown import Cooldown
from ingest.detectors.setting import LONGEST_S, Cooldown_s
from ingest.detectors.small import Masks
from ingest.detectors.staying import Stay, Staying
from ingest.values import Scene, Seen

SMALLEST_STAYING_PX2 = 2025.0  # Almaty 213, art. 13.3-4: an object of 45 x 45 pixels


@dataclass(frozen=True, slots=True, kw_only=True)
class StayingObject:
    """Settings of both: a thing is told once it has been changed and alone for `after_s`."""

    after_s: Annotated[float, Meta(gt=0, le=LONGEST_S, description="Seconds that it must stay with nobody by it.")] = (
        60.0
    )
    min_area_px2: Annotated[
        float,
        Meta(ge=SMALLEST_STAYING_PX2, le=1e9, description="The smallest thing, square pixels (Almaty 213, art. 13.3)."),
    ] = SMALLEST_STAYING_PX2
    reach: Annotated[
        float, Meta(ge=0, le=10, description="How near a person is by it, in heights of that person in the picture.")
    ] = 1.0
    cooldown_s: Cooldown_s = 30.0

    def __post_init__(self) -> None:
        """Refuse times that cannot be and objects smaller than the norm's. ValueError."""
        if not (self.after_s > 0 and min(self.cooldown_s, self.reach) >= 0):
            raise ValueError("after_s must be positive, cooldown_s and reach not negative")
        if not self.min_area_px2 >= SMALLEST_STAYING_PX2:
            raise ValueError("min_area_px2 must not be below 2025")


@dataclass(slots=True)
class StayingObjectRule:
    """The state machine of either kind: `abandoned_object` tells of what came, `removed_object` of what went."""

    kind: Literal["abandoned_object", "removed_object"]
    settings: StayingObject
    masks: Masks = ()
    _staying: Staying = field(init=False)
    _quiet: Cooldown = field(init=False)

    def __post_init__(self) -> None:
        """Start with nothing known."""
        least, after = self.settings.min_area_px2, self.settings.after_s
        self._staying = Staying(masks=self.masks, least_px2=least, alone_s=after, reach=self.settings.reach)
        self._quiet = Cooldown(self.settings.cooldown_s)

    def update(self, scene: Scene) -> tuple[Seen, ...]:
        """Return at most one event: the largest thing that is due now, unless the rule is quiet."""
        came = self.kind == "abandoned_object"
        due = [stay for stay in self._staying.update(scene) if stay.came == came]
        merged = self._quiet.speak(scene.at, len(due)) if due else None
        return () if merged is None else (self._tell(due[0], scene.at, merged),)

    def _tell(self, stay: Stay, at: datetime, merged: int) -> Seen:
        before, now = stay.edges
        clear = abs(now - before) / max(now, before, 1.0)  # how plainly its edges came or went
        x0, _, x1, y1 = stay.box
        details = {"alone_s": round(stay.alone_s, 1), "merged": merged}
        foot = ((x0 + x1) / 2, y1)
        return Seen(kind=self.kind, at=at, certainty=0.4 + 0.4 * clear, box=stay.box, foot=foot, details=details)

"""Motion: anything moves, by the gate's regions; no model is asked (ONVIF MotionAlarm)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from msgspec import Meta

from ingest.detectors.cooldown import Repeats
from ingest.detectors.held import Held
from ingest.detectors.plane import area_px2, foot_of, inside
from ingest.detectors.setting import AnyZone, Common, Dwell_s, Labels, Share, check_not_negative, check_zone
from ingest.detectors.track_rule import Due, TrackRule
from ingest.values import Box, Scene

CERTAINTY = 0.5  # pixels changed: something moved, nothing says what


@dataclass(frozen=True, slots=True, kw_only=True)
class Motion(Common):
    """Settings. What fills most of the picture is light or a shaken camera, and no motion in it."""

    labels: Labels = ()
    zone: AnyZone = ()
    dwell_s: Dwell_s = 1.0
    most_share: Annotated[Share, Meta(description="Share of the picture that a moving region may fill, 0 to 1.")] = 0.6

    def __post_init__(self) -> None:
        """Refuse what cannot be. ValueError."""
        Common.__post_init__(self)
        check_zone(self.zone, whole=True)
        check_not_negative(dwell_s=self.dwell_s, most_share=self.most_share)


class MotionRule(TrackRule[Motion]):
    """The state machine: one state, something moves."""

    kind = "motion"

    def __init__(self, settings: Motion, size_px: tuple[int, int] | None) -> None:
        """Take the settings and the size of the frames, where it is known."""
        super().__init__(settings)
        self._most_px2 = settings.most_share * size_px[0] * size_px[1] if size_px else float("inf")
        self._held, self._repeats = Held(gap_s=1.0), Repeats()

    def due(self, scene: Scene, at: datetime) -> Sequence[Due]:
        """Return the largest moving region, once motion has lasted."""
        moving = [box for box in scene.motion if self._counts(box)]
        seconds = self._held.hold(at, bool(moving))
        if seconds is None or seconds < self.settings.dwell_s:
            return ()
        box = max(moving, key=area_px2)
        goes_on, details = not self._repeats.count(at), {"moved_s": round(seconds, 1)}
        return (Due(certainty=CERTAINTY, box=box, foot=foot_of(box), details=details, counted=goes_on),)

    def _counts(self, box: Box) -> bool:
        sized = self.settings.min_area_px2 <= area_px2(box) <= self._most_px2
        return sized and (not self.settings.zone or inside(self.settings.zone, foot_of(box)))

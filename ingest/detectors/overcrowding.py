"""Overcrowding: more people in a zone than it is meant for, for a while (ONVIF occupancy counting)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from msgspec import Meta

from ingest.detectors.held import Held
from ingest.detectors.setting import MOST_COUNTED, AnyZone, Common, Dwell_s, check_not_negative, check_zone
from ingest.detectors.track_rule import Due, TrackRule, around, mean_score
from ingest.values import Scene


@dataclass(frozen=True, slots=True, kw_only=True)
class Overcrowding(Common):
    """Settings. It is told once while it lasts; it is over when there was room for longer than two seconds."""

    zone: AnyZone = ()
    most: Annotated[
        int, Meta(ge=0, le=MOST_COUNTED, description="How many the zone is meant for; one more is too many.")
    ] = 20
    dwell_s: Dwell_s = 5.0

    def __post_init__(self) -> None:
        """Refuse what cannot be. ValueError."""
        Common.__post_init__(self)
        check_zone(self.zone, whole=True)
        check_not_negative(most=self.most, dwell_s=self.dwell_s)


class OvercrowdingRule(TrackRule[Overcrowding]):
    """The state machine: one state, too many."""

    kind = "overcrowding"

    def __init__(self, settings: Overcrowding) -> None:
        """Start with an empty zone."""
        super().__init__(settings)
        self._held = Held()

    def due(self, scene: Scene, at: datetime) -> Sequence[Due]:
        """Return the crowd, once it has been too large for long enough."""
        here = self.wanted(scene, self.settings.zone)
        seconds = self._held.hold(at, len(here) > self.settings.most)
        self.under_way = (self._held.due_at,) if self._held.lasts else ()
        if seconds is None or seconds < self.settings.dwell_s or self.heard(self._held.due_at, at):
            return ()
        counted, self._held.due_at = self._held.due_at is not None, at
        self.under_way = (at,)
        box, foot = around(here)
        details = {"count": len(here), "most": self.settings.most, "lasted_s": round(seconds, 1)}
        return (Due(certainty=mean_score(here), box=box, foot=foot, details=details, counted=counted),)

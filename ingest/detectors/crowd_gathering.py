"""Crowd gathering: people stand close to each other and stay so (Almaty 213, art. 13.1)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from msgspec import Meta

from ingest.detectors.held import Held
from ingest.detectors.setting import AnyZone, Common, Dwell_s, check_not_negative, check_zone
from ingest.detectors.spacing import Place, largest_group
from ingest.detectors.stays import height
from ingest.detectors.track_rule import Due, TrackRule, around, mean_score
from ingest.values import Point, Scene, Track

LOOKS_EVERY = timedelta(seconds=0.5)  # a gathering takes its time, and placing many people takes ours
DRIFT = 3.0  # heights of a person that a group's middle may shift: beyond, it walks past and does not gather


@dataclass(frozen=True, slots=True, kw_only=True)
class CrowdGathering(Common):
    """Settings. A gathering is told once; again where it has grown, and where it begins anew."""

    zone: AnyZone = ()
    people: Annotated[int, Meta(ge=2, description="How many close to each other are a gathering.")] = 6
    radius_m: Annotated[
        float,
        Meta(gt=0, description="Metres to the next that are close; where no place is known, by people's height."),
    ] = 1.5
    dwell_s: Dwell_s = 10.0
    growth: Annotated[
        float, Meta(ge=1, description="How many times as large a gathering must be to be told again; 1.5 is by half.")
    ] = 1.5

    def __post_init__(self) -> None:
        """Refuse what cannot be. ValueError."""
        Common.__post_init__(self)
        check_zone(self.zone, whole=True)
        check_not_negative(people=self.people - 2, radius_m=self.radius_m, dwell_s=self.dwell_s, growth=self.growth - 1)


class CrowdGatheringRule(TrackRule[CrowdGathering]):
    """The state machine: one gathering at a time, the largest."""

    kind = "crowd_gathering"

    def __init__(self, settings: CrowdGathering, place: Place) -> None:
        """Take the settings and where a pixel lies on the ground."""
        super().__init__(settings)
        self._place = place
        self._held = Held(gap_s=3.0)
        self._looked_at: datetime | None = None
        self._middle: Point = (0.0, 0.0)
        self._first = self._told = 0

    def due(self, scene: Scene, at: datetime) -> Sequence[Due]:
        """Return the gathering, once it has lasted, and each time it has grown."""
        if self._looked_at is not None and at - self._looked_at < LOOKS_EVERY:
            return ()
        self._looked_at = at
        group = self._group(scene)
        seconds = self._lasts(group, at)
        self.awaits = seconds is not None and not self._held.told
        if seconds is None or seconds < self.settings.dwell_s or not self._news(len(group)):
            return ()
        self._held.told, self._told, self.awaits = True, len(group), False
        return (self._due(group, seconds),)

    def _group(self, scene: Scene) -> list[Track]:
        here = self.wanted(scene, self.settings.zone)
        return largest_group(here, self._place, self.settings.radius_m) if len(here) >= self.settings.people else []

    def _lasts(self, group: list[Track], at: datetime) -> float | None:
        """Return for how long people have been gathered here; elsewhere it is another gathering."""
        gathered = len(group) >= self.settings.people
        middle = around(group)[1] if gathered else self._middle
        if gathered and math.dist(middle, self._middle) > DRIFT * max(map(height, group)):
            self._held.end()
        seconds = self._held.hold(at, gathered)
        if seconds == 0.0:
            self._middle, self._first = middle, len(group)
        return seconds

    def _news(self, count: int) -> bool:
        return not self._held.told or (count >= self.settings.growth * self._told and count > self._told)

    def _due(self, group: list[Track], seconds: float) -> Due:
        box, foot = around(group)
        details = {"count": len(group), "grown": len(group) - self._first, "lasted_s": round(seconds, 1)}
        return Due(certainty=mean_score(group), box=box, foot=foot, details=details)

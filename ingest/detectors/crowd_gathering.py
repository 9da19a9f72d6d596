"""Crowd gathering: people stand close to each other and stay so (Almaty 213, art. 13.1)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated

from msgspec import Meta

from ingest.detectors.held import Held
from ingest.detectors.setting import MOST_COUNTED, AnyZone, Common, Dwell_s, check_not_negative, check_zone
from ingest.detectors.spacing import Place, groups
from ingest.detectors.stays import height
from ingest.detectors.track_rule import Due, TrackRule, around, mean_score
from ingest.values import Point, Scene, Track

LOOKS_EVERY = timedelta(seconds=0.5)  # a gathering takes its time, and placing many people takes ours
GAP_S = 3.0  # a gathering that the model overlooks for longer is over
DRIFT = 3.0  # heights of a person that a group's middle may shift: beyond, it walks past and does not gather


@dataclass(frozen=True, slots=True, kw_only=True)
class CrowdGathering(Common):
    """Settings. A gathering is told once; again where it has grown, and where it begins anew."""

    zone: AnyZone = ()
    people: Annotated[int, Meta(ge=2, le=MOST_COUNTED, description="How many close to each other are a gathering.")] = 6
    radius_m: Annotated[
        float,
        Meta(
            gt=0, le=1000, description="Metres to the next that are close; where no place is known, by people's height."
        ),
    ] = 1.5
    dwell_s: Dwell_s = 10.0
    growth: Annotated[
        float,
        Meta(
            ge=1,
            le=MOST_COUNTED,
            description="How many times as large a gathering must be to be told again; 1.5 is by half.",
        ),
    ] = 1.5

    def __post_init__(self) -> None:
        """Refuse what cannot be. ValueError."""
        Common.__post_init__(self)
        check_zone(self.zone, whole=True)
        check_not_negative(people=self.people - 2, radius_m=self.radius_m, dwell_s=self.dwell_s, growth=self.growth - 1)


@dataclass(slots=True, kw_only=True)
class _Gathering:
    """People gathered about a place: where, how many at first and when last due, since when."""

    middle: Point
    first: int
    told: int = 0
    held: Held = field(default_factory=lambda: Held(gap_s=GAP_S))
    seen_at: datetime


class CrowdGatheringRule(TrackRule[CrowdGathering]):
    """The state machine: one state a gathering."""

    kind = "crowd_gathering"

    def __init__(self, settings: CrowdGathering, place: Place) -> None:
        """Take the settings and where a pixel lies on the ground."""
        super().__init__(settings)
        self._place = place
        self._looked_at: datetime | None = None
        self._gatherings: list[_Gathering] = []

    def due(self, scene: Scene, at: datetime) -> Sequence[Due]:
        """Return the gatherings, each once it has lasted and each time it has grown."""
        if self._looked_at is not None and at - self._looked_at < LOOKS_EVERY:
            return ()
        self._looked_at = at
        here = self._here(scene, at)
        due = [found for one, group, seconds in here if (found := self._due(one, group, seconds, at))]
        self.under_way = [one.held.due_at for one in self._gatherings if one.held.lasts]
        return due

    def _here(self, scene: Scene, at: datetime) -> list[tuple[_Gathering, list[Track], float]]:
        """Return the gatherings of this moment, each with its people and for how long it has lasted."""
        people = self.wanted(scene, self.settings.zone)
        crowds = [group for group in groups(people, self._place, self.settings.radius_m) if self._is_crowd(group)]
        known = self._gatherings = [one for one in self._gatherings if (at - one.seen_at).total_seconds() <= GAP_S]
        met = [(self._of(group, at), group) for group in sorted(crowds, key=len, reverse=True)]
        for missed in (one for one in known if one.seen_at != at):
            missed.held.hold(at, holds=False)
        lasting = [(one, group, one.held.hold(at, holds=True)) for one, group in met]
        return [(one, group, seconds) for one, group, seconds in lasting if seconds is not None]

    def _is_crowd(self, group: list[Track]) -> bool:
        return len(group) >= self.settings.people

    def _of(self, group: list[Track], at: datetime) -> _Gathering:
        """Return the gathering that a group is: the nearest known one, not yet met in this moment, else a new one."""
        middle, reach = around(group)[1], DRIFT * max(map(height, group))
        free = [one for one in self._gatherings if one.seen_at != at and math.dist(one.middle, middle) <= reach]
        if not free:
            self._gatherings.append(one := _Gathering(middle=middle, first=len(group), seen_at=at))
            return one
        one = min(free, key=lambda one: math.dist(one.middle, middle))
        one.seen_at = at
        return one

    def _due(self, one: _Gathering, group: list[Track], seconds: float, at: datetime) -> Due | None:
        count = len(group)
        grown = count >= self.settings.growth * one.told and count > one.told
        if seconds < self.settings.dwell_s or (self.heard(one.held.due_at, at) and not grown):
            return None
        counted = one.held.due_at is not None and not grown
        one.held.due_at, one.told = at, count
        box, foot = around(group)
        details = {"count": count, "grown": count - one.first, "lasted_s": round(seconds, 1)}
        return Due(certainty=mean_score(group), box=box, foot=foot, details=details, counted=counted)

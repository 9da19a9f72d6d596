"""Congestion: many vehicles in a zone, and on the average they hardly move."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from msgspec import Meta

from ingest.detectors.held import Held
from ingest.detectors.memory import Memory
from ingest.detectors.setting import (
    MOST_COUNTED,
    MOST_HEIGHTS,
    VEHICLES,
    AnyZone,
    Common,
    Cooldown_s,
    Dwell_s,
    Labels,
    check_not_negative,
    check_zone,
)
from ingest.detectors.track_rule import Due, TrackRule, around, mean_score
from ingest.values import Point, Scene, Track

OVER_S = 2.0  # a vehicle's pace is that of so long


@dataclass(frozen=True, slots=True, kw_only=True)
class Congestion(Common):
    """Settings. It is told once while it lasts."""

    zone: AnyZone = ()
    labels: Labels = VEHICLES
    vehicles: Annotated[int, Meta(ge=1, le=MOST_COUNTED, description="How many vehicles in the zone are many.")] = 6
    slow: Annotated[
        float,
        Meta(
            gt=0,
            le=MOST_HEIGHTS,
            description="Mean pace that is slow, in vehicles' own lengths a second: 0.5 is about 8 km/h.",
        ),
    ] = 0.5
    dwell_s: Dwell_s = 30.0
    cooldown_s: Cooldown_s = 300.0

    def __post_init__(self) -> None:
        """Refuse what cannot be. ValueError."""
        Common.__post_init__(self)
        check_zone(self.zone, whole=True)
        check_not_negative(vehicles=self.vehicles - 1, slow=self.slow, dwell_s=self.dwell_s)


@dataclass(slots=True)
class _Pace:
    """Where a vehicle was at a moment some seconds ago, and its pace since, in its own lengths a second."""

    at: datetime
    foot: Point
    pace: float | None = None


class CongestionRule(TrackRule[Congestion]):
    """The state machine: one pace a vehicle, one state of the zone."""

    kind = "congestion"

    def __init__(self, settings: Congestion) -> None:
        """Start with a free road."""
        super().__init__(settings)
        self._paces: Memory[_Pace] = Memory(OVER_S)
        self._held = Held(gap_s=5.0, sleeps=True)

    def due(self, scene: Scene, at: datetime) -> Sequence[Due]:
        """Return the congestion, once it has lasted."""
        self._paces.sweep(at)
        here = self.wanted(scene, self.settings.zone)
        paces = [pace for track in here if (pace := self._pace(track, at)) is not None]
        mean = sum(paces) / len(paces) if paces else math.inf
        seconds = self._held.hold(at, len(here) >= self.settings.vehicles and mean <= self.settings.slow)
        self.under_way = (self._held.due_at,) if self._held.lasts else ()
        if seconds is None or seconds < self.settings.dwell_s or self.heard(self._held.due_at, at):
            return ()
        counted, self._held.due_at = self._held.due_at is not None, at
        self.under_way = (at,)
        box, foot = around(here)
        details = {"vehicles": len(here), "pace": round(mean, 2), "lasted_s": round(seconds, 1)}
        return (Due(certainty=mean_score(here), box=box, foot=foot, details=details, counted=counted),)

    def _pace(self, track: Track, at: datetime) -> float | None:
        """Return a vehicle's pace of the last whole stretch of OVER_S; None where it was not followed for so long."""
        known = self._paces.meet(track.id, at, lambda: _Pace(at, track.foot))
        passed_s = (at - known.at).total_seconds()
        if passed_s >= OVER_S:
            known.pace = math.dist(known.foot, track.foot) / _length(track) / passed_s
            known.at, known.foot = at, track.foot
        return known.pace


def _length(track: Track) -> float:
    """Return about how long a vehicle is, px: the larger side of its box."""
    return max(track.box[2] - track.box[0], track.box[3] - track.box[1])

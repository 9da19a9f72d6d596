"""Wrong way: a vehicle moves against the direction of its lane."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from msgspec import Meta

from ingest.detectors.memory import Memory
from ingest.detectors.plane import cut_off
from ingest.detectors.setting import (
    MOST_HEIGHTS,
    VEHICLES,
    AnyZone,
    Common,
    Dwell_s,
    Ends,
    Labels,
    check_line,
    check_not_negative,
    check_zone,
)
from ingest.detectors.stays import height
from ingest.detectors.track_rule import Due, TrackRule, due_of
from ingest.values import Point, Scene, Track

GAP_S = 2.0
AGAINST = -0.5  # cosine of 120 degrees: across the lane is not against it


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongWay(Common):
    """Settings. Each vehicle is told once in a passage of the zone; none while the edge cuts it off."""

    zone: AnyZone = ()
    way: Annotated[Ends, Meta(description="Two points of the lane in the right direction, pixels: from, to.")]
    labels: Labels = VEHICLES
    dwell_s: Dwell_s = 1.0
    travel: Annotated[
        float,
        Meta(gt=0, le=MOST_HEIGHTS, description="How far against the lane it must have moved, heights of its box."),
    ] = 1.0

    def __post_init__(self) -> None:
        """Refuse what cannot be. ValueError."""
        Common.__post_init__(self)
        check_zone(self.zone, whole=True)
        check_line(self.way)
        check_not_negative(dwell_s=self.dwell_s, travel=self.travel)


@dataclass(slots=True, kw_only=True)
class _Drive:
    """Where and when a vehicle's movement began, where it was last, whether it has been told."""

    began: Point
    since: datetime
    last: Point
    told: bool = False


class WrongWayRule(TrackRule[WrongWay]):
    """The state machine: one drive a vehicle."""

    kind = "wrong_way"

    def __init__(self, settings: WrongWay, size_px: tuple[int, int] | None) -> None:
        """Start with an empty lane in a picture of so many pixels; None: not known."""
        super().__init__(settings)
        self._size_px = size_px
        (x0, y0), (x1, y1) = settings.way
        self._way = (x1 - x0) / math.dist(*settings.way), (y1 - y0) / math.dist(*settings.way)
        self._drives: Memory[_Drive] = Memory(GAP_S)

    def due(self, scene: Scene, at: datetime) -> Sequence[Due]:
        """Return whoever has driven against the lane for long and far enough."""
        self._drives.sweep(at)
        whole = [one for one in self.wanted(scene, self.settings.zone) if not cut_off(one.box, self._size_px)]
        here = [(track, self._drive(track, at)) for track in whole]
        wrong = [(track, drive) for track, drive in here if self._against(track, drive, at)]
        for _, drive in wrong:
            drive.told = True
        return [due_of(track) for track, _ in wrong]

    def _drive(self, track: Track, at: datetime) -> _Drive:
        drive = self._drives.meet(track.id, at, lambda: _Drive(began=track.foot, since=at, last=track.foot))
        jumped = math.dist(drive.last, track.foot) > 2 * height(track)  # the tracker took another vehicle for it
        if jumped or self._along(drive.last, track.foot) > 0:
            drive.began, drive.since = track.foot, at
        drive.last = track.foot
        return drive

    def _against(self, track: Track, drive: _Drive, at: datetime) -> bool:
        moved = math.dist(drive.began, track.foot)
        if drive.told or moved < self.settings.travel * height(track):
            return False
        lasted = (at - drive.since).total_seconds() >= self.settings.dwell_s
        return lasted and self._along(drive.began, track.foot) <= AGAINST * moved

    def _along(self, before: Point, after: Point) -> float:
        """Return how far the way from before to after leads along the lane, px; negative against it."""
        return (after[0] - before[0]) * self._way[0] + (after[1] - before[1]) * self._way[1]

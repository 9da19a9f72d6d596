"""Speed over ground: a vehicle is faster than its limit, by more than what the measurement may err."""

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

import numpy as np
from msgspec import Meta

from ingest.detectors.detector import NotHere, Surroundings
from ingest.detectors.memory import Memory
from ingest.detectors.setting import VEHICLES, AnyZone, Common, Labels, check_not_negative, check_zone
from ingest.detectors.spacing import knows
from ingest.detectors.track_rule import Due, TrackRule, due_of
from ingest.values import Placed, Scene, Track
from layers.cameras.reasons import Reason
from layers.sight.ground import to_metres

FEWEST = 4  # places that a speed is drawn from
FASTEST_KMH = 300.0  # beyond it the tracker took another vehicle for this one
GAP_S = 2.0
EVERY_S = 0.09  # a place is taken ten times a second at most
MOST_PLACES = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed(Common):
    """Settings. A vehicle is told once, when its speed less the uncertainty of it is over the limit."""

    zone: AnyZone = ()
    labels: Labels = VEHICLES
    limit_kmh: Annotated[float, Meta(gt=0, le=1000, description="The limit, km/h.")] = 60.0
    over_s: Annotated[float, Meta(ge=1, le=10, description="The stretch that a speed is drawn from, seconds.")] = 1.5
    most_error_m: Annotated[
        float, Meta(gt=0, le=1e6, description="A place whose 95 % ellipse is longer than this, metres, is not counted.")
    ] = 5.0

    def __post_init__(self) -> None:
        """Refuse what cannot be. ValueError."""
        Common.__post_init__(self)
        check_zone(self.zone, whole=True)
        check_not_negative(limit_kmh=self.limit_kmh, most_error_m=self.most_error_m)
        if not 1 <= self.over_s <= 10:
            raise ValueError("over_s must be from 1 to 10 seconds")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A speed and its uncertainty at 95 %, km/h."""

    speed_kmh: float
    uncertainty_kmh: float


@dataclass(slots=True)
class _Drive:
    places: deque[tuple[datetime, Placed]] = field(default_factory=lambda: deque(maxlen=MOST_PLACES))
    told: bool = False


class SpeedRule(TrackRule[Speed]):
    """The state machine: the last places of each vehicle. NotHere where the camera places none of its pixels."""

    kind = "speed"

    def __init__(self, settings: Speed, among: Surroundings) -> None:
        """Take the settings and where a pixel lies on the ground."""
        super().__init__(settings)
        if not any(knows(among.place(foot)) for foot in _lower_edge(among.size_px)):
            raise NotHere(Reason("speed_no_place"))
        self._place = among.place
        self._drives: Memory[_Drive] = Memory(GAP_S)

    def due(self, scene: Scene, at: datetime) -> Sequence[Due]:
        """Return whoever is too fast for certain and was not told."""
        self._drives.sweep(at)
        return [due for track in self.wanted(scene, self.settings.zone) if (due := self._due(track, at))]

    def _due(self, track: Track, at: datetime) -> Due | None:
        drive = self._drives.meet(track.id, at, _Drive)
        if drive.told or (drive.places and (at - drive.places[-1][0]).total_seconds() < EVERY_S):
            return None
        placed = self._place(track.foot)
        if not knows(placed) or placed.ellipse.major_m > self.settings.most_error_m:
            return None
        self._add(drive, at, placed)
        found = measured(list(drive.places), self.settings.over_s)
        if found is None or found.speed_kmh - found.uncertainty_kmh <= self.settings.limit_kmh:
            return None
        drive.told = True
        speed_kmh, uncertainty_kmh = round(found.speed_kmh), math.ceil(found.uncertainty_kmh)
        limit_kmh = self.settings.limit_kmh
        return due_of(track, limit_kmh=limit_kmh, speed_kmh=speed_kmh, uncertainty_kmh=uncertainty_kmh)

    def _add(self, drive: _Drive, at: datetime, placed: Placed) -> None:
        """Remember a place; one that no vehicle reaches since the last begins the drive anew."""
        if drive.places and _too_far(drive.places[-1], (at, placed)):
            drive.places.clear()
        drive.places.append((at, placed))
        while len(drive.places) > 1 and (at - drive.places[1][0]).total_seconds() >= self.settings.over_s:
            drive.places.popleft()


def measured(places: Sequence[tuple[datetime, Placed]], over_s: float) -> Measured | None:
    """Return the speed of a straight drive through places, by least squares; None of too few or too short.

    The uncertainty is that of the two ends as if their ellipses erred apart from each other: on the safe side, because
    one camera's places err alike.
    """
    passed_s = (places[-1][0] - places[0][0]).total_seconds()
    if len(places) < FEWEST or passed_s < over_s:
        return None
    times = np.array([(at - places[0][0]).total_seconds() for at, _ in places])
    spots = np.array([to_metres(places[0][1].place, placed.place) for _, placed in places])
    slope = np.linalg.lstsq(np.stack([times, np.ones_like(times)], axis=1), spots, rcond=None)[0][0]
    error_m = math.hypot(places[0][1].ellipse.major_m, places[-1][1].ellipse.major_m)
    return Measured(speed_kmh=3.6 * float(np.hypot(*slope)), uncertainty_kmh=3.6 * error_m / passed_s)


def _too_far(before: tuple[datetime, Placed], after: tuple[datetime, Placed]) -> bool:
    passed_s = (after[0] - before[0]).total_seconds()
    return float(np.hypot(*to_metres(before[1].place, after[1].place))) > FASTEST_KMH / 3.6 * passed_s + 5.0


def _lower_edge(size_px: tuple[int, int] | None) -> list[tuple[float, float]]:
    """Return pixels of the picture's lower half, where a camera sees ground if anywhere."""
    width, height = size_px or (0, 0)
    return [(width * x / 4, height * y / 4) for y in (4, 3, 2) for x in range(5)]

"""A calibration as people judge it: how a camera hangs by its points or its pose, and how far each point is off."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from layers.sight.control_points import ControlPoint, Known, LeftOut, from_points, left_out
from layers.sight.locator import Locator, Pose, from_pose, pose_of
from layers.values import LonLat

AHEAD_M = (10.0, 25.0, 50.0, 100.0)  # the distances that calibrations are judged at
# A point is suspect where without it the rest fit so many times better than without any other, and those do not fit.
STANDS_OUT, MISFIT, LEAST_TO_SUSPECT = 2.0, 3.0, 6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Calibration:
    """A locator with its points, and what the others say of each."""

    locator: Locator
    points: tuple[ControlPoint, ...] = ()
    others: tuple[LeftOut, ...] = ()

    @property
    def pose(self) -> Pose:
        """Return how the camera hangs."""
        return pose_of(self.locator.sight)

    @property
    def k1(self) -> float:
        """Return how the lens bends, of which this is the most."""
        return self.locator.sight.lens[0]

    @property
    def median_m(self) -> float | None:
        """Return the middle of the residuals; None where no point can be left out."""
        return self._share(50)

    @property
    def p95_m(self) -> float | None:
        """Return below which 95 % of the residuals lie; None where no point can be left out."""
        return self._share(95)

    @property
    def suspect(self) -> int | None:
        """Return which point the others would fit much better without; None where none stands out."""
        left = [one.squares if one.squares is not None else np.inf for one in self.others]
        if len(left) < LEAST_TO_SUSPECT:
            return None
        best, second = np.sort(left)[:2]
        return int(np.argmin(left)) if second > STANDS_OUT * max(best, 1.0) and second > len(left) * MISFIT else None

    @property
    def residuals_m(self) -> tuple[float | None, ...]:
        """Return, for each point, how many metres the others put it from its place; None where they fix none."""
        return tuple(one.apart_m for one in self.others)

    def _share(self, percent: float) -> float | None:
        known = [one for one in self.residuals_m if one is not None]
        return float(np.percentile(known, percent)) if known else None


def by_points(origin: LonLat, points: Sequence[ControlPoint], known: Known) -> Calibration:
    """Calibrate by control points; GeolocateError says in one sentence why they cannot be used."""
    locator = from_points(origin, points, known)
    others = tuple(left_out(origin, points, known, locator))
    return Calibration(locator=locator, points=tuple(points), others=others)


def by_pose(origin: LonLat, pose: Pose, known: Known) -> Calibration:
    """Calibrate by what was measured of a camera; GeolocateError says why it cannot be used."""
    locator = from_pose(
        origin, pose, known.size_px, lens=known.lens, grade=known.grade or (0.0, 0.0), range_m=known.range_m
    )
    return Calibration(locator=locator)

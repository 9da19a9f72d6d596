"""From a foot pixel to a place on the ground with its 95 % error ellipse.

A camera is known by its pose (height, heading, tilt, roll, field of view) or by control points seen in its picture.
Either way it ends as one vector of parameters with a covariance P, and a pixel becomes a place with the covariance
J P Jt + the noise of the foot pixel. Around a camera the ground is a plane, x east and y north in metres.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ingest.ground import Floats, ellipse_95, from_metres, jacobian, meet_ground, ray, steps
from ingest.values import Placed, PlacedBy, Point
from layers.values import Ellipse, LonLat

Solve = Callable[[Floats, Floats], Floats]  # parameters, pixel -> east, north in metres

FOOT_NOISE_PX = (2.0, 3.0)  # one sigma of a foot pixel across and up: boxes breathe more at the bottom edge
FURTHEST_M = 300.0  # beyond this a place is only a direction
LARGEST_MAJOR_M = 100.0  # and so it is where its ellipse grows beyond this
UNKNOWN_M = 300.0  # the honest ellipse of "somewhere near this camera"
POSE_NOISE = (0.5, 0.5, 0.2, 1.0, 0.5, 0.5, 1.0)  # east, north, height m; heading, tilt, roll, field of view deg


class GeolocateError(ValueError):
    """A camera's pose or control points cannot be used; the text is one clear sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pose:
    """How a camera hangs: metres above the ground, degrees from north, below the horizon, clockwise, and across."""

    height_m: float
    heading_deg: float
    tilt_deg: float
    hfov_deg: float
    roll_deg: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Locator:
    """A camera that can place pixels: its parameters, their covariance, and how a pixel meets the ground."""

    origin: LonLat
    parameters: Floats
    covariance: Floats
    solve: Solve
    placed_by: PlacedBy

    def place(self, foot: Point, foot_noise_px: tuple[float, float] = FOOT_NOISE_PX) -> Placed:
        """Return where a foot pixel stands. Above the horizon or too far off only a bearing is known."""
        pixel = np.array(foot, np.float64)
        ground = self.solve(self.parameters, pixel)
        if not np.isfinite(ground).all() or math.hypot(*ground) > FURTHEST_M:
            return self._bearing_only(pixel)
        by_pose = jacobian(lambda p: self.solve(p, pixel), self.parameters, steps(self.parameters))
        by_foot = jacobian(lambda uv: self.solve(self.parameters, uv), pixel, np.full(2, 0.05))
        noise = np.diag(np.square(foot_noise_px))
        ellipse = ellipse_95(by_pose @ self.covariance @ by_pose.T + by_foot @ noise @ by_foot.T)
        if ellipse is None or ellipse.major_m > LARGEST_MAJOR_M:
            return self._bearing_only(pixel)
        return Placed(place=from_metres(self.origin, ground), ellipse=ellipse, placed_by=self.placed_by)

    def _bearing_only(self, pixel: Floats) -> Placed:
        """Stand at the camera itself; the bearing is that of a pixel straight below, where the ground is met."""
        below = (
            self.solve(self.parameters, np.array([pixel[0], y])) for y in np.linspace(pixel[1], pixel[1] + 4000, 41)
        )
        east, north = next((g for g in below if np.isfinite(g).all() and math.hypot(*g) <= FURTHEST_M), (0.0, 0.0))
        bearing = math.degrees(math.atan2(east, north)) % 360 if (east, north) != (0.0, 0.0) else None
        return _at_camera(self.origin, bearing)


def from_pose(origin: LonLat, pose: Pose, size_px: tuple[int, int], noise: Sequence[float] = POSE_NOISE) -> Locator:
    """Make a locator of a camera's pose; `size_px` is width, height of its frame.

    `noise` is one sigma of east, north and height in metres, then heading, tilt, roll and field of view in degrees.
    GeolocateError for a tilt at or above the horizon, a height that is not above the ground, a NaN.
    """
    _check_pose(pose, size_px)
    parameters = np.array(
        [0.0, 0.0, pose.height_m, *map(math.radians, (pose.heading_deg, pose.tilt_deg, pose.roll_deg, pose.hfov_deg))]
    )
    sigmas = np.array([*noise[:3], *np.radians(noise[3:])])

    def solve(p: Floats, pixel: Floats) -> Floats:
        focal = size_px[0] / 2 / math.tan(p[6] / 2)
        return meet_ground(looking(p[3], p[4], p[5]), p[:3], ray(pixel, focal, size_px))

    return Locator(origin=origin, parameters=parameters, covariance=np.diag(sigmas**2), solve=solve, placed_by="camera")


def _check_pose(pose: Pose, size_px: tuple[int, int]) -> None:
    numbers = (pose.height_m, pose.heading_deg, pose.tilt_deg, pose.roll_deg, pose.hfov_deg, *size_px)
    if not all(map(math.isfinite, numbers)):
        raise GeolocateError("The camera's pose holds a number that is not finite.")
    if pose.height_m <= 0:
        raise GeolocateError(f"The camera hangs {pose.height_m:g} m high, which is not above the ground.")
    if not 0 < pose.tilt_deg <= 90:
        raise GeolocateError(f"The camera's tilt of {pose.tilt_deg:g} deg does not look below the horizon (0 to 90).")
    if not 0 < pose.hfov_deg < 180 or min(size_px) <= 0:
        raise GeolocateError("The camera's field of view must be between 0 and 180 deg and its frame not empty.")


def nowhere(origin: LonLat) -> Placed:
    """Return the place of something seen by a camera that knows nothing of its own pose."""
    return _at_camera(origin, None)


def _at_camera(origin: LonLat, bearing_deg: float | None) -> Placed:
    minor = UNKNOWN_M if bearing_deg is None else UNKNOWN_M / 5
    ellipse = Ellipse(major_m=UNKNOWN_M, minor_m=minor, bearing_deg=(bearing_deg or 0.0) % 180)
    return Placed(place=origin, ellipse=ellipse, placed_by="camera_position", bearing_deg=bearing_deg)


def looking(heading: float, tilt: float, roll: float) -> Floats:
    """Return the rotation from east, north, up to right, down, forward; radians, tilt below the horizon."""
    forward = np.array([math.sin(heading) * math.cos(tilt), math.cos(heading) * math.cos(tilt), -math.sin(tilt)])
    right = np.array([math.cos(heading), -math.sin(heading), 0.0])
    upright = np.stack([right, np.cross(forward, right), forward])
    c, s = math.cos(roll), math.sin(roll)
    turned: Floats = np.array([[c, s, 0], [-s, c, 0], [0, 0, 1]]) @ upright
    return turned

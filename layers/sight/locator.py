"""From a foot pixel to a place on the ground with its 95 % error ellipse.

A camera is known by its pose (height, heading, tilt, roll, field of view) or by control points seen in its picture.
Either way it ends as a sight with a covariance P of the ways in which it may be wrong, and a pixel becomes a place with
the covariance J P Jt + the noise of the foot pixel.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from layers.sight.ground import Floats, ellipse_95, from_metres
from layers.sight.lens import STRAIGHT, Lens
from layers.sight.placed import Placed, PlacedBy, Unplaced
from layers.sight.sight import BY, Sight, looking
from layers.values import Ellipse, LonLat

FOOT_NOISE_PX = (2.0, 3.0)  # one sigma of a foot pixel across and up: boxes breathe more at the bottom edge
RANGE_M = 120.0  # how far a camera is of use where its row does not say; beyond 2.5 times that a place is a direction
FURTHEST = 2.5
LEVEL = 1e-6  # a ray that is nearer to the plumb line has no bearing
CAMERA_M = 5.0  # how well it is known where a camera hangs
UNKNOWN_M = 300.0  # the honest ellipse of "somewhere near this camera"
POSE_NOISE = (0.5, 0.5, 0.2, 1.0, 0.5, 0.5, 1.0)  # east, north, height m; heading, tilt, roll, field of view deg


class GeolocateError(ValueError):
    """A camera's pose or control points cannot be used; the text is one clear sentence.

    `code` and `details` say the same to whoever has words of its own.
    """

    def __init__(self, code: str, sentence: str, **details: int) -> None:
        """Keep the code and its numbers beside the sentence."""
        self.code, self.details = code, details
        super().__init__(sentence)


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
    """A camera that can place pixels: how it sees, the covariance of that in the order of BY, and what it rests on.

    Beyond 2.5 times `range_m`, or where the ellipse grows beyond `range_m`, a place is only a direction.
    """

    origin: LonLat
    sight: Sight
    covariance: Floats
    placed_by: PlacedBy
    range_m: float = RANGE_M

    def place(self, foot: tuple[float, float], foot_noise_px: tuple[float, float] = FOOT_NOISE_PX) -> Placed:
        """Return where a foot pixel stands. Above the horizon or too far off only a bearing is known."""
        pixel = np.array(foot, np.float64)
        ground, by_pixel, by_pose = self.sight.by_pixel_and_by_pose(pixel)
        if not np.isfinite(ground).all() or math.hypot(*ground) > self.furthest_m:
            return self._bearing_only(pixel)
        noise = np.diag(np.square(foot_noise_px))
        ellipse = ellipse_95(by_pose @ self.covariance @ by_pose.T + by_pixel @ noise @ by_pixel.T)
        if ellipse is None or ellipse.major_m > self.range_m:
            return self._bearing_only(pixel)
        return Placed(place=from_metres(self.origin, ground), ellipse=ellipse, placed_by=self.placed_by)

    @property
    def furthest_m(self) -> float:
        """Return how far from the camera a place is still a place, metres."""
        return FURTHEST * self.range_m

    def _bearing_only(self, pixel: Floats) -> Placed:
        """Stand at the camera itself; the bearing is that of the pixel's own ray, seen from above."""
        way = (self.sight.rays(pixel[None]) @ self.sight.turn)[0, :2]
        known = np.isfinite(way).all() and float(np.hypot(*way)) > LEVEL
        return _at_camera(self.origin, math.degrees(math.atan2(*way)) % 360 if known else None)


def from_pose(
    origin: LonLat,
    pose: Pose,
    size_px: tuple[int, int],
    noise: Sequence[float] = POSE_NOISE,
    *,
    lens: Lens | None = None,
    grade: tuple[float, float] = (0.0, 0.0),
    range_m: float = RANGE_M,
) -> Locator:
    """Make a locator of a camera's pose; `size_px` is width, height of its frame.

    `noise` is one sigma of east, north and height in metres, then heading, tilt, roll and field of view in degrees.
    GeolocateError for a tilt at or above the horizon, a height that is not above the ground, a NaN.
    """
    _check_pose(pose, size_px)
    sight = sight_of(pose, size_px, lens or STRAIGHT, grade)
    check_lens(sight.lens, sight.grade)
    return Locator(origin=origin, sight=sight, covariance=_covariance(pose, noise), placed_by="camera", range_m=range_m)


def sight_of(pose: Pose, size_px: tuple[int, int], lens: Lens, grade: tuple[float, float]) -> Sight:
    """Return how a camera of this pose sees."""
    return Sight(
        eye=np.array([0.0, 0.0, pose.height_m]),
        turn=looking(*map(math.radians, (pose.heading_deg, pose.tilt_deg, pose.roll_deg))),
        focal_px=focal_of(pose.hfov_deg, size_px),
        size_px=size_px,
        lens=lens,
        grade=grade,
    )


def pose_of(sight: Sight) -> Pose:
    """Return the pose of a sight, its height above the ground below it."""
    ahead, right = sight.turn[2], sight.turn[0]
    tilt = math.asin(float(np.clip(-ahead[2], -1.0, 1.0)))
    heading = math.atan2(ahead[0], ahead[1]) if abs(tilt) < math.radians(89.99) else math.atan2(-right[1], right[0])
    upright = looking(heading, tilt, 0.0)
    roll = math.atan2(float(right @ upright[1]), float(right @ upright[0]))
    return Pose(
        height_m=float(sight.eye[2] - np.array(sight.grade) @ sight.eye[:2]),
        heading_deg=math.degrees(heading) % 360,
        tilt_deg=math.degrees(tilt),
        roll_deg=math.degrees(roll),
        hfov_deg=math.degrees(2 * math.atan(sight.size_px[0] / 2 / sight.focal_px)),
    )


def focal_of(hfov_deg: float, size_px: tuple[int, int]) -> float:
    """Return the focal length in pixels of a field of view across the width, in degrees."""
    return size_px[0] / 2 / math.tan(math.radians(hfov_deg) / 2)


def _covariance(pose: Pose, noise: Sequence[float]) -> Floats:
    """Turn one sigma of a pose's numbers into the covariance of BY."""
    heading, tilt, roll, hfov = map(math.radians, (pose.heading_deg, pose.tilt_deg, pose.roll_deg, pose.hfov_deg))
    at, by = np.array([heading, tilt, roll]), np.zeros((len(BY), 7))
    by[:3, :3] = np.eye(3)
    for index, step in enumerate(1e-6 * np.eye(3)):
        apart = (looking(*(at + step)) - looking(*(at - step))) @ looking(*at).T / 2e-6
        by[3:6, 3 + index] = apart[2, 1], apart[0, 2], apart[1, 0]
    by[6, 6] = -1 / math.sin(hfov)
    sigmas = np.array([*noise[:3], *np.radians(noise[3:])])
    return np.asarray(by @ np.diag(sigmas**2) @ by.T)


def _check_pose(pose: Pose, size_px: tuple[int, int]) -> None:
    numbers = (pose.height_m, pose.heading_deg, pose.tilt_deg, pose.roll_deg, pose.hfov_deg, *size_px)
    if not all(map(math.isfinite, numbers)):
        raise GeolocateError("pose", "The camera's pose holds a number that is not finite.")
    if pose.height_m <= 0:
        raise GeolocateError("height", f"The camera hangs {pose.height_m:g} m high, which is not above the ground.")
    if not 0 < pose.tilt_deg <= 90:
        raise GeolocateError(
            "tilt", f"The camera's tilt of {pose.tilt_deg:g} deg does not look below the horizon (0 to 90)."
        )
    if not 0 < pose.hfov_deg < 180 or min(size_px) <= 0:
        raise GeolocateError(
            "field_of_view", "The camera's field of view must be between 0 and 180 deg and its frame not empty."
        )


STRONGEST, STEEPEST = 10.0, 0.5


def check_lens(lens: Lens, grade: tuple[float, float]) -> None:
    """Refuse a lens or a ground that cannot be; GeolocateError."""
    if not all(math.isfinite(k) and abs(k) <= STRONGEST for k in lens):
        raise GeolocateError("lens", "The lens is five finite numbers k1, k2, p1, p2, k3, none beyond 10.")
    if not (math.isfinite(sum(grade)) and math.hypot(*grade) <= STEEPEST):
        raise GeolocateError("ground", "The ground's grades are two finite numbers, together no steeper than 1 in 2.")


def itself(origin: LonLat) -> Placed:
    """Return the place of the camera, for what concerns none but it."""
    ellipse = Ellipse(major_m=CAMERA_M, minor_m=CAMERA_M, bearing_deg=0.0)
    return Placed(place=origin, ellipse=ellipse, placed_by="camera_position")


def nowhere(origin: LonLat, why: Unplaced | None = None) -> Placed:
    """Return the place of something seen by a camera that knows nothing of its own pose, or does not now."""
    return _at_camera(origin, None, why)


def _at_camera(origin: LonLat, bearing_deg: float | None, why: Unplaced | None = None) -> Placed:
    minor = UNKNOWN_M if bearing_deg is None else UNKNOWN_M / 5
    ellipse = Ellipse(major_m=UNKNOWN_M, minor_m=minor, bearing_deg=(bearing_deg or 0.0) % 180)
    return Placed(place=origin, ellipse=ellipse, placed_by="camera_position", bearing_deg=bearing_deg, unplaced=why)

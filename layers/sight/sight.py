"""How one camera sees: from the ground to its picture and back, with the derivatives of both; pure.

Space is east, north and up in metres of the camera's foot; the ground is a plane through that foot. What may be wrong
with a camera is one vector: see `BY`.
"""

import math
from dataclasses import dataclass, replace

import numpy as np

from layers.sight.ground import Floats
from layers.sight.lens import STRAIGHT, Lens, bend, distort, undistort

# The ways in which a sight can be moved: its place in metres, its turn in radians about its own axes (right, down,
# forward), the logarithm of its focal length, k1 of its lens, and the grades of the ground.
BY = ("east", "north", "up", "right", "down", "forward", "log_focal", "k1", "east_grade", "north_grade")
FOCAL, K1 = BY.index("log_focal"), BY.index("k1")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sight:
    """A camera's eye in metres of its foot, its turn from east, north, up to right, down, forward, its lens and ground.

    `focal_px` in pixels, `size_px` width and height of the frame, `grade` metres up a metre east and north.
    """

    eye: Floats
    turn: Floats
    focal_px: float
    size_px: tuple[int, int]
    lens: Lens = STRAIGHT
    grade: tuple[float, float] = (0.0, 0.0)

    def moved(self, by: Floats) -> "Sight":
        """Return the sight so much further; `by` in the order of BY."""
        return replace(
            self,
            eye=self.eye + by[:3],
            turn=turned(by[3:6]) @ self.turn,
            focal_px=self.focal_px * math.exp(by[FOCAL]),
            lens=(self.lens[0] + by[K1], *self.lens[1:]),
            grade=(self.grade[0] + by[8], self.grade[1] + by[9]),
        )

    @property
    def middle(self) -> Floats:
        """Return the middle of the picture, where the optical axis is taken to pass."""
        return np.array(self.size_px, np.float64) / 2

    def seen_at(self, spots: Floats) -> Floats:
        """Return the pixels, n x 2, of places, n x 3; NaN behind the camera."""
        seen = (spots - self.eye) @ self.turn.T
        return np.asarray(distort(ahead(seen), self.lens) * self.focal_px + self.middle)

    def pointing_at(self, ways: Floats) -> Floats:
        """Return the pixels of directions, n x 3: of what is far away in them."""
        return np.asarray(distort(ahead(ways @ self.turn.T), self.lens) * self.focal_px + self.middle)

    def rays(self, pixels: Floats) -> Floats:
        """Return the directions of pixels as right, down, forward; NaN where the lens shows nothing."""
        straight = undistort((pixels - self.middle) / self.focal_px, self.lens)
        return np.column_stack([straight, np.ones(len(pixels))])

    def ground_of(self, pixels: Floats, above_m: float | Floats = 0.0) -> Floats:
        """Return where pixels meet the ground, or what lies so far above it: n x 2, NaN at and above the horizon."""
        return self._meeting(self.rays(pixels) @ self.turn, above_m)[0]

    def _meeting(self, ways: Floats, above_m: float | Floats = 0.0) -> tuple[Floats, Floats, Floats]:
        """Return where ways meet the ground, how far along them, and how steeply they fall towards it."""
        grade = np.array(self.grade)
        high = self.eye[2] - grade @ self.eye[:2] - above_m
        falling = ways[:, 2] - ways[:, :2] @ grade
        with np.errstate(invalid="ignore", divide="ignore"):
            along = np.where((falling < -1e-9) & (np.asarray(high) > 0), -high / falling, np.nan)
        return self.eye[:2] + along[:, None] * ways[:, :2], along, falling

    def by_pixel_and_by_pose(self, pixel: Floats) -> tuple[Floats, Floats, Floats]:
        """Return where one pixel meets the ground, and its derivatives by the pixel, 2 x 2, and by BY, 2 x 10."""
        rays = self.rays(pixel[None])
        ground, along, falling = (found[0] for found in self._meeting(rays @ self.turn))
        ray, grade, way = rays[0], np.array(self.grade), rays[0] @ self.turn
        if not np.isfinite(ground).all():
            return ground, np.full((2, 2), np.nan), np.full((2, 10), np.nan)
        # of how far along: -high / falling, by the eye, by the way and by the grades
        by_eye = np.eye(2, 3) - np.outer(way[:2], np.array([-grade[0], -grade[1], 1.0])) / falling
        by_way = along * (np.eye(2, 3) - np.outer(way[:2], np.array([-grade[0], -grade[1], 1.0])) / falling)
        by_grade = np.outer(way[:2], ground) / falling
        by_turn = by_way @ self.turn.T @ crossing(ray)
        unbent = np.linalg.inv(bend(rays[:, :2], self.lens)[0])
        by_point = by_way @ self.turn.T[:, :2] @ unbent
        shift = (pixel - self.middle) / self.focal_px
        by_lens = np.column_stack([by_point @ -shift, by_point @ (-ray[:2] * float(ray[:2] @ ray[:2]))])
        return ground, by_point / self.focal_px, np.hstack([by_eye, by_turn, by_lens, by_grade])

    def by_spot_and_by_pose(self, spots: Floats) -> tuple[Floats, Floats, Floats]:
        """Return the pixels of places and their derivatives by the place, n x 2 x 3, and by BY less the grades."""
        seen = (spots - self.eye) @ self.turn.T
        points = ahead(seen)
        zero, over = np.zeros(len(seen)), 1 / seen[:, 2]
        flat = np.stack(
            [np.column_stack([over, zero, -points[:, 0] * over]), np.column_stack([zero, over, -points[:, 1] * over])],
            axis=1,
        )
        by_seen = self.focal_px * bend(points, self.lens) @ flat
        by_spot = by_seen @ self.turn
        by_turn = by_seen @ np.stack([-crossing(one) for one in seen])
        bent = distort(points, self.lens) * self.focal_px
        by_k1 = self.focal_px * points * np.square(points).sum(axis=1, keepdims=True)
        by_pose = np.concatenate([-by_spot, by_turn, bent[:, :, None], by_k1[:, :, None]], axis=2)
        return bent + self.middle, by_spot, by_pose


def ahead(seen: Floats) -> Floats:
    """Return points right, down, forward as normalised ones; NaN for what is not in front."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(seen[:, :2] / np.where(seen[:, 2:] > 1e-9, seen[:, 2:], np.nan))


def crossing(a: Floats) -> Floats:
    """Return the matrix that takes b to a × b."""
    return np.array([[0.0, -a[2], a[1]], [a[2], 0.0, -a[0]], [-a[1], a[0], 0.0]])


def turned(by: Floats) -> Floats:
    """Return the rotation about an axis by its length in radians (Rodrigues)."""
    angle = float(np.linalg.norm(by))
    if angle < 1e-12:
        return np.eye(3) + crossing(by)
    axis = crossing(by / angle)
    return np.asarray(np.eye(3) + math.sin(angle) * axis + (1 - math.cos(angle)) * axis @ axis)


def looking(heading: float, tilt: float, roll: float) -> Floats:
    """Return the rotation from east, north, up to right, down, forward; radians, tilt below the horizon."""
    forward = np.array([math.sin(heading) * math.cos(tilt), math.cos(heading) * math.cos(tilt), -math.sin(tilt)])
    right = np.array([math.cos(heading), -math.sin(heading), 0.0])
    upright = np.stack([right, np.cross(forward, right), forward])
    c, s = math.cos(roll), math.sin(roll)
    rolled: Floats = np.array([[c, s, 0], [-s, c, 0], [0, 0, 1]]) @ upright
    return rolled

"""Views of cameras as columns: where each eye is, what its picture holds of the ground, and how finely."""

from dataclasses import dataclass, fields, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
WIDE_DEG = 170.0  # beyond that a lens is no pinhole: its pixels lie evenly over the angle
BOUNDS = 4  # half planes: left, right, top and bottom of the picture
EVERYWHERE = (0.0, 0.0, 1.0)  # the half plane that holds all


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lenses:
    """What is known of n views, NaN where it is not.

    Degrees: `heading` clockwise from north, `tilt` below the horizon, `roll`, `hfov` across the picture; pixels.
    """

    heading_deg: Floats
    tilt_deg: Floats
    roll_deg: Floats
    hfov_deg: Floats
    width_px: Floats
    height_px: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Views:
    """What the sweep needs, a row a view; angles in radians counter-clockwise from east, metres of the projection.

    A place at r metres along the azimuth (cos, sin) is in the picture where r (A cos + B sin) + C >= 0 for each of
    `bounds`, n x 4 or more x 3. `axis`, n x 3, tells its depth in the same way; `focal_px` over that is its density.
    A wide lens has no axis (zero), and its density is `focal_px` over the distance. Where the ground is a metre higher
    than under the eye, each of both is greater by `rising` and `axis_rising`.
    """

    east_m: Floats
    north_m: Floats
    eye_m: Floats  # above the ground
    above_m: Floats  # of what is looked for, above the ground
    range_m: Floats
    begin: Floats  # the first azimuth
    span: Floats  # from the first to the last; NaN where the bounds alone tell
    bounds: Floats
    rising: Floats
    axis: Floats
    axis_rising: Floats
    focal_px: Floats
    over: Ints  # how many buildings the eye is over: a roof may be longer than the eye's range, and its end unmet

    @classmethod
    def of(
        cls, places_m: Floats, eye_m: Floats, range_m: Floats, lenses: Lenses, above_m: float, over: Ints | None = None
    ) -> Self:
        """Take eyes at `places_m`, n x 2, and their lenses; heading and hfov have to be known, the rest may be NaN."""
        wide = lenses.hfov_deg > WIDE_DEG
        begin, span = _around(lenses)
        bounds, axis, rising, axis_rising = _pictured(lenses, eye_m - above_m)
        bounds[wide], axis[wide], rising[wide], axis_rising[wide] = EVERYWHERE, 0.0, 0.0, 0.0
        return cls(
            east_m=places_m[:, 0].copy(),
            north_m=places_m[:, 1].copy(),
            eye_m=np.asarray(eye_m, np.float64),
            above_m=np.full(len(eye_m), above_m),
            range_m=np.asarray(range_m, np.float64),
            begin=begin,
            span=np.where(wide, span, np.nan),
            bounds=bounds,
            rising=rising,
            axis=axis,
            axis_rising=axis_rising,
            focal_px=_focal_px(lenses, wide),
            over=np.zeros(len(eye_m), np.int64) if over is None else over,
        )

    def __len__(self) -> int:
        """Return the number of views."""
        return len(self.eye_m)

    def __getitem__(self, rows: Any) -> "Views":
        """Return some of the views."""
        return Views(**{field.name: np.ascontiguousarray(getattr(self, field.name)[rows]) for field in fields(self)})

    def no_coarser(self, density_px_m: float) -> "Views":
        """Return views of what is seen with so many pixels to the metre or more: their rays end where that does.

        Where the size of the picture is not known they end as before.
        """
        known = ~np.isnan(self.focal_px)
        deepest = np.where(known, self.focal_px / density_px_m, 0.0)
        wide = ~self.axis.any(axis=1)
        cut = np.where((known & ~wide)[:, None], np.array([0.0, 0.0, 1.0]) * deepest[:, None] - self.axis, EVERYWHERE)
        cut_rising = np.where(known & ~wide, -self.axis_rising, 0.0)
        return replace(
            self,
            rising=np.ascontiguousarray(np.concatenate([self.rising, cut_rising[:, None]], axis=1)),
            bounds=np.ascontiguousarray(np.concatenate([self.bounds, cut[:, None, :]], axis=1)),
            range_m=np.where(known & wide, np.minimum(self.range_m, deepest), self.range_m),
        )


def _around(lenses: Lenses) -> tuple[Floats, Floats]:
    """Return the first azimuth and the span of views whose angle across is all that bounds them."""
    span = np.radians(np.minimum(lenses.hfov_deg, 360.0))
    return np.pi / 2 - np.radians(lenses.heading_deg) - span / 2, span


def _pictured(lenses: Lenses, fall_m: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Return the four half planes of the pictures and their axes, and how both rise with the ground.

    Without a tilt what is seen is bounded sideways only.

    A way to a place is (r cos, r sin, -fall); each side of the picture is a plane through the eye.
    """
    level = np.isnan(lenses.tilt_deg)
    right, down, forward = _axes(lenses, level)
    wide = np.tan(np.radians(np.minimum(lenses.hfov_deg, WIDE_DEG)) / 2)[:, None]
    tall = wide * np.nan_to_num(lenses.height_px / lenses.width_px, nan=9 / 16)[:, None]
    sides = [wide * forward - right, wide * forward + right, tall * forward - down, tall * forward + down]
    fall = np.where(level, 0.0, fall_m)[:, None]
    bounds, axis = np.stack([_over_ground(side, fall) for side in sides], axis=1), _over_ground(forward, fall)
    bounds[level, 2:] = EVERYWHERE
    rising = np.where(level[:, None], 0.0, np.column_stack([side[:, 2] for side in sides]))
    return np.ascontiguousarray(bounds), axis, np.ascontiguousarray(rising), np.where(level, 0.0, forward[:, 2])


def _over_ground(normal: Floats, fall_m: Floats) -> Floats:
    return np.column_stack([normal[:, :2], -normal[:, 2:] * fall_m])


def _axes(lenses: Lenses, level: NDArray[np.bool_]) -> tuple[Floats, Floats, Floats]:
    """Return right, down and forward of each view in east, north, up (as `layers.sight.sight.looking`)."""
    heading, tilt = np.radians(lenses.heading_deg), np.radians(np.where(level, 0.0, lenses.tilt_deg))
    roll = np.radians(np.where(level, 0.0, lenses.roll_deg))[:, None]
    forward = np.column_stack([np.sin(heading) * np.cos(tilt), np.cos(heading) * np.cos(tilt), -np.sin(tilt)])
    right = np.column_stack([np.cos(heading), -np.sin(heading), np.zeros(len(heading))])
    down = np.cross(forward, right)
    return np.cos(roll) * right + np.sin(roll) * down, np.cos(roll) * down - np.sin(roll) * right, forward


def _focal_px(lenses: Lenses, wide: NDArray[np.bool_]) -> Floats:
    """Return pixels a radian in the middle of the picture; NaN where the picture's size is not known."""
    angle = np.radians(lenses.hfov_deg)
    across = np.where(wide, angle, 2 * np.tan(np.minimum(angle, np.radians(WIDE_DEG)) / 2))
    return np.asarray(lenses.width_px / across, np.float64)

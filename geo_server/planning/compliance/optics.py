"""Where the middle of a picture, or of what is drawn in it, meets what is looked for, and how large that is there."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from layers.cameras.installed import Installed

Floats = NDArray[np.float64]
WIDEST_DEG = 170.0  # a lens beyond that is none that straight lines stay straight in
_LEVEL_DEG = 0.2  # a ray that falls less meets the ground nowhere in particular


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Optics:
    """How n cameras hang and see: metres, degrees, pixels, NaN where nobody knows.

    `row_px`, `left_px` and `right_px` bound what is drawn in their pictures, `line_px` are the ends of a line there:
    x, y, x, y. `watched_m` is how far over the ground what they watch is, where a register tells.
    """

    height_m: Floats
    heading_deg: Floats
    tilt_deg: Floats
    hfov_deg: Floats
    width_px: Floats
    height_px: Floats
    range_m: Floats
    row_px: Floats
    left_px: Floats
    right_px: Floats
    line_px: Floats
    watched_m: Floats

    @classmethod
    def of(cls, cameras: Sequence[Installed], watched_m: Floats) -> Self:
        """Take what the rows tell; where a camera moved or was turned, nobody knows where it looks."""
        drawn = np.array([_drawn(one.looking) for one in cameras], np.float64).reshape(-1, 7)
        lost = np.array([one.calibration == "broken" or one.turned for one in cameras], np.bool_)
        plain = {
            name: np.array([getattr(one, name) for one in cameras], np.float64)
            for name in ("height_m", "heading_deg", "tilt_deg", "hfov_deg", "width_px", "height_px", "range_m")
        }
        looks = {name: np.where(lost, np.nan, plain[name]) for name in ("heading_deg", "tilt_deg")}
        row, left, right = drawn[:, :3].T
        more = {"row_px": row, "left_px": left, "right_px": right, "line_px": drawn[:, 3:], "watched_m": watched_m}
        return cls(**plain | looks | more)

    @property
    def focal_px(self) -> Floats:
        """Return the focal length in pixels."""
        straight = np.where((self.hfov_deg > 0) & (self.hfov_deg <= WIDEST_DEG), self.hfov_deg, np.nan)
        focal: Floats = self.width_px / (2 * np.tan(np.radians(straight) / 2))
        return focal

    def aimed(self, above_m: float) -> "Aim":
        """Return where they look for what is `above_m` over the ground."""
        fall_m, focal = self.height_m - above_m, self.focal_px
        aside = np.where(np.isnan(self.row_px), 0.0, np.arctan((self.row_px - self.height_px / 2) / focal))
        down = np.radians(self.tilt_deg) + aside
        steep = np.where(np.abs(down) > np.radians(_LEVEL_DEG), np.tan(down), np.nan)
        told = ~np.isnan(self.watched_m)
        ground = np.where(told, self.watched_m, fall_m / steep)
        ground = np.where((ground > 0) & (told | (ground <= self.range_m)), ground, np.nan)
        down = np.where(told, np.arctan2(fall_m, self.watched_m), down)
        off_axis = np.where(np.isnan(self.tilt_deg), 0.0, down - np.radians(self.tilt_deg))
        depth = np.hypot(ground, fall_m) * np.cos(off_axis)
        return Aim(
            ground_m=ground,
            down_deg=np.where(np.isnan(ground), np.nan, np.degrees(down)),
            depth_m=np.where(depth > 0, depth, np.nan),  # what lies behind the lens is not in the picture
        )

    def zone_width_m(self) -> Floats:
        """Return how wide what is watched is: what is drawn, else all that the picture holds there."""
        drawn = self.right_px - self.left_px
        return self.aimed(0.0).depth_m * np.where(drawn > 0, drawn, self.width_px) / self.focal_px

    def line_aside_deg(self) -> Floats:
        """Return how far those who cross the drawn line at right angles pass aside of the way the camera looks."""
        ends = [self._on_ground(*self.line_px[:, 2 * end : 2 * end + 2].T) for end in (0, 1)]
        (right, away), (other_right, other_away) = ends
        return np.degrees(np.arctan2(np.abs(away - other_away), np.abs(right - other_right)))

    def _on_ground(self, x_px: Floats, y_px: Floats) -> tuple[Floats, Floats]:
        """Return metres to the right and away of the ground that a pixel shows."""
        focal, tilt = self.focal_px, np.radians(self.tilt_deg)
        below = np.arctan((y_px - self.height_px / 2) / focal)
        falls = np.where(tilt + below > np.radians(_LEVEL_DEG), tilt + below, np.nan)
        depth = self.height_m / np.sin(falls) * np.cos(below)
        return (x_px - self.width_px / 2) / focal * depth, self.height_m / np.tan(falls)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Aim:
    """Metres over the ground, degrees below the horizon, and metres along the lens's axis; NaN where there is none."""

    ground_m: Floats
    down_deg: Floats
    depth_m: Floats


_NOWHERE = (np.nan,) * 7


def _drawn(functions: Sequence[Any]) -> tuple[float, ...]:
    """Return the middle row, the left and right end of what functions watch, and the first line, in pixels."""
    if not functions:
        return _NOWHERE
    try:
        return _bounds([one.get("settings", {}) for one in functions])
    except (AttributeError, KeyError, TypeError, ValueError):  # a row that no door of ours wrote
        return _NOWHERE


def _bounds(told: Sequence[Any]) -> tuple[float, ...]:
    lines = [one["line"] for one in told if one.get("line")]
    spots = [spot for one in told for spot in (one.get("zone") or one.get("line") or ())]
    if not spots:
        return _NOWHERE
    across, rows = [float(x) for x, _ in spots], [float(y) for _, y in spots]
    line = [float(part) for end in lines[0] for part in end] if lines else [np.nan] * 4
    return (min(rows) + max(rows)) / 2, min(across), max(across), *line

"""From a camera's row to how it places its pixels; pure. What is wrong with a row is one sentence of GeolocateError."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import msgspec

from layers.sight.calibration import Calibration, by_points, by_pose
from layers.sight.control_points import ControlPoint, Known, from_points
from layers.sight.lens import Lens
from layers.sight.locator import RANGE_M, GeolocateError, Locator, Pose, from_pose
from layers.values import LonLat


@dataclass(frozen=True, slots=True, kw_only=True)
class Optics:
    """What a row says of how a camera, or one preset of it, sees: metres, degrees, pixels; None where it says nothing.

    `distortion` is k1, k2, p1, p2, k3, fewer are followed by noughts; `ground` its grades, metres up a metre;
    `hfov_found`: its points found the field of view, and find it again with all that they leave uncertain.
    """

    place: LonLat
    width_px: int | None
    height_px: int | None
    height_m: float | None = None
    heading_deg: float | None = None
    tilt_deg: float | None = None
    roll_deg: float = 0.0
    hfov_deg: float | None = None
    control_points: Sequence[dict[str, Any]] = field(default_factory=tuple)
    distortion: Sequence[float] | None = None
    ground: dict[str, float] | None = None
    range_m: float = RANGE_M
    hfov_found: bool = False


def locator_of(optics: Optics) -> Locator | None:
    """Return how a camera places its pixels: by control points, else by its pose; None where it has neither."""
    if not optics.width_px or not optics.height_px:
        return None
    known, pose = known_of(optics), pose_said(optics)
    if optics.control_points:
        return from_points(optics.place, points_of(optics.control_points), known)
    if pose is None:
        return None
    grade = known.grade or (0.0, 0.0)
    return from_pose(optics.place, pose, known.size_px, lens=known.lens, grade=grade, range_m=known.range_m)


def calibration_of(optics: Optics) -> Calibration | None:
    """Return the same with what each control point says of the others."""
    if not optics.width_px or not optics.height_px:
        return None
    known, pose = known_of(optics), pose_said(optics)
    if optics.control_points:
        return by_points(optics.place, points_of(optics.control_points), known)
    return None if pose is None else by_pose(optics.place, pose, known)


def points_of(rows: object) -> list[ControlPoint]:
    """Return control points as a row holds them; GeolocateError says what is wrong with them."""
    try:
        return msgspec.convert(rows, list[ControlPoint])
    except msgspec.ValidationError as error:
        raise GeolocateError("odd_number", f"The control points are not usable: {error}.") from None


def known_of(optics: Optics) -> Known:
    """Return what a row knows beforehand of what control points would find."""
    if not math.isfinite(optics.range_m) or optics.range_m <= 0:
        raise GeolocateError("range", "The camera's range is a number of metres above nought.")
    return Known(
        size_px=(optics.width_px or 0, optics.height_px or 0),
        hfov_deg=None if optics.hfov_found and optics.control_points else optics.hfov_deg,
        lens=None if optics.distortion is None else _lens(optics.distortion),
        grade=None if optics.ground is None else _grade(optics.ground),
        range_m=optics.range_m,
    )


def with_found(optics: Optics, found: Calibration) -> Optics:
    """Return what is to be stored of a calibration: the pose as found, and whether the field of view is only found."""
    known = known_of(optics).hfov_deg is not None
    return replace(optics, **asdict(found.pose), hfov_found=bool(optics.control_points) and not known)


def pose_said(optics: Optics) -> Pose | None:
    """Return a row's pose; None where it is not whole."""
    height_m, heading_deg = optics.height_m, optics.heading_deg
    tilt_deg, hfov_deg = optics.tilt_deg, optics.hfov_deg
    if height_m is None or heading_deg is None or tilt_deg is None or hfov_deg is None:
        return None
    return Pose(
        height_m=height_m, heading_deg=heading_deg, tilt_deg=tilt_deg, hfov_deg=hfov_deg, roll_deg=optics.roll_deg
    )


def _lens(distortion: Sequence[float]) -> Lens:
    if not len(distortion) <= 5:
        raise GeolocateError("lens", "The lens is five numbers: k1, k2, p1, p2, k3.")
    k1, k2, p1, p2, k3 = (*distortion, *(0.0,) * (5 - len(distortion)))
    return k1, k2, p1, p2, k3


def _grade(ground: dict[str, float]) -> tuple[float, float]:
    try:
        return float(ground["east_grade"]), float(ground["north_grade"])
    except (KeyError, TypeError, ValueError):
        raise GeolocateError(
            "ground", "The ground is two numbers: east_grade and north_grade, metres up a metre."
        ) from None

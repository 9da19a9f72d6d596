"""A camera's pose from control points: SQPNP, then weighted Gauss-Newton, whose normal matrix is the covariance."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from ingest.geolocate import GeolocateError, Locator
from ingest.ground import Floats, jacobian, meet_ground, ray, steps, to_metres
from layers.values import LonLat

LEAST_POINTS, LEAST_POINTS_WITHOUT_FIELD = 4, 6
CLICK_NOISE_PX, POINT_NOISE_M, POINT_NOISE_UP_M = 2.0, 0.3, 0.15


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlPoint:
    """A thing seen at pixel x, y whose place is known; elevation in metres above the ground at the camera."""

    x: float
    y: float
    lon: float
    lat: float
    elevation_m: float = 0.0


def from_points(
    origin: LonLat,
    points: Sequence[ControlPoint],
    size_px: tuple[int, int],
    hfov_deg: float | None,
    *,
    click_noise_px: float = CLICK_NOISE_PX,
    point_noise_m: tuple[float, float] = (POINT_NOISE_M, POINT_NOISE_UP_M),
) -> Locator:
    """Make a locator of control points: SQPNP, then weighted Gauss-Newton, whose normal matrix is the covariance.

    Four points or more; without a known field of view six or more, and the focal length is found too. Eight to twelve,
    spread over the picture, are what to ask for. GeolocateError for too few, a NaN, or points that fix no pose.
    """
    pixels, ground = _check_points(origin, points, size_px, hfov_deg)
    focal = size_px[0] / 2 / math.tan(math.radians(hfov_deg) / 2) if hfov_deg else None
    start = _first_guess(pixels, ground, size_px, focal)
    model = _Projection(size_px=size_px, focal=focal)
    parameters, covariance = _gauss_newton(model, start, pixels, ground, click_noise_px, point_noise_m)

    def solve(p: Floats, pixel: Floats) -> Floats:
        turn = cv2.Rodrigues(p[:3])[0]
        return meet_ground(turn, -turn.T @ p[3:6], ray(pixel, model.focal_of(p), size_px))

    return Locator(origin=origin, parameters=parameters, covariance=covariance, solve=solve, placed_by="control_points")


def residuals_m(
    origin: LonLat, points: Sequence[ControlPoint], size_px: tuple[int, int], hfov_deg: float | None
) -> list[float]:
    """Return, for each point on the ground, how far the pose of all the others puts it from its place."""
    apart = []
    for index, point in enumerate(points):
        others = [*points[:index], *points[index + 1 :]]
        locator = from_points(origin, others, size_px, hfov_deg)
        found = locator.solve(locator.parameters, np.array([point.x, point.y]))
        apart.append(float(np.hypot(*(found - to_metres(origin, LonLat(lon=point.lon, lat=point.lat))))))
    return apart


@dataclass(frozen=True, slots=True, kw_only=True)
class _Projection:
    """World to pixel with parameters rotation vector, translation and, where unknown, log focal length."""

    size_px: tuple[int, int]
    focal: float | None

    def focal_of(self, parameters: Floats) -> float:
        return self.focal if self.focal is not None else math.exp(parameters[6])

    def __call__(self, parameters: Floats, ground: Floats) -> Floats:
        seen = ground @ cv2.Rodrigues(parameters[:3])[0].T + parameters[3:6]
        pixels: Floats = seen[:, :2] / seen[:, 2:] * self.focal_of(parameters) + np.array(self.size_px) / 2
        return pixels


def _check_points(
    origin: LonLat, points: Sequence[ControlPoint], size_px: tuple[int, int], hfov_deg: float | None
) -> tuple[Floats, Floats]:
    least = LEAST_POINTS if hfov_deg else LEAST_POINTS_WITHOUT_FIELD
    if len(points) < least:
        known = "a known" if hfov_deg else "no known"
        raise GeolocateError(
            f"There are {len(points)} control points; a camera of {known} field of view needs {least}."
        )
    rows = np.array([[p.x, p.y, p.lon, p.lat, p.elevation_m] for p in points], np.float64)
    if not np.isfinite(rows).all() or min(size_px) <= 0 or (hfov_deg and not 0 < hfov_deg < 180):
        raise GeolocateError("The control points, the frame or the field of view hold a number that cannot be.")
    flat = [to_metres(origin, LonLat(lon=p.lon, lat=p.lat)) for p in points]
    return rows[:, :2].copy(), np.column_stack([np.array(flat), rows[:, 4]])


def _first_guess(pixels: Floats, ground: Floats, size_px: tuple[int, int], focal: float | None) -> Floats:
    """Solve the pose in closed form; where the focal length is unknown, for each of a range, and keep the best."""
    tried = [focal] if focal else list(size_px[0] * np.geomspace(0.4, 4.0, 25))
    best: tuple[float, Floats] | None = None
    for length in tried:
        parameters = _sqpnp(pixels, ground, size_px, length, keep_focal=focal is None)
        if parameters is None:
            continue
        off = float(np.square(_Projection(size_px=size_px, focal=focal)(parameters, ground) - pixels).sum())
        if math.isfinite(off) and (best is None or off < best[0]):
            best = off, parameters
    if best is None:
        raise GeolocateError("The control points fix no pose; spread them over the picture and off one line.")
    return best[1]


def _sqpnp(
    pixels: Floats, ground: Floats, size_px: tuple[int, int], focal: float, *, keep_focal: bool
) -> Floats | None:
    matrix = np.array([[focal, 0, size_px[0] / 2], [0, focal, size_px[1] / 2], [0, 0, 1]])
    try:
        solved, turn, shift = cv2.solvePnP(ground, pixels, matrix, None, flags=cv2.SOLVEPNP_SQPNP)
    except cv2.error:  # degenerate points: all on one line
        return None
    if not solved:
        return None
    return np.concatenate([turn.ravel(), shift.ravel(), [math.log(focal)] if keep_focal else []])


def _gauss_newton(
    model: _Projection, start: Floats, pixels: Floats, ground: Floats, click_px: float, noise_m: tuple[float, float]
) -> tuple[Floats, Floats]:
    """Refine a pose; a point weighs by its click noise and by what its error on the ground does in the picture."""
    parameters = start.copy()
    spread = np.diag([noise_m[0] ** 2, noise_m[0] ** 2, noise_m[1] ** 2])
    for _ in range(12):
        weights = _weights(model, parameters, ground, click_px, spread)
        by = jacobian(lambda p: model(p, ground).ravel(), parameters, steps(parameters)).reshape(len(ground), 2, -1)
        normal = np.einsum("nij,nik,nkl->jl", by, weights, by)
        if not np.isfinite(normal).all() or np.linalg.cond(normal) > 1e16:
            raise GeolocateError("The control points fix no pose; spread them over the picture and off one line.")
        off = pixels - model(parameters, ground)
        step = np.linalg.solve(normal, np.einsum("nij,nik,nk->j", by, weights, off))
        parameters = parameters + step
        if np.abs(step).max() < 1e-9:
            break
    return parameters, np.linalg.inv(normal) * _misfit(off, weights, len(parameters))


def _weights(model: _Projection, parameters: Floats, ground: Floats, click_px: float, spread: Floats) -> Floats:
    moved = [(model(parameters, ground + d) - model(parameters, ground - d)) / 0.02 for d in 0.01 * np.eye(3)]
    by_ground = np.stack(moved, axis=2)
    return np.asarray(np.linalg.inv(by_ground @ spread @ by_ground.transpose(0, 2, 1) + click_px**2 * np.eye(2)))


def _misfit(off: Floats, weights: Floats, parameters: int) -> float:
    """Return by how much the points fit worse than their noise allows; never less than one, so luck earns no trust."""
    freedom = off.size - parameters
    few = 1 + 1 / max(freedom, 1) ** 2  # measured: with four points the linear ellipse is a little small
    return few * max(1.0, float(np.einsum("nj,njk,nk->", off, weights, off)) / freedom) if freedom > 2 else few

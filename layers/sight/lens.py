"""A lens that bends straight lines: the model of Brown and Conrady as OpenCV counts it (k1, k2, p1, p2, k3); pure.

It takes normalised points, x right and y down of the optical axis at the distance one, n x 2.
"""

import numpy as np
from numpy.typing import NDArray

from layers.sight.ground import Floats

Bools = NDArray[np.bool_]
Lens = tuple[float, float, float, float, float]
STRAIGHT: Lens = (0.0, 0.0, 0.0, 0.0, 0.0)
ROUNDS, NEAR_ENOUGH = 30, 1e-9


def distort(points: Floats, lens: Lens) -> Floats:
    """Return where a lens puts points."""
    k1, k2, p1, p2, k3 = lens
    x, y = points[:, 0], points[:, 1]
    r2 = x * x + y * y
    radial = 1 + r2 * (k1 + r2 * (k2 + r2 * k3))
    across = x * radial + 2 * p1 * x * y + p2 * (r2 + 2 * x * x)
    down = y * radial + p1 * (r2 + 2 * y * y) + 2 * p2 * x * y
    return np.column_stack([across, down])


def bend(points: Floats, lens: Lens) -> Floats:
    """Return the derivatives of `distort` at points, n x 2 x 2."""
    k1, k2, p1, p2, k3 = lens
    x, y = points[:, 0], points[:, 1]
    r2 = x * x + y * y
    radial, slope = 1 + r2 * (k1 + r2 * (k2 + r2 * k3)), 2 * (k1 + r2 * (2 * k2 + 3 * k3 * r2))
    mixed = slope * x * y + 2 * (p1 * x + p2 * y)
    across = np.column_stack([radial + slope * x * x + 2 * p1 * y + 6 * p2 * x, mixed])
    down = np.column_stack([mixed, radial + slope * y * y + 6 * p1 * y + 2 * p2 * x])
    return np.stack([across, down], axis=1)


def undistort(points: Floats, lens: Lens) -> Floats:
    """Return the points that a lens puts where these are; NaN where it puts none, as beyond the edge of its model.

    Newton's steps from the middle outwards, so that of two answers the one within the fold is found.
    """
    if lens == STRAIGHT:
        return points
    found = points.astype(np.float64, copy=True)
    with np.errstate(all="ignore"):
        for _ in range(ROUNDS):
            off = distort(found, lens) - points
            if np.abs(off).max(initial=0.0) < NEAR_ENOUGH:
                return _unfolded(found, lens)
            found = found - _solved(bend(found, lens), off)
        found[np.abs(distort(found, lens) - points).max(axis=1) > NEAR_ENOUGH] = np.nan
    return _unfolded(found, lens)


def _solved(by: Floats, off: Floats) -> Floats:
    """Return by⁻¹ off for each point; a singular one gives what is not finite rather than an error."""
    a, b, c, d = by[:, 0, 0], by[:, 0, 1], by[:, 1, 0], by[:, 1, 1]
    step = np.column_stack([d * off[:, 0] - b * off[:, 1], a * off[:, 1] - c * off[:, 0]])
    return np.asarray(step / (a * d - b * c)[:, None])


def _unfolded(points: Floats, lens: Lens) -> Floats:
    points[folded(points, lens)] = np.nan
    return points


def folded(points: Floats, lens: Lens) -> Bools:
    """Say of each point whether the lens model has turned back before it: there it shows what no lens shows."""
    if lens == STRAIGHT:
        return np.zeros(len(points), np.bool_)
    along = np.linspace(0.1, 1.0, 10)[:, None, None] * points
    by = bend(along.reshape(-1, 2), lens)
    grown = (by[:, 0, 0] * by[:, 1, 1] - by[:, 0, 1] * by[:, 1, 0]).reshape(10, -1) > 0
    return np.asarray(~grown.all(axis=0))

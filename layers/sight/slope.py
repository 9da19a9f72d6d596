"""The slope of the ground, from control points that know how high they lie; pure."""

import numpy as np

from layers.sight.ground import Floats

LEAST, STANDS_OUT_M = 4, 1.0  # points with an elevation; how far one lies from the plane that is no ground, as a sign
ROUNDS = 5


def grade_of(flat: Floats, up_m: Floats, noise_m: float) -> tuple[Floats, Floats] | None:
    """Return the grades east and north of the plane through the camera's foot, and their covariance.

    None where fewer than four points know their elevation (NaN: unknown), or they do not spread in two directions.
    A point that stands out of the ground is left out, unless that leaves too few.
    """
    held = np.isfinite(up_m)
    for _ in range(ROUNDS):
        if held.sum() < LEAST:
            return None
        normal = flat[held].T @ flat[held]
        if np.linalg.cond(normal) > 1e4:
            return None
        grade = np.linalg.solve(normal, flat[held].T @ up_m[held])
        off = np.abs(up_m - flat @ grade)
        worst = np.where(held, off, 0.0).argmax()
        if off[worst] < STANDS_OUT_M:
            break
        held[worst] = False
    spread = max(noise_m**2, float(np.square(off[held]).sum()) / max(held.sum() - 2, 1))
    return np.asarray(grade, np.float64), np.asarray(np.linalg.inv(normal) * spread, np.float64)

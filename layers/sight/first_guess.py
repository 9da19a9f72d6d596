"""A first guess of a sight from control points, in closed form: a homography of their plane, or DLT where they have
none; and, should those mislead, a camera at its own foot that looks at their middle. Fitting takes it from there."""

import math
from collections.abc import Iterator

import numpy as np

from layers.sight.ground import Floats
from layers.sight.lens import Lens, undistort
from layers.sight.sight import Sight, looking

HEIGHTS_M = (4.0, 8.0, 16.0, 40.0)  # from a doorway to a mast on a roof
FLAT = 0.02  # points are a plane where they stand out of one by less than this share of their spread


def guesses(pixels: Floats, spots: Floats, size_px: tuple[int, int], focal_px: float, lens: Lens) -> Iterator[Sight]:
    """Return sights that might be the one that sees the spots at the pixels; each keeps the focal length and lens."""
    empty = Sight(eye=np.zeros(3), turn=np.eye(3), focal_px=focal_px, size_px=size_px, lens=lens)
    points = undistort((pixels - empty.middle) / focal_px, lens)
    held = np.isfinite(points).all(axis=1)
    if held.sum() >= 4:
        for eye, turn in (*_of_plane(points[held], spots[held]), *_of_space(points[held], spots[held])):
            yield Sight(eye=eye, turn=turn, focal_px=focal_px, size_px=size_px, lens=lens)
    for eye, turn in _at_the_foot(np.nanmean(points, axis=0) if held.any() else np.zeros(2), spots):
        yield Sight(eye=eye, turn=turn, focal_px=focal_px, size_px=size_px, lens=lens)


def _of_plane(points: Floats, spots: Floats) -> Iterator[tuple[Floats, Floats]]:
    """Take the spots as a plane: H = [r1 r2 t] up to scale, whose sign puts the spots in front."""
    middle = spots.mean(axis=0)
    across = np.linalg.svd(spots - middle, full_matrices=False)[2]
    if np.linalg.det(across) < 0:
        across = across * np.array([[1.0], [1.0], [-1.0]])
    inside = (spots - middle) @ across[:2].T
    h = _homography(inside, points)
    scale = (np.linalg.norm(h[:, 0]) + np.linalg.norm(h[:, 1])) / 2
    if not math.isfinite(scale) or scale < 1e-12:
        return
    h = h / (scale * (np.sign(h[2, 2]) or 1.0))
    turn = _orthogonal(np.column_stack([h[:, 0], h[:, 1], np.cross(h[:, 0], h[:, 1])])) @ across
    yield middle - turn.T @ h[:, 2], turn


def _homography(plane: Floats, points: Floats) -> Floats:
    size, (x, y) = np.abs(plane).max() or 1.0, points.T
    s, t = (plane / size).T
    one, none = np.ones(len(s)), np.zeros(len(s))
    rows = np.vstack(
        [
            np.column_stack([s, t, one, none, none, none, -x * s, -x * t, -x]),
            np.column_stack([none, none, none, s, t, one, -y * s, -y * t, -y]),
        ]
    )
    h = _least(rows).reshape(3, 3)
    return np.asarray(h @ np.diag([1 / size, 1 / size, 1.0]))


def _of_space(points: Floats, spots: Floats) -> Iterator[tuple[Floats, Floats]]:
    """Take six spots or more that are no plane: P = [R t] up to scale (DLT)."""
    middle = spots.mean(axis=0)
    spread = np.linalg.svd(spots - middle, compute_uv=False)
    if len(spots) < 6 or spread[2] < FLAT * spread[0]:
        return
    size = spread[0]
    world = np.column_stack([(spots - middle) / size, np.ones(len(spots))])
    none = np.zeros_like(world)
    x, y = points[:, :1], points[:, 1:]
    rows = np.vstack([np.hstack([world, none, -x * world]), np.hstack([none, world, -y * world])])
    p = _least(rows).reshape(3, 4)
    p = p * (np.sign(np.linalg.det(p[:, :3])) or 1.0)
    turn, scale = _orthogonal(p[:, :3]), np.linalg.svd(p[:, :3])[1].mean()
    if scale > 1e-12:
        yield middle - size * turn.T @ p[:, 3] / scale, turn


def _least(rows: Floats) -> Floats:
    """Return the unit vector that the rows take nearest to nought; of many rows no square of them is made."""
    return np.asarray(np.linalg.svd(rows, full_matrices=len(rows) < rows.shape[1])[2][-1])


def _orthogonal(matrix: Floats) -> Floats:
    """Return the rotation nearest to a matrix."""
    left, _, right = np.linalg.svd(matrix)
    return np.asarray(left @ np.diag([1.0, 1.0, np.linalg.det(left @ right)]) @ right)


def _at_the_foot(point: Floats, spots: Floats) -> Iterator[tuple[Floats, Floats]]:
    east, north, up = spots.mean(axis=0)
    heading = math.atan2(east, north) - math.atan(point[0])
    for height in HEIGHTS_M:
        tilt = math.atan2(height - up, math.hypot(east, north)) - math.atan(point[1])
        yield np.array([0.0, 0.0, height]), looking(heading, tilt, 0.0)

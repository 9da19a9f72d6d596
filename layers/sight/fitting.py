"""A sight fitted to control points: weighted Gauss-Newton, damped, whose normal matrix is the covariance.

A point weighs by the noise of its click and by what its error on the ground does in the picture.
"""

from dataclasses import dataclass

import numpy as np

from layers.sight.ground import Floats
from layers.sight.sight import BY, K1, Sight

MOST_ROUNDS, SETTLED = 60, 1e-8
NO_POSE = "The control points fix no pose; spread them over the picture and off one line."


class Unfit(ValueError):
    """The points fit no sight; by its code and in one sentence."""

    def __init__(self, code: str = "no_pose", sentence: str = NO_POSE) -> None:
        """Say that they fix none, where nothing else is said."""
        self.code = code
        super().__init__(sentence)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Noise:
    """One sigma of a click in pixels, of a point on the ground in metres along it and up, and of k1 among lenses."""

    click_px: float = 2.0
    ground_m: float = 0.3
    up_m: float = 0.15
    k1: float = 0.2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fit:
    """A sight, its covariance in the order of BY, its weighted squares over degrees of freedom, and how unlikely it is.

    The last, a log-likelihood, compares sights: one that stands among its points weighs them lightly.
    """

    sight: Sight
    covariance: Floats
    squares: float
    freedom: int
    unlikely: float


def fit(start: Sight, pixels: Floats, spots: Floats, free: tuple[str, ...], noise: Noise) -> Fit:
    """Refine a sight by what is `free` of BY. Unfit where the points do not fix it or it runs away."""
    columns = [BY.index(name) for name in free]
    sight, damping = start, 1e-3
    off, weights, by = _looked_at(sight, pixels, spots, columns, noise)
    squares = _squares(off, weights) + _strain(sight, noise)
    for _ in range(MOST_ROUNDS):
        held, pulled = _held(sight, columns, noise)
        normal = np.einsum("nij,nik,nkl->jl", by, weights, by) + held
        pull = np.einsum("nij,nik,nk->j", by, weights, off) + pulled
        step = _step(normal, pull, damping)
        moved = sight.moved(_spread(step, columns))
        try:
            there = _looked_at(moved, pixels, spots, columns, noise)
        except Unfit:
            damping *= 10
            continue
        fits = _squares(there[0], weights) + _strain(
            moved, noise
        )  # weighed alike, or a step that only doubts its points would seem good
        if fits > squares * (1 + 1e-9) + 1e-12:
            damping *= 10
            if damping > 1e12:
                break
            continue
        sight, (off, weights, by), damping = moved, there, max(damping / 10, 1e-12)
        squares = _squares(off, weights) + _strain(sight, noise)
        if np.abs(step).max() < SETTLED:
            break
    return _settled(sight, off, weights, by, columns, noise)


def _looked_at(
    sight: Sight, pixels: Floats, spots: Floats, columns: list[int], noise: Noise
) -> tuple[Floats, Floats, Floats]:
    """Return how far off the points are seen, what each weighs, and the derivatives by what is free."""
    seen, by_spot, by_pose = sight.by_spot_and_by_pose(spots)
    if not (np.isfinite(seen).all() and np.isfinite(by_pose).all()):
        raise Unfit()
    spread = np.diag([noise.ground_m**2, noise.ground_m**2, noise.up_m**2])
    cloud = by_spot @ spread @ by_spot.transpose(0, 2, 1) + noise.click_px**2 * np.eye(2)
    return pixels - seen, np.asarray(np.linalg.inv(cloud), np.float64), by_pose[:, :, columns]


def _squares(off: Floats, weights: Floats) -> float:
    return float(np.einsum("nj,njk,nk->", off, weights, off))


def _step(normal: Floats, pull: Floats, damping: float) -> Floats:
    try:
        return np.asarray(np.linalg.solve(normal + damping * np.diag(np.diag(normal)), pull))
    except np.linalg.LinAlgError:
        raise Unfit() from None


def _spread(step: Floats, columns: list[int]) -> Floats:
    by = np.zeros(len(BY))
    by[columns] = step
    return by


def _strain(sight: Sight, noise: Noise) -> float:
    """Return how unlikely the lens is by itself: most bend little."""
    return (sight.lens[0] / noise.k1) ** 2


def _held(sight: Sight, columns: list[int], noise: Noise) -> tuple[Floats, Floats]:
    """Return what that adds to the normal matrix and to the pull, where k1 is free."""
    which = np.array([column == K1 for column in columns], np.float64) / noise.k1**2
    return np.diag(which), -which * sight.lens[0]


def _settled(sight: Sight, off: Floats, weights: Floats, by: Floats, columns: list[int], noise: Noise) -> Fit:
    normal = np.einsum("nij,nik,nkl->jl", by, weights, by) + _held(sight, columns, noise)[0]
    scale = 1 / np.sqrt(np.maximum(np.diag(normal), 1e-300))  # metres, radians and logarithms beside each other
    if not np.isfinite(normal).all() or np.linalg.cond(normal * np.outer(scale, scale)) > 1e12:
        raise Unfit()
    squares, freedom = _squares(off, weights), off.size - len(columns)
    covariance = np.zeros((len(BY), len(BY)))
    covariance[np.ix_(columns, columns)] = np.linalg.inv(normal) * _misfit(squares, freedom)
    unlikely = squares + _strain(sight, noise) - float(np.log(np.linalg.det(weights)).sum())
    return Fit(sight=sight, covariance=covariance, squares=squares, freedom=freedom, unlikely=unlikely)


def _misfit(squares: float, freedom: int) -> float:
    """Return by how much the points fit worse than their noise allows; never less than one, so luck earns no trust."""
    few = 1 + 1 / max(freedom, 1) ** 2  # measured: with four points the linear ellipse is a little small
    return few * max(1.0, squares / freedom) if freedom > 2 else few

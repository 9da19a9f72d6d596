"""How far people stand from each other, metres: on the ground where the camera knows it, else by their own height."""

from collections.abc import Callable, Sequence

import numpy as np
from scipy.sparse.csgraph import connected_components

from ingest.values import Placed, Point, Track
from layers.sight.ground import Floats, to_metres

PERSON_M = 1.7  # a person's box is about so tall

Place = Callable[[Point], Placed]


def knows(placed: Placed) -> bool:
    """Say whether a place is one on the ground, not merely that of the camera."""
    return placed.placed_by in ("camera", "control_points")


def spacing_m(people: Sequence[Track], place: Place) -> Floats:
    """Return the distance of each from each."""
    placed = [place(one.foot) for one in people]
    if all(map(knows, placed)):
        spots = np.array([to_metres(placed[0].place, one.place) for one in placed])
        return np.asarray(np.linalg.norm(spots[:, None] - spots[None], axis=2))
    return _by_height(people)


def _by_height(people: Sequence[Track]) -> Floats:
    feet = np.array([one.foot for one in people])
    tall = np.array([one.box[3] - one.box[1] for one in people])
    apart_px = np.linalg.norm(feet[:, None] - feet[None], axis=2)
    return np.asarray(apart_px / np.maximum((tall[:, None] + tall[None]) / 2, 1.0) * PERSON_M)


def groups(people: Sequence[Track], place: Place, radius_m: float) -> list[list[Track]]:
    """Return the people by groups, in each of which everybody stands within `radius_m` of another."""
    if not people:
        return []
    count, labels = connected_components(spacing_m(people, place) <= radius_m, directed=False)
    return [[one for one, label in zip(people, labels, strict=True) if label == group] for group in range(count)]

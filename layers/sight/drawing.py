"""What a calibration looks like: the horizon and rings over the picture, and on the map what the camera sees; pure.

Lines come in pieces, each wholly within the picture.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from layers.sight.ground import Floats, from_metres
from layers.sight.lens import Bools
from layers.sight.locator import Locator, pose_of
from layers.sight.sight import Sight
from layers.values import LonLat

STEPS, COLUMNS, HALVINGS = 720, 41, 24
Line = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """Everything as far from the camera as this: pieces in pixels, and the same pieces as lon, lat."""

    distance_m: float
    pixels: tuple[Line, ...]
    places: tuple[Line, ...]


def horizon(sight: Sight) -> tuple[Line, ...]:
    """Return where the plane of the ground ends in the picture, in pixels."""
    ways = _around()
    up = ways @ np.array(sight.grade)
    pixels = sight.pointing_at(np.column_stack([ways, up]))
    return tuple(_line(pixels[run]) for run in _runs(_inside(sight, pixels) & _unfolded(sight, pixels, ways)))


def ring(locator: Locator, distance_m: float) -> Ring:
    """Return what of a circle around the camera is in its picture."""
    sight, spots = locator.sight, _around() * distance_m
    pixels = sight.seen_at(np.column_stack([spots, spots @ np.array(sight.grade)]))
    with np.errstate(invalid="ignore"):
        back = np.hypot(*(sight.ground_of(pixels) - spots).T) < 0.01 * distance_m
    runs = list(_runs(_inside(sight, pixels) & back))
    return Ring(
        distance_m=distance_m,
        pixels=tuple(_line(pixels[run]) for run in runs),
        places=tuple(_places(locator.origin, spots[run]) for run in runs),
    )


def certainty_m(locator: Locator, distance_m: float) -> float | None:
    """Return the longer half of the 95 % ellipse of what stands so far straight ahead; None where it is not placed."""
    heading = math.radians(pose_of(locator.sight).heading_deg)
    ahead = distance_m * np.array([math.sin(heading), math.cos(heading)])
    pixels = locator.sight.seen_at(np.array([[*ahead, ahead @ np.array(locator.sight.grade)]]))
    if not _inside(locator.sight, pixels)[0]:
        return None
    placed = locator.place((float(pixels[0, 0]), float(pixels[0, 1])))
    return None if placed.placed_by == "camera_position" else placed.ellipse.major_m


def field_of_view(locator: Locator) -> Line:
    """Return the ground within the camera's range that its picture shows, as a closed ring of lon, lat; () for none."""
    sight = locator.sight
    width, height = sight.size_px
    across = np.linspace(0, width, COLUMNS)
    near = sight.ground_of(np.column_stack([across, np.full(COLUMNS, height)]))
    held = _within(near, locator.range_m)
    if held.sum() < 2:
        return ()
    far = _furthest(locator, across[held])
    ground = np.vstack([near[held], far[::-1], near[held][:1]])
    return _places(locator.origin, ground)


def _furthest(locator: Locator, across: Floats) -> Floats:
    """Return the furthest ground within the range above each column, by halving between the top and the bottom."""
    sight = locator.sight
    bad, good = np.zeros(len(across)), np.full(len(across), float(sight.size_px[1]))
    top = _within(sight.ground_of(np.column_stack([across, bad])), locator.range_m)
    good[top] = 0.0
    for _ in range(HALVINGS):
        middle = (bad + good) / 2
        holds = _within(sight.ground_of(np.column_stack([across, middle])), locator.range_m)
        good, bad = np.where(holds, middle, good), np.where(holds, bad, middle)
    return sight.ground_of(np.column_stack([across, good]))


def _within(ground: Floats, range_m: float) -> Bools:
    with np.errstate(invalid="ignore"):
        return np.asarray(np.hypot(*ground.T) <= range_m)


def _around() -> Floats:
    headings = np.linspace(0, 2 * np.pi, STEPS, endpoint=False)
    return np.column_stack([np.sin(headings), np.cos(headings)])


def _inside(sight: Sight, pixels: Floats) -> Bools:
    with np.errstate(invalid="ignore"):
        return np.asarray(((pixels >= 0) & (pixels <= np.array(sight.size_px))).all(axis=1))


def _unfolded(sight: Sight, pixels: Floats, ways: Floats) -> Bools:
    """Say which pixels really show their way, and not what a lens model folds over it."""
    back = sight.rays(pixels) @ sight.turn
    with np.errstate(invalid="ignore"):
        ahead = (back[:, :2] * ways).sum(axis=1) / np.linalg.norm(back, axis=1)
        return np.asarray(ahead > 0.8)


def _runs(held: Bools) -> Iterator[NDArray[np.intp]]:
    """Yield the indices of each unbroken run of two or more, where the last is followed by the first."""
    if held.all():
        yield np.append(np.arange(len(held)), 0)
        return
    start = int(np.argmin(held))  # one that is not held, so that no run is cut in two
    order = np.roll(np.arange(len(held)), -start)
    breaks = np.flatnonzero(np.diff(held[order].astype(np.int8))) + 1
    for run in np.split(order, breaks):
        if held[run[0]] and len(run) > 1:
            yield run


def _line(pixels: Floats) -> Line:
    return tuple((round(float(x), 1), round(float(y), 1)) for x, y in pixels)


def _places(origin: LonLat, ground: Floats) -> Line:
    places = (from_metres(origin, spot) for spot in ground)
    return tuple((round(place.lon, 7), round(place.lat, 7)) for place in places)

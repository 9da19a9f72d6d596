"""What a view sees by exact geometry: its picture less every building and what it hides; the kernel's oracle."""

import math
from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from geo_server.planning.viewsheds.views import Views

Floats = NDArray[np.float64]
SPIRE = 1e4  # how many times as far a wall hides that is as high as the eye


def pictured(one: Views) -> BaseGeometry:
    """Return what a single pinhole view has in its picture within its range, by cutting half planes off a disc."""
    found: BaseGeometry = shapely.Point(0, 0).buffer(float(one.range_m[0]), quad_segs=720)
    for a, b, c in one.bounds[0]:
        found = found.intersection(_half_plane(a, b, c, 2 * float(one.range_m[0])))
    return shapely.transform(found, lambda xy: xy + np.array([one.east_m[0], one.north_m[0]]))


def exactly(one: Views, buildings: Sequence[tuple[BaseGeometry, float]]) -> BaseGeometry:
    """Return what a view sees of the ground: its picture less every building and what it hides."""
    eye = np.array([one.east_m[0], one.north_m[0]])
    seen: BaseGeometry = pictured(one)
    for outline, top in buildings:
        seen = seen.difference(_hidden(eye, outline, _over(one, top)))
    return seen


def _over(one: Views, top: float) -> float:
    eye, above = float(one.eye_m[0]), float(one.above_m[0])
    return SPIRE if top >= eye else max(1.0, (eye - above) / (eye - top))


def _hidden(eye: Floats, outline: BaseGeometry, over: float) -> BaseGeometry:
    parts = shapely.get_parts(outline)
    shadows = [_shadow(eye, ring, over) for part in parts for ring in shapely.get_rings(part)]
    return shapely.union_all([outline, *shadows])


def _shadow(eye: Floats, ring: BaseGeometry, over: float) -> BaseGeometry:
    """Return what the walls of a ring hide: the strip of each side from itself to as far as it hides."""
    corners = shapely.get_coordinates(ring)
    begin, end = corners[:-1], corners[1:]
    strips = np.stack([begin, end, eye + (end - eye) * over, eye + (begin - eye) * over], axis=1)
    return shapely.union_all(shapely.make_valid(shapely.polygons(strips)))


def _half_plane(a: float, b: float, c: float, size: float) -> Polygon:
    """Return the part with a x + b y + c >= 0 of a big square."""
    length = math.hypot(a, b)
    if length < 1e-12:
        return shapely.box(-size, -size, size, size) if c >= 0 else Polygon()
    inward, along = np.array([a, b]) / length, np.array([-b, a]) / length
    foot, size = -c / length * inward, size + 2 * abs(c) / length
    corners = [foot - size * along, foot + size * along, foot + size * (along + inward), foot + size * (inward - along)]
    return Polygon(corners)

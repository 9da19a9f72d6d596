"""Scenes of buildings and views, and what is exactly seen in them by shapely: footprints and their shadows cut off."""

import math
from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from geo_server.planning.viewsheds.views import Lenses, Views
from geo_server.planning.viewsheds.walls import Walls

Floats = NDArray[np.float64]
SPIRE = 1e4  # how many times as far a wall hides that is as high as the eye


def lenses(**known: float | list[float]) -> Lenses:
    """Return lenses of a Full HD camera that looks north, level and 60 degrees wide, but for what is told."""
    usual: dict[str, float | list[float]] = {
        "heading_deg": 0.0, "tilt_deg": math.nan, "roll_deg": 0.0, "hfov_deg": 60.0, "width_px": 1920.0,
        "height_px": 1080.0,
    }  # fmt: skip
    columns = np.broadcast_arrays(*(np.atleast_1d(np.asarray(one, np.float64)) for one in (usual | known).values()))
    return Lenses(**dict(zip(usual, (one.copy() for one in columns), strict=True)))


def views(
    eye_m: float = 6.0, range_m: float = 100.0, above_m: float = 0.0, at: tuple[float, float] = (0, 0), **known: float
) -> Views:
    """Return one view."""
    return Views.of(np.array([at], np.float64), np.array([eye_m]), np.array([range_m]), lenses(**known), above_m)


def walls(*buildings: tuple[BaseGeometry, float]) -> Walls:
    """Return buildings of outline and height as walls."""
    outlines = np.array([outline for outline, _ in buildings], dtype=object)
    return Walls.of(outlines, np.array([top for _, top in buildings], np.float64))


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

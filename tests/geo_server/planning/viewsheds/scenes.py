"""Scenes of buildings and views."""

import math

import numpy as np
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo_server.planning.viewsheds.views import Lenses, Views
from geo_server.planning.viewsheds.walls import Walls

Floats = NDArray[np.float64]


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

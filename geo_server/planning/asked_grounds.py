"""A ground that somebody asks about: its corners, and what may be reckoned at once; values that travel."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from geo_server.planning.ground import Ground
from geo_server.planning.poses import Cut

CELLS_M = (2.0, 4.0, 8.0)  # the finest that keeps the work within bounds
MOST_CELLS = 2**20
MOST_CAMERAS = 2000
MOST_MEASURED_KM2 = 9.0  # of which also shares and gaps are told
Sides = tuple[float, float, float, float]  # west, south, east, north in metres


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedGround:
    """A polygon by its corners, longitude and latitude, and how what is seen of it is cut.

    Its shares and the gaps of a purpose are told where that purpose is asked for.
    """

    corners: Sequence[tuple[float, float]]
    cut: Cut
    purpose: str | None = None


class TooLarge(Exception):
    """A ground beyond what is reckoned at once: how many square kilometres its box has, and how many it may have."""

    def __init__(self, km2: float, most_km2: float) -> None:
        """Keep both."""
        self.km2, self.most_km2 = km2, most_km2
        super().__init__(f"{km2:.1f} km2 of {most_km2:.1f}")


class NoGround(Exception):
    """Corners that enclose nothing, or whose border crosses itself."""


def shape_of(asked: AskedGround) -> shapely.Polygon:
    """Return the polygon in degrees; NoGround where the corners enclose none, TooLarge where it is."""
    shape = shapely.Polygon(asked.corners)
    if not shape.is_valid or shape.area == 0:
        raise NoGround
    west, south, east, north = framed(grid_of(shape), shape)[0]
    km2 = (east - west) * (north - south) / 1e6
    if asked.purpose is not None and km2 > MOST_MEASURED_KM2:
        raise TooLarge(km2, MOST_MEASURED_KM2)
    return shape


def framed(grid: Ground, shape: shapely.Polygon) -> tuple[Sides, float]:
    """Return the sides of the box about a shape, and the size of its cells, metres; TooLarge where none is enough."""
    west, south, east, north = shapely.bounds(grid.in_metres(np.array([shape], dtype=object))[0]).tolist()
    area_m2 = (east - west) * (north - south)
    cell_m = next((one for one in CELLS_M if area_m2 <= MOST_CELLS * one**2), None)
    if cell_m is None:
        raise TooLarge(area_m2 / 1e6, MOST_CELLS * CELLS_M[-1] ** 2 / 1e6)
    return (west, south, east, north), cell_m


def grid_of(shape: shapely.Polygon) -> Ground:
    """Return the zone of its middle."""
    middle = shape.envelope.centroid
    return Ground.around(middle.x, middle.y)

"""A metre grid chosen by place: the UTM zone, with where its north is off the true one."""

from dataclasses import dataclass
from functools import cache
from typing import Self

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]
ZONE_DEG, SOUTH = 6, 100
MOST_LAT = 84.0  # beyond that UTM ends


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A zone by its EPSG code: 32643 is Almaty's."""

    epsg: int

    @classmethod
    def around(cls, lon: float, lat: float) -> Self:
        """Return the zone of a place in degrees WGS 84; ValueError for what is no place, or too near a pole."""
        if not (-180 <= lon <= 180 and abs(lat) <= MOST_LAT):
            raise ValueError(f"There is no metre grid at longitude {lon:g}, latitude {lat:g}.")
        zone = min(60, int((lon + 180) // ZONE_DEG) + 1)
        return cls(epsg=32600 + zone + (SOUTH if lat < 0 else 0))

    def metres(self, lon: Floats, lat: Floats) -> Floats:
        """Return places as metres east and north, n x 2."""
        return np.column_stack(_to(self.epsg).transform(lon, lat))

    def degrees(self, places_m: Floats) -> Floats:
        """Return places of metres as longitude and latitude, n x 2."""
        return np.column_stack(_from(self.epsg).transform(places_m[:, 0], places_m[:, 1]))

    def in_metres(self, shapes: NDArray[np.object_]) -> NDArray[np.object_]:
        """Return shapes of longitude and latitude in metres."""
        return _carried(shapes, _to(self.epsg))

    def in_degrees(self, shapes: NDArray[np.object_]) -> NDArray[np.object_]:
        """Return shapes of metres as longitude and latitude, WGS 84."""
        return _carried(shapes, _from(self.epsg))

    def from_grid_north(self, lon: Floats, lat: Floats, heading_deg: Floats) -> Floats:
        """Return headings from the true north as such from the grid's: up to two degrees lie between them."""
        if not len(lon):
            return heading_deg
        factors = _projection(self.epsg).get_factors(lon, lat)
        return np.asarray(heading_deg - np.asarray(factors.meridian_convergence), np.float64)


def _carried(shapes: NDArray[np.object_], way: pyproj.Transformer) -> NDArray[np.object_]:
    found: NDArray[np.object_] = shapely.transform(
        shapes, lambda xy: np.column_stack(way.transform(xy[:, 0], xy[:, 1]))
    )
    return found


@cache
def _to(epsg: int) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(4326, epsg, always_xy=True)


@cache
def _from(epsg: int) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(epsg, 4326, always_xy=True)


@cache
def _projection(epsg: int) -> pyproj.Proj:
    return pyproj.Proj(epsg)

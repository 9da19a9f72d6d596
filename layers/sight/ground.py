"""The ground around a camera in metres east and north of its foot, and the ellipses of errors on it; pure."""

import math

import numpy as np
from numpy.typing import NDArray

from layers.values import Ellipse, LonLat

Floats = NDArray[np.float64]
CHI2_95 = 5.991  # 95 % of a two-dimensional normal distribution lies within this squared distance


def ellipse_95(covariance: Floats) -> Ellipse | None:
    """Return the 95 % ellipse of a covariance in metres east, north; None where it is no finite covariance."""
    if not np.isfinite(covariance).all():
        return None
    sizes, axes = np.linalg.eigh(covariance)
    minor_m, major_m = np.sqrt(np.maximum(sizes, 0.0) * CHI2_95)
    bearing = math.degrees(math.atan2(axes[0, 1], axes[1, 1])) % 180
    return Ellipse(major_m=float(major_m), minor_m=float(minor_m), bearing_deg=bearing)


def _metres_a_degree(lat: float) -> tuple[float, float]:
    """Return metres a degree of longitude and of latitude on the WGS 84 ellipsoid."""
    a, e2, phi = 6378137.0, 0.00669437999014, math.radians(lat)
    w = math.sqrt(1 - e2 * math.sin(phi) ** 2)
    return math.radians(1) * a * math.cos(phi) / w, math.radians(1) * a * (1 - e2) / w**3


def to_metres(origin: LonLat, place: LonLat) -> Floats:
    """Return a place as metres east and north of the origin; true to a centimetre within a kilometre."""
    east, north = _metres_a_degree(origin.lat)
    return np.array([(place.lon - origin.lon) * east, (place.lat - origin.lat) * north])


def from_metres(origin: LonLat, ground: Floats) -> LonLat:
    """Return the place that lies so many metres east and north of the origin."""
    east, north = _metres_a_degree(origin.lat)
    return LonLat(lon=origin.lon + float(ground[0]) / east, lat=origin.lat + float(ground[1]) / north)

"""The loud fallback: distance over the ground times a detour, for where no road can be asked."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo_server.routing.router import Reached, Stands
from layers.values import LonLat

EARTH_RADIUS_M = 6_371_008.8  # IUGG mean radius
DETOUR = 1.35  # road length over straight length in gridded cities; an estimate, and flagged as one
SPEED_KMH = 35.0


def distances_m(place: LonLat, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return great-circle distances in metres from `place` to points in degrees WGS 84 (haversine)."""
    phi, phi0 = np.radians(lat), np.radians(place.lat)
    half = np.sin((phi - phi0) / 2) ** 2
    half += np.cos(phi) * np.cos(phi0) * np.sin(np.radians(lon - place.lon) / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.minimum(half, 1.0))), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class StraightLine:
    """Ranks units as the crow flies and says so in every answer."""

    name: str = "straight line"
    straight: bool = True

    def times(self, place: LonLat, units: Stands, k: int) -> list[tuple[int, float]]:
        """Return the same without lines; see `Router.times`."""
        return [(way.unit_id, way.seconds) for way in self.reach(place, units, k)]

    def reach(self, place: LonLat, units: Stands, k: int) -> list[Reached]:
        """Return the `k` nearest units as the crow flies, with an estimated time; see `Router.reach`."""
        away = distances_m(place, units.lon, units.lat)
        return [_reached(place, units, int(i), float(away[i])) for i in np.argsort(away, kind="stable")[:k]]


def _reached(place: LonLat, units: Stands, i: int, away_m: float) -> Reached:
    metres = away_m * DETOUR
    path = ((float(units.lon[i]), float(units.lat[i])), (place.lon, place.lat))
    return Reached(unit_id=int(units.ids[i]), seconds=metres / SPEED_KMH * 3.6, metres=metres, path=path, straight=True)

"""The nearest thing to hang a camera on that is to look into a gap; metres of the place's zone, never degrees."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from geo_server.planning.ground import Ground
from layers.gaps.hanging import Holder
from layers.values import LonLat


@dataclass(frozen=True, slots=True, kw_only=True)
class Hang:
    """A pole, or the corner of a building, degrees WGS 84, and how far it is from the place asked about."""

    kind: str
    name: str | None
    place: LonLat
    away_m: float


def nearest(places: Sequence[LonLat], holders: Iterable[Holder]) -> Mapping[int, Hang]:
    """Return the nearest of each place's holders by the place's number."""
    found: dict[int, Hang] = {}
    for one in holders:
        hang = _hang(places[one.of], one)
        if one.of not in found or hang.away_m < found[one.of].away_m:
            found[one.of] = hang
    return found


def _hang(place: LonLat, holder: Holder) -> Hang:
    grid = Ground.around(place.lon, place.lat)
    corners = shapely.get_coordinates(shapely.from_wkb(holder.wkb))
    places = np.vstack([corners, [[place.lon, place.lat]]])
    *those, here = grid.metres(places[:, 0], places[:, 1])
    away_m = np.hypot(*(np.array(those) - here).T)
    first = int(np.argmin(away_m))
    at = LonLat(lon=float(corners[first, 0]), lat=float(corners[first, 1]))
    return Hang(kind=holder.kind, name=holder.name, place=at, away_m=round(float(away_m[first]), 1))

"""What stands around a place that a plan reacts to: a school, a hospital, a hazard site, a tunnel, water."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from geo_server.operations.content import Near
from layers.asking import Reading
from layers.buildings import queries as buildings
from layers.landcover import queries as landcover
from layers.near import OfKind
from layers.places import queries as places
from layers.values import LonLat, Title

# What layers call it, by layer: OSM's values where the importer keeps them.
_PLACES = {"school": Near.SCHOOL, "kindergarten": Near.SCHOOL, "hospital": Near.HOSPITAL, "tunnel": Near.TUNNEL}
_PLACES |= {"fuel": Near.HAZARD_SITE}
_BUILDINGS = dict.fromkeys(("school", "kindergarten"), Near.SCHOOL) | {"hospital": Near.HOSPITAL}
_BUILDINGS |= dict.fromkeys(("industrial", "storage_tank", "gasometer", "silo"), Near.HAZARD_SITE)
_LANDCOVER = {"water": Near.WATER, "industrial": Near.HAZARD_SITE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearest:
    """The nearest one of its sort: how far, metres over the ground, and what it is called, where it has a name."""

    distance_m: float
    name: Title | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """The nearest of each sort within the radius that was looked at."""

    near: Mapping[Near, Nearest] = field(default_factory=dict)


NOTHING_NEAR = Surroundings()
REMEMBERED_S, SPOTS_REMEMBERED = 60.0, 5_000
_Spot = tuple[str | None, LonLat, float]  # the name of a store, a place in it, how far around, metres
_remembered: dict[_Spot, tuple[float, Surroundings]] = {}  # until when by the machine's own clock


def asked_around(place: LonLat, radius_m: float, *, store: str | None) -> Reading[Surroundings]:
    """Return the reading of what stands within `radius_m` metres of a place: places, buildings and land cover.

    Of a place that was looked at within a minute, in the store of that name, nothing is asked: only an import changes
    it, and the plan of one incident is made five times in its first seconds.
    """
    if radius_m <= 0:
        return Reading(lambda: NOTHING_NEAR, ())
    spot = store, place, radius_m
    known = _remembered.get(spot)
    if known is not None and known[0] > time.monotonic():
        return Reading(lambda: known[1], ())
    parts = (
        (_PLACES, places.asked_near(place, _PLACES, radius_m=radius_m)),
        (_BUILDINGS, buildings.asked_near(place, _BUILDINGS, radius_m=radius_m)),
        (_LANDCOVER, landcover.asked_near(place, _LANDCOVER, radius_m=radius_m)),
    )

    def read(*rows: Sequence[Any]) -> Surroundings:
        found = zip(parts, rows, strict=True)
        around = nearest(one for (sorts, part), told in found for one in _as(sorts, part.read(told)))
        _remember(spot, around)
        return around

    return Reading(read, tuple(asked for _, part in parts for asked in part.asked))


def _remember(spot: _Spot, around: Surroundings) -> None:
    _remembered.pop(spot, None)  # what was looked at last stands at the end
    _remembered[spot] = time.monotonic() + REMEMBERED_S, around
    while len(_remembered) > SPOTS_REMEMBERED:
        del _remembered[next(iter(_remembered))]


def nearest(found: Iterable[tuple[Near, Nearest]]) -> Surroundings:
    """Keep the nearest of each sort; of two as near the one that has a name."""
    best: dict[Near, Nearest] = {}
    for sort, one in sorted(found, key=lambda pair: (pair[1].distance_m, pair[1].name is None)):
        best.setdefault(sort, one)
    return Surroundings(near=best)


def _as(sorts: Mapping[str, Near], found: Iterable[OfKind]) -> list[tuple[Near, Nearest]]:
    return [(sorts[one.kind], Nearest(distance_m=one.distance_m, name=one.name)) for one in found]

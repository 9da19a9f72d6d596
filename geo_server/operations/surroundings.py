"""What stands around a place that a plan reacts to: a school, a hospital, a hazard site, a tunnel, water."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

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


def asked_around(place: LonLat, radius_m: float) -> Reading[Surroundings]:
    """Return the reading of what stands within `radius_m` metres of a place: places, buildings and land cover."""
    if radius_m <= 0:
        return Reading(lambda: NOTHING_NEAR, ())
    parts = (
        (_PLACES, places.asked_near(place, _PLACES, radius_m=radius_m)),
        (_BUILDINGS, buildings.asked_near(place, _BUILDINGS, radius_m=radius_m)),
        (_LANDCOVER, landcover.asked_near(place, _LANDCOVER, radius_m=radius_m)),
    )
    return Reading(
        lambda *rows: nearest(
            one for (sorts, part), found in zip(parts, rows, strict=True) for one in _as(sorts, part.read(found))
        ),
        tuple(asked for _, part in parts for asked in part.asked),
    )


def nearest(found: Iterable[tuple[Near, Nearest]]) -> Surroundings:
    """Keep the nearest of each sort; of two as near the one that has a name."""
    best: dict[Near, Nearest] = {}
    for sort, one in sorted(found, key=lambda pair: (pair[1].distance_m, pair[1].name is None)):
        best.setdefault(sort, one)
    return Surroundings(near=best)


def _as(sorts: Mapping[str, Near], found: Iterable[OfKind]) -> list[tuple[Near, Nearest]]:
    return [(sorts[one.kind], Nearest(distance_m=one.distance_m, name=one.name)) for one in found]

"""Stations, hospitals, schools and hydrants of the demo city: spread evenly, named in three languages."""

import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ingest.city.made.blocks import Building, common_name
from ingest.city.made.lattice import Lattice
from ingest.city.made.plan import MICRODISTRICTS, to_degrees
from ingest.city.made.streets import Streets, named
from layers.values import Title


@dataclass(frozen=True, slots=True, kw_only=True)
class Hydrant:
    """A hydrant beside the road, in metres."""

    x: float
    y: float
    tags: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    amenity: str
    building: str
    every_m: float
    levels: int
    phone: str
    title: Callable[[int, str, str, str], Title]


def _police(n: int, kk: str, ru: str, en: str) -> Title:
    return Title(
        kk=f"№ {n} полиция бөлімі ({kk})", ru=f"Отдел полиции № {n} ({ru})", en=f"Police Station No. {n} ({en})"
    )


def _fire(n: int, kk: str, ru: str, en: str) -> Title:
    return Title(
        kk=f"№ {n} өрт сөндіру бөлімі ({kk})", ru=f"Пожарная часть № {n} ({ru})", en=f"Fire Station No. {n} ({en})"
    )


def _hospital(n: int, kk: str, ru: str, en: str) -> Title:
    return Title(
        kk=f"№ {n} қалалық аурухана ({kk})", ru=f"Городская больница № {n} ({ru})", en=f"City Hospital No. {n} ({en})"
    )


def _school(n: int, kk: str, ru: str, en: str) -> Title:
    return Title(kk=f"№ {n} мектеп-гимназия", ru=f"Школа-гимназия № {n}", en=f"School No. {n}")


_KINDS = (
    _Kind(amenity="fire_station", building="fire_station", every_m=3_600, levels=2, phone="101", title=_fire),
    _Kind(amenity="police", building="government", every_m=2_900, levels=3, phone="102", title=_police),
    _Kind(amenity="hospital", building="hospital", every_m=2_500, levels=5, phone="103", title=_hospital),
    _Kind(amenity="school", building="school", every_m=1_150, levels=3, phone="", title=_school),
)


def settle(buildings: list[Building], seed: int) -> None:
    """Turn one large building in every part of the city into a station, hospital or school."""
    middles = np.array([b.corners.mean(axis=0) for b in buildings])
    sizes = np.array([_size_m2(b) for b in buildings])
    taken: set[int] = set()
    for kind in _KINDS:
        rng = random.Random(f"{seed}/{kind.amenity}")
        parts: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
        for k, (x, y) in enumerate(((middles - middles.min(axis=0)) // kind.every_m).astype(int).tolist()):
            if k not in taken and "addr:street" in buildings[k].tags and sizes[k] > 90:
                parts[x, y].append(k)
        for n, part in enumerate(sorted(parts), 1):
            largest = sorted(parts[part], key=lambda k: -float(sizes[k]))[:12]
            chosen = rng.choice(largest)
            taken.add(chosen)
            _become(buildings[chosen], kind, n)


def _become(building: Building, kind: _Kind, n: int) -> None:
    lon, lat = to_degrees(building.corners.mean(axis=0))
    kk, ru, en, _, _ = min(MICRODISTRICTS, key=lambda m: ((m[3] - lon) * 0.73) ** 2 + (m[4] - lat) ** 2)
    common_name(building, kind.title(n, kk, ru, en))
    building.tags.pop("height", None)
    building.tags |= {"building": kind.building, "amenity": kind.amenity, "building:levels": str(kind.levels)}
    if kind.phone:
        building.tags["phone"] = kind.phone


def _size_m2(building: Building) -> float:
    wide, deep = building.corners[1] - building.corners[0], building.corners[3] - building.corners[0]
    return float(np.hypot(*wide) * np.hypot(*deep))


def hydrants(lattice: Lattice, streets: Streets, seed: int) -> list[Hydrant]:
    """Return a hydrant at about every sixth crossing, on the pavement."""
    found = list[Hydrant]()
    for i, j in lattice.cells():
        has_street = any(edge in streets.edges for edge in (("we", i, j), ("ns", i, j)))
        if not has_street or random.Random(f"{seed}/hydrant/{i}/{j}").random() > 0.17:
            continue
        x, y = (lattice.xy[i, j] + (9, 9)).tolist()
        n = len(found) + 1
        title = Title(kk=f"№ {n} өрт гидранты", ru=f"Пожарный гидрант № {n}", en=f"Fire Hydrant No. {n}")
        found.append(Hydrant(x=x, y=y, tags={"emergency": "fire_hydrant", "ref": str(n), **named(title)}))
    return found

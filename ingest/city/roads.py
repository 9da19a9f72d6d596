"""What a way's tags and nodes say about driving: which ways are roads, which way along, how fast, where they split."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.city.tags import Tags

# Usual speed by class where no maxspeed is given, km/h; the keys are the classes that a car drives.
SPEED_KMH = {
    "motorway": 100.0,
    "motorway_link": 60.0,
    "trunk": 80.0,
    "trunk_link": 50.0,
    "primary": 60.0,
    "primary_link": 40.0,
    "secondary": 60.0,
    "secondary_link": 40.0,
    "tertiary": 50.0,
    "tertiary_link": 40.0,
    "unclassified": 40.0,
    "residential": 40.0,
    "living_street": 20.0,
    "service": 20.0,
    "track": 20.0,
    "road": 40.0,
}
# https://wiki.openstreetmap.org/wiki/Key:maxspeed: limits by name; Kazakhstan's from its traffic rules.
_ZONE_KMH = {
    "KZ:urban": 60.0,
    "KZ:rural": 90.0,
    "KZ:trunk": 110.0,
    "KZ:motorway": 140.0,
    "urban": 50.0,
    "rural": 90.0,
    "trunk": 100.0,
    "motorway": 120.0,
    "living_street": 20.0,
    "walk": 6.0,
    "none": 130.0,
}
_SPEED = re.compile(r"^(\d+(?:\.\d+)?)\s*(km/h|kmh|kph|mph|knots)?$")
_KMH = {None: 1.0, "km/h": 1.0, "kmh": 1.0, "kph": 1.0, "mph": 1.609344, "knots": 1.852}
_FASTEST_KMH = 200.0
_SHUT = ("no", "agricultural", "forestry")


@dataclass(frozen=True, slots=True, kw_only=True)
class Directions:
    """Whether a segment may be driven along its nodes, and against them."""

    forward: bool
    backward: bool


def why_not_driven(tags: Tags) -> str | None:
    """Return why a way with `highway` is no road for the graph; None where it is one.

    `access=private` stays in: a patrol or an ambulance may enter.
    """
    if tags["highway"] not in SPEED_KMH:
        return f"not for cars: highway={tags['highway']}"
    if tags.get("area") == "yes":
        return "an area, not a line"
    shut = tags.get("motor_vehicle") or tags.get("vehicle") or tags.get("access")
    return "closed to motor vehicles" if shut in _SHUT else None


def directions(tags: Tags) -> Directions:
    """Return the directions of travel: oneway, -1, roundabouts and motorways (OSM wiki, Key:oneway)."""
    oneway = tags.get("oneway")
    if oneway == "-1":
        return Directions(forward=False, backward=True)
    if oneway in ("yes", "true", "1"):
        return Directions(forward=True, backward=False)
    implied = tags.get("junction") in ("roundabout", "circular") or tags["highway"] in ("motorway", "motorway_link")
    return Directions(forward=True, backward=oneway == "no" or not implied)


def speed_kmh(tags: Tags) -> float:
    """Return the speed to reckon with: maxspeed, the slower of its two directions, or the usual one of the class."""
    given = (tags.get("maxspeed"), tags.get("maxspeed:forward"), tags.get("maxspeed:backward"))
    read = [speed for value in given if value and (speed := limit_kmh(value))]
    return min(read) if read else SPEED_KMH.get(tags["highway"], 40.0)


def limit_kmh(value: str) -> float | None:
    """Return a `maxspeed` in km/h: `60`, `30 mph`, `KZ:urban`, the least of `50;70`; None where it is not one."""
    limits = [_one_limit(part.strip()) for part in value.split(";")]
    known = [limit for limit in limits if limit is not None]
    return min(known) if known else None


def _one_limit(value: str) -> float | None:
    if match := _SPEED.match(value):
        limit = float(match[1]) * _KMH[match[2]]
        return limit if 0 < limit <= _FASTEST_KMH else None
    zone = value.rpartition(":")[2]
    if zone != value and zone.isdigit():  # DE:zone:30 and the like
        return _one_limit(zone)
    return _ZONE_KMH.get(value) or _ZONE_KMH.get(zone)


def split(nodes: Sequence[int], junctions: set[int]) -> Iterator[slice]:
    """Cut a way's nodes at its junctions; two neighbours share the node of the cut between them."""
    start = 0
    for i in range(1, len(nodes)):
        if i == len(nodes) - 1 or nodes[i] in junctions:
            yield slice(start, i + 1)
            start = i

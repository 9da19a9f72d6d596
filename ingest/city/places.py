"""What tags say about a station, a hospital, a school, a hydrant, and about what plans react to: fuel and tunnels."""

import math
from collections.abc import Sequence

import shapely

from ingest.city.tags import Tags, names
from layers.places.queries import NewPlace

_AMENITIES = ("police", "fire_station", "hospital", "school", "kindergarten", "fuel")
_TUNNEL_EVERY_M = 150.0  # so that whoever looks around a place within it or at its ends meets it
_M_PER_DEG = 111_195.0


def kind(tags: Tags) -> str | None:
    """Return police, fire_station, hospital, school, kindergarten, fuel or hydrant; None for something else."""
    if tags.get("emergency") == "fire_hydrant":
        return "hydrant"
    amenity = tags.get("amenity")
    return amenity if amenity in _AMENITIES else None


def read(tags: Tags, osm_id: int, geom: str) -> NewPlace | None:
    """Return the place at that point (WKB in hex), None where the tags name none that the map shows."""
    found = kind(tags)
    if found is None:
        return None
    phone = tags.get("phone") or tags.get("contact:phone")
    return NewPlace(osm_id=osm_id, kind=found, **names(tags), phone=phone, geom=geom)


def tunnel(tags: Tags, osm_id: int, line: Sequence[tuple[float, float]]) -> list[NewPlace]:
    """Return places along a road (lon, lat degrees) that runs through a tunnel, none where it does not."""
    if tags.get("tunnel") != "yes" or len(line) < 2:
        return []
    way = shapely.LineString(line)
    parts = max(1, math.ceil(way.length * _M_PER_DEG / _TUNNEL_EVERY_M))
    spots = [way.interpolate(part / parts, normalized=True) for part in range(parts + 1)]
    wkb = (shapely.to_wkb(spot, hex=True) for spot in spots)
    return [NewPlace(osm_id=osm_id, kind="tunnel", **names(tags), phone=None, geom=geom) for geom in wkb]

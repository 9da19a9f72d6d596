"""What tags say about a station, a hospital, a school or a hydrant."""

from ingest.city.tags import Tags, names
from layers.places.queries import NewPlace

_AMENITIES = ("police", "fire_station", "hospital", "school")


def kind(tags: Tags) -> str | None:
    """Return police, fire_station, hospital, school or hydrant; None where it is something else."""
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

"""What tags say about a building."""

from ingest.city.tags import Tags, length_m, names, number
from layers.buildings.queries import NewBuilding

_HIGHEST_M, _MOST_LEVELS = 1_000.0, 250.0  # beyond, somebody mistyped


def read(tags: Tags, osm_id: int, geom: str) -> NewBuilding | None:
    """Return the building of that outline (WKB in hex), None where the tags say that there is none."""
    kind = tags.get("building", "no")
    if kind == "no":
        return None
    height = length_m(tags.get("height") or tags.get("building:height"))
    levels = number(tags.get("building:levels"))
    return NewBuilding(
        osm_id=osm_id,
        kind=kind,
        **names(tags),
        height_m=height if height is not None and 0 < height <= _HIGHEST_M else None,
        levels=levels if levels is not None and 0 < levels <= _MOST_LEVELS else None,
        geom=geom,
    )

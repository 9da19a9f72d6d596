"""What tags say about water, green and the use of land; running water drawn as a line gets its width."""

from ingest.city.tags import Tags, length_m, names
from layers.landcover.queries import NewLandcover

_KINDS: dict[str, dict[str, str]] = {
    "natural": {"water": "water", "wetland": "green", "wood": "green", "scrub": "green", "grassland": "green"}
    | {"heath": "green", "tree_row": "green", "beach": "beach"},
    "waterway": {"riverbank": "water", "dock": "water"},
    "leisure": dict.fromkeys(("park", "garden", "golf_course", "nature_reserve", "pitch", "playground"), "green"),
    "landuse": {"reservoir": "water", "basin": "water", "retail": "commercial", "allotments": "green"}
    | dict.fromkeys(("forest", "grass", "meadow", "village_green", "recreation_ground", "cemetery"), "green")
    | {use: use for use in ("residential", "industrial", "commercial", "farmland", "military", "railway")},
}
_LINE_WIDTH_M = {"river": 12.0, "canal": 8.0, "stream": 3.0}
_WIDEST_M = 2_000.0


def kind(tags: Tags) -> str | None:
    """Return water, green, residential, industrial, commercial …; None where the map draws nothing for it."""
    return next((kinds[tags[key]] for key, kinds in _KINDS.items() if tags.get(key) in kinds), None)


def read(tags: Tags, osm_id: int, geom: str) -> NewLandcover | None:
    """Return the patch of that outline (WKB in hex), None where the map draws nothing for it."""
    found = kind(tags)
    return None if found is None else NewLandcover(osm_id=osm_id, kind=found, **names(tags), geom=geom)


def line_width_m(tags: Tags) -> float | None:
    """Return the width of running water that is drawn as a line; None where it is none, or runs under ground."""
    usual = _LINE_WIDTH_M.get(tags.get("waterway", ""))
    if usual is None or tags.get("tunnel", "no") != "no":
        return None
    given = length_m(tags.get("width"))
    return given if given is not None and 0 < given <= _WIDEST_M else usual

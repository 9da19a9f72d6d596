"""The classes of road that a car drives, as OpenStreetMap's `highway` names them; routers count by their index."""

CLASSES = (
    "motorway",
    "motorway_link",
    "trunk",
    "trunk_link",
    "primary",
    "primary_link",
    "secondary",
    "secondary_link",
    "tertiary",
    "tertiary_link",
    "unclassified",
    "residential",
    "living_street",
    "service",
    "track",
    "road",
)
_CODES = {name: code for code, name in enumerate(CLASSES)}


def code_of(name: str) -> int:
    """Return the index of a class; one that is not listed counts as `road`, OSM's word for an unknown one."""
    return _CODES.get(name, len(CLASSES) - 1)

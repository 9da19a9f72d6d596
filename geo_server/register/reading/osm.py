"""OpenStreetMap: what is tagged `man_made=surveillance` in an extract or in a file of XML."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import osmium
from osmium import filter as filters

from geo_server.register.reading.table import LAT, LON, Reading, Row, Unreadable

TAGS = (
    *("ref", "name", "name:kk", "name:ru", "name:en", "surveillance", "surveillance:type", "surveillance:zone"),
    *("camera:type", "camera:direction", "direction", "camera:angle", "camera:mount", "height", "operator", "model"),
    *("manufacturer", "start_date"),
)
COLUMNS = ("osm id", *TAGS, LON, LAT)
# What each is of the register: the heading says `surveillance:type`, and means no kind of ours.
MAPPING = {
    "osm id": "code",
    "name": "name",
    "name:kk": "name_kk",
    "name:ru": "name_ru",
    "name:en": "name_en",
    "camera:type": "kind",
    "camera:direction": "heading_deg",
    "camera:angle": "tilt_deg",
    "height": "height_m",
    "operator": "owner",
    "model": "model",
    "start_date": "installed_on",
    LON: "lon",
    LAT: "lat",
}
_CAMERAS = ("", "camera", "ALPR", "alpr")


def read(path: Path, suffix: str) -> Reading:
    """Begin to read; raises Unreadable. `suffix` says how it is packed, as osmium names it: `pbf` or `osm`."""
    reading = Reading(format="osm", columns=COLUMNS, rows=iter(()), whole=path.stat().st_size)
    reading.crs, reading.georeferenced = "EPSG:4326", True
    reading.rows = _rows(reading, path, suffix)
    return reading


def _rows(reading: Reading, path: Path, suffix: str) -> Iterator[Row]:
    found = 0
    try:
        file = osmium.io.File(str(path), suffix)
        tagged = filters.KeyFilter("man_made")
        for one in osmium.FileProcessor(file).with_locations().with_filter(tagged):
            if one.tags.get("man_made") == "surveillance":
                found += 1
                yield _row(found, one)
    except (RuntimeError, ValueError) as error:
        raise Unreadable("damaged", value=type(error).__name__) from None
    if not found:
        raise Unreadable("no_cameras")
    reading.at = reading.whole


def _row(line: int, one: Any) -> Row:
    kind = {"n": "node", "w": "way", "r": "relation"}[one.type_str()]
    place = _place(one)
    tags = {name: one.tags.get(name, "").strip().replace("\x00", "") for name in TAGS}
    if not tags["camera:direction"]:
        tags["camera:direction"] = tags["direction"]
    of = tags["surveillance:type"]
    wrong = ("not_a_camera", of) if of not in _CAMERAS else None if place else ("no_place", "")
    lon, lat = place or ("", "")
    return Row(line=line, cells=(f"OSM-{kind}-{one.id}", *(tags[name] for name in TAGS), lon, lat), wrong=wrong)


def _place(one: Any) -> tuple[str, str] | None:
    """Return where a node is, or the middle of a way's nodes."""
    places = [one.location] if one.is_node() else [node.location for node in one.nodes] if one.is_way() else []
    places = [place for place in places if place.valid()]
    if not places:
        return None
    return tuple(repr(sum(of) / len(places)) for of in ([p.lon for p in places], [p.lat for p in places]))  # type: ignore[return-value]

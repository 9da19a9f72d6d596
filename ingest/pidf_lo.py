"""PIDF-LO: a place as telephone networks say it in XML (RFC 4119, 5139, 5491, 7459), read without trusting it.

A document type is refused outright, and with it every entity, so nothing is expanded and nothing is fetched.
"""

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree.ElementTree import Element

from ingest.xml_tree import tree
from layers.calls.places import Located, PlacedBy
from layers.values import LonLat

LONGEST, DEEPEST = 64 * 2**10, 40
_GML, _SHAPES = "{http://www.opengis.net/gml}", "{http://www.opengis.net/pidflo/1.0}"
_CIVIC = "{urn:ietf:params:xml:ns:pidf:geopriv10:civicAddr}"
_CONFIDENCE = "{urn:ietf:params:xml:ns:geopriv:conf}confidence"
_TIMES = ("{urn:ietf:params:xml:ns:pidf}timestamp", "{urn:ietf:params:xml:ns:pidf:data-model}timestamp")
_REFERENCES = {"urn:ogc:def:crs:EPSG::4326", "urn:ogc:def:crs:EPSG::4979"}  # latitude first (RFC 5491, 5.1)
_METRE = "urn:ogc:def:uom:EPSG::9001"
_MOST_SURE_PCT = 95.0  # of a shape that does not say (RFC 5491, 5.2)
_M_PER_DEG = 111_195.08
# How far from its middle each shape reaches (RFC 5491, 5.2); a point reaches nowhere known.
_REACH = {
    f"{_GML}Point": None,
    f"{_SHAPES}Circle": "radius",
    f"{_SHAPES}Sphere": "radius",
    f"{_SHAPES}Ellipse": "semiMajorAxis",
    f"{_SHAPES}Ellipsoid": "semiMajorAxis",
    f"{_SHAPES}ArcBand": "outerRadius",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a document says: a place with its circle, an address, the name that people call the place."""

    located: Located | None
    address: str | None
    common_name: str | None


def read(text: str, at: datetime) -> Told:
    """Return what the document says; `at` (UTC) is when, where it does not say so itself.

    Raises ValueError where it is no PIDF-LO, has a document type, or tells nothing of a place.
    """
    root = tree(text, longest=LONGEST, deepest=DEEPEST)
    told = Told(located=_located(root, at), address=_address(root), common_name=_civic(root, "NAM", "LMK"))
    if told.located is None and told.address is None and told.common_name is None:
        raise ValueError("it tells of no place")
    return told


def _located(root: Element, at: datetime) -> Located | None:
    """Return the first shape: the one that comes first is the one to go by (RFC 5491, 3.4)."""
    for shape in root.iter():
        if shape.tag in _REACH:
            return _placed(root, at, *_middle(shape), _metres(shape, _REACH[shape.tag]))
        if shape.tag == f"{_GML}Polygon":
            return _placed(root, at, *_around(shape))
    return None


def _placed(root: Element, at: datetime, lat: float, lon: float, radius_m: float | None) -> Located:
    sure = root.find(f".//{_CONFIDENCE}")
    told = None if sure is None or not sure.text else sure.text.strip()
    pct = _MOST_SURE_PCT if told in (None, "unknown") else float(told or "nan")
    return Located(
        place=LonLat(lon=lon, lat=lat),
        by=PlacedBy.PIDF_LO,
        at=_time(root) or at,
        radius_m=radius_m,
        confidence_pct=None if radius_m is None else pct,
    )


def _time(root: Element) -> datetime | None:
    told = next((one.text for tag in _TIMES for one in root.iter(tag) if one.text), None)
    moment = None if told is None else datetime.fromisoformat(told.strip())
    return None if moment is None else (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def _middle(shape: Element) -> tuple[float, float]:
    if shape.get("srsName") not in _REFERENCES:
        raise ValueError("a reference system that is not taken")
    lat, lon = _numbers(shape.find(f"{_GML}pos"))[:2]
    return lat, lon


def _metres(shape: Element, name: str | None) -> float | None:
    if name is None:
        return None
    told = shape.find(f"{_SHAPES}{name}")
    if told is None or told.get("uom", _METRE) != _METRE:
        raise ValueError("a shape without its reach in metres")
    return _numbers(told)[0]


def _around(polygon: Element) -> tuple[float, float, float]:
    """Return the middle of a polygon's corners, and the radius in metres that holds them all."""
    if polygon.get("srsName") not in _REFERENCES:
        raise ValueError("a reference system that is not taken")
    wide = 3 if (polygon.get("srsName") or "").endswith("4979") else 2
    spots = [_numbers(one) for one in polygon.iter(f"{_GML}pos")]
    for listed in polygon.iter(f"{_GML}posList"):
        flat = _numbers(listed)
        spots += [flat[i : i + wide] for i in range(0, len(flat) - wide + 1, wide)]
    corners = [(one[0], one[1]) for one in spots[:-1] if len(one) >= 2]  # the last repeats the first
    if len(corners) < 3:
        raise ValueError("a polygon of fewer than three corners")
    lat, lon = (sum(one[axis] for one in corners) / len(corners) for axis in (0, 1))
    shrink = math.cos(math.radians(lat))
    return lat, lon, max(math.hypot(a - lat, (b - lon) * shrink) for a, b in corners) * _M_PER_DEG


def _numbers(element: Element | None) -> list[float]:
    told = [float(one) for one in (element.text or "").split()] if element is not None else []
    if not told or not all(map(math.isfinite, told)):
        raise ValueError("a shape without its numbers")
    return told


def _address(root: Element) -> str | None:
    """Return street and house as they are written here: `Абай даңғылы 10А` (RFC 5139, 3.4; A6 is RFC 4119)."""
    street = " ".join(filter(None, (_civic(root, name) for name in ("PRD", "RD", "STS", "POD")))) or _civic(root, "A6")
    house = "".join(filter(None, (_civic(root, name) for name in ("HNO", "HNS"))))
    return " ".join(filter(None, (street, house))) or None


def _civic(root: Element, *names: str) -> str | None:
    found = (one.text for name in names for one in root.iter(_CIVIC + name))
    return next((" ".join(text.split()) for text in found if text and text.strip()), None)

"""A place as PIDF-LO (RFC 4119, 5139, 5491): written for others, and read from them without trusting it."""

import math
from dataclasses import dataclass
from typing import NoReturn
from xml.etree.ElementTree import Element, SubElement, TreeBuilder, tostring
from xml.parsers.expat import ExpatError, ParserCreate

from layers.values import LonLat

_PIDF, _GEOPRIV = "urn:ietf:params:xml:ns:pidf", "urn:ietf:params:xml:ns:pidf:geopriv10"
_GML, _CIVIC = "http://www.opengis.net/gml", "urn:ietf:params:xml:ns:pidf:geopriv10:civicAddr"
_WGS_84 = frozenset({"urn:ogc:def:crs:EPSG::4326", "urn:ogc:def:crs:EPSG::4979"})  # latitude first (RFC 5491, 5.1)
_LONGEST = 64 * 2**10


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a document says of a place."""

    place: LonLat | None
    address: str | None


def written(place: LonLat, address: str | None, *, entity: str) -> str:
    """Return a document that tells a place, and its address as one line where there is one."""
    root = Element(f"{{{_PIDF}}}presence", {"entity": entity})
    status = SubElement(SubElement(root, f"{{{_PIDF}}}tuple", {"id": "place"}), f"{{{_PIDF}}}status")
    info = SubElement(SubElement(status, f"{{{_GEOPRIV}}}geopriv"), f"{{{_GEOPRIV}}}location-info")
    point = SubElement(info, f"{{{_GML}}}Point", {"srsName": "urn:ogc:def:crs:EPSG::4326"})
    SubElement(point, f"{{{_GML}}}pos").text = f"{place.lat:.7f} {place.lon:.7f}"
    if address:
        civic = SubElement(info, f"{{{_CIVIC}}}civicAddress")
        SubElement(civic, f"{{{_CIVIC}}}country").text = "KZ"
        SubElement(civic, f"{{{_CIVIC}}}LOC").text = address
    return tostring(root, encoding="unicode")


def read(text: str) -> Told:
    """Return the first place and the address that a document tells; ValueError where it cannot be read."""
    root = _tree(text)
    shape = next((one for one in root.iter() if one.tag.endswith("}pos")), None)
    srs = {one.get("srsName") for one in root.iter() if one.get("srsName")}
    if shape is not None and srs - _WGS_84:
        raise ValueError("a reference system that is not taken")
    told = {name: one.text for name in ("LOC", "RD", "STS", "HNO", "A3") for one in root.iter(f"{{{_CIVIC}}}{name}")}
    street = " ".join(part for part in (told.get("RD"), told.get("STS"), told.get("HNO")) if part)
    return Told(place=None if shape is None else _place(shape.text or ""), address=told.get("LOC") or street or None)


def _place(numbers: str) -> LonLat:
    lat, lon, *_ = (float(part) for part in numbers.split())
    if not (math.isfinite(lat) and math.isfinite(lon) and abs(lat) <= 90 and abs(lon) <= 180):
        raise ValueError("a place that is not on the globe")
    return LonLat(lon=lon, lat=lat)


def _tree(text: str) -> Element:
    if len(text) > _LONGEST:
        raise ValueError("longer than any such document")
    builder, parser = TreeBuilder(), ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, told: builder.start("{" + name if "}" in name else name, told)
    parser.EndElementHandler, parser.CharacterDataHandler = builder.end, builder.data
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = _refuse  # so nothing is expanded, nothing is fetched
    try:
        parser.Parse(text, True)
    except ExpatError as error:
        raise ValueError("no XML that can be read") from error
    return builder.close()


def _refuse(*_: object) -> NoReturn:
    raise ValueError("a document type is not taken")

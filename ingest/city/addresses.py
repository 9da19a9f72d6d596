"""What tags say about an address; the street's names in other languages come from the street itself."""

from collections.abc import Mapping
from dataclasses import dataclass

from ingest.city.tags import Tags
from layers.addresses.queries import NewAddress


@dataclass(frozen=True, slots=True, kw_only=True)
class StreetNames:
    """A street's name in each language that its ways give."""

    kk: str | None
    ru: str | None
    en: str | None


def read(tags: Tags, osm_id: int, geom: str, streets: Mapping[str, StreetNames]) -> NewAddress | str:
    """Return the address at that point (WKB in hex), or why there is none."""
    house = tags.get("addr:housenumber", "").strip()
    street = (tags.get("addr:street") or tags.get("addr:place") or "").strip()
    if not house or not street:
        return "a house number without a street" if house else "a street without a house number"
    known = streets.get(street)
    return NewAddress(
        osm_id=osm_id,
        street=street,
        street_kk=tags.get("addr:street:kk") or (known.kk if known else None),
        street_ru=tags.get("addr:street:ru") or (known.ru if known else None),
        street_en=tags.get("addr:street:en") or (known.en if known else None),
        house=house,
        common_name=tags.get("name"),
        postcode=tags.get("addr:postcode"),
        geom=geom,
    )

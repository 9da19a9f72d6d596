"""OpenStreetMap's tags as the importer reads them: names, numbers, lengths."""

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

Tags = Mapping[str, str]

_METRES = {"": 1.0, "m": 1.0, "metre": 1.0, "metres": 1.0, "meters": 1.0, "ft": 0.3048, "'": 0.3048}
_LENGTH = re.compile(r"^\s*(\d+(?:[.,]\d+)?)\s*(m|metres?|meters|ft|')?\s*(?:(\d+(?:\.\d+)?)\s*\")?\s*$")


class Tagged(Protocol):
    """What pyosmium gives: anything with tags."""

    tags: Iterable[Any]


def of(thing: Tagged) -> dict[str, str]:
    """Return the tags as a dict that outlives the object, which pyosmium takes back after each step."""
    return {tag.k: tag.v.replace("\x00", "") for tag in thing.tags}


def names(tags: Tags) -> dict[str, str | None]:
    """Return name, name_kk, name_ru and name_en; None where a tag is missing or blank."""
    return {
        key.replace(":", "_"): tags.get(key, "").strip() or None for key in ("name", "name:kk", "name:ru", "name:en")
    }


def length_m(value: str | None) -> float | None:
    """Return a length in metres from `12`, `12.5 m`, `40 ft` or `12'6"`; None where it says nothing of the kind."""
    match = _LENGTH.match(value or "")
    if not match:
        return None
    whole = float(match[1].replace(",", ".")) * _METRES[match[2] or ""]
    return whole + float(match[3] or 0) * 0.0254


def number(value: str | None) -> float | None:
    """Return the largest number of a list such as `5;6`; None where any part is none."""
    try:
        found = [float(part.replace(",", ".")) for part in (value or "").split(";")]
    except ValueError:
        return None
    return max(found) if all(math.isfinite(f) for f in found) else None

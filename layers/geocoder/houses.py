"""House numbers: with letter, fraction and corpus, as signs have them and as people type them."""

import re
from dataclasses import dataclass

from layers.geocoder.spelling import fold

_CORPUS = "korpusi|korpus|korp|kor|k|blok|bl|stroenie|str|sekia"
_MARK = r"(?<![a-z])(?:dom|d|ui|house|building)\.?\s*"
_HOUSE = re.compile(
    rf"(?P<mark>{_MARK})?(?<![a-z0-9/])(?P<number>\d{{1,5}})"
    rf"(?!\d)(?:(?:\s*[-/\\]\s*|\s?)(?P<letter>[a-z])(?![a-z0-9]|\.?\s*\d))?"  # 12а, 12-а, 12/а, 12 а
    rf"(?:\s*[-/\\]\s*(?P<part>\d{{1,4}})(?P<part_letter>[a-z](?![a-z0-9]))?(?!\d))?"  # 12/3
    rf"(?:[\s,-]*(?:{_CORPUS})\.?\s*-?\s*(?P<corpus>\d{{1,3}}|[a-z])(?![a-z0-9]))?"  # 12 к2, 12 корпус 2
    r"(?![a-z0-9])"
)
# What comes after the house leads nowhere on the map: flat, entrance, floor, the code of the door.
_WITHIN = "kvartira|kv|pater|flat|apt|podezd|pod|kireberis|entrance|etaj|kabat|floor|domofon|ofis|office"
_INSIDE = re.compile(rf"(?<![a-z0-9])(?:{_WITHIN})\.?\s*(?:no\.?\s*)?\d+[a-z]?(?![a-z0-9])|\d+-?\s*(?:pater|kabat)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbered:
    """A number that may be a house: its key, where in the text it stands, and whether «дом», «үй» said that it is."""

    key: str
    begins: int
    ends: int
    marked: bool


def without_inside(key: str) -> str:
    """Return the key (`spelling.fold`) without flat, entrance and floor."""
    return _INSIDE.sub(" ", key)


def houses_in(key: str) -> list[Numbered]:
    """Return what may be a house number in a key (`words.cardinal`), from left to right."""
    return [
        Numbered(key=_key(found), begins=found.start(), ends=found.end(), marked=bool(found["mark"]))
        for found in _HOUSE.finditer(key)
    ]


def house_key(text: str) -> str:
    """Return a house number's key: `12к2` for «12 корпус 2», `12/3` for «12-3»; letters and digits of what is none."""
    key = fold(text)
    found = _HOUSE.match(key.strip())
    return _key(found) if found and found.end() == len(key.strip()) else re.sub(r"[^a-z0-9/]", "", key)


def _key(found: re.Match[str]) -> str:
    part = f"/{int(found['part'])}{found['part_letter'] or ''}" if found["part"] else ""
    corpus = f"k{found['corpus']}" if found["corpus"] else ""
    return f"{int(found['number'])}{found['letter'] or ''}{part}{corpus}"

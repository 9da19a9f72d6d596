"""Why a gap weighs what it does, in words of three languages: `data/gap_reasons.json`. Pure."""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from layers.coverage.crowded import crowded
from layers.gaps.queries import Lying
from layers.values import Title

DATA = Path(__file__).parents[3] / "data"
MOST_NAMED = 2  # categories
LEAST = 0.05  # of an incident: less would be told as none


@cache
def _words() -> dict[str, Title]:
    return msgspec.json.decode((DATA / "gap_reasons.json").read_bytes(), type=dict[str, Title])


def reasons(gap: Lying, categories: Mapping[str, Title]) -> list[Title]:
    """Return its reasons, what weighs most first; `categories` are the titles of incidents' categories."""
    return [_say(name, **told) for name, told in _reasons(gap, categories)]


def _reasons(gap: Lying, categories: Mapping[str, Title]) -> Iterator[tuple[str, dict[str, Any]]]:
    expected = sum(gap.expected.values())
    if expected >= LEAST:
        yield "expected", {"n": f"{expected:.1f}"}
        often = sorted(gap.expected, key=lambda one: -gap.expected[one])[:MOST_NAMED]
        yield "mostly", {"names": [categories.get(one, Title(kk=one, ru=one, en=one)) for one in often]}
    if gap.schools:
        yield "schools", {"n": gap.schools}
    if gap.places:
        kinds = [crowded()[one] for one in gap.crowds if one in crowded()]
        articles = ", ".join(dict.fromkeys(one.article for one in kinds)) or "5"
        yield "places", {"n": gap.places, "article": articles, "names": [one.title for one in kinds]}
    for name in ("accidents", "incidents", "addresses"):
        if getattr(gap, name):
            yield name, {"n": getattr(gap, name)}
    if gap.streets_m >= 1:
        yield "streets", {"n": round(gap.streets_m)}


def _say(name: str, **told: Any) -> Title:
    words = _words()[name]
    return Title(**{each: _filled(getattr(words, each), each, told) for each in ("kk", "ru", "en")})


def _filled(words: str, language: str, told: Mapping[str, Any]) -> str:
    """Return words with their values; a decimal point is a comma in Kazakh and Russian."""
    plain = {key: str(one) for key, one in told.items() if key != "names"}
    if language != "en":
        plain = {key: one.replace(".", ",") if key == "n" else one for key, one in plain.items()}
    names = ", ".join(getattr(one, language) for one in told.get("names", ()))
    return words.format(names=names, **plain).rstrip(" ·")

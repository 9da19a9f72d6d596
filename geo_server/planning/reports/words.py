"""What reports say in the three languages (`data/reports.json`), and numbers as each writes them."""

import math
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path

import orjson

from geo_server.planning.reports.schema import Language
from geo_server.record.words import clock, title

__all__ = ["count", "moment", "number", "percent", "said", "say", "title"]
FILE = Path(__file__).parents[3] / "data" / "reports.json"
_THIN = "\N{NO-BREAK SPACE}"


@cache
def _own() -> Mapping[str, Mapping[str, str]]:
    read: dict[str, dict[str, str]] = orjson.loads(FILE.read_bytes())
    return read


def say(word: str, language: Language, **gaps: object) -> str:
    """Return a word of the reports, its gaps filled; KeyError where it has none of that name."""
    return _own()[word][language].format(**gaps)


def said(language: Language) -> Mapping[str, str]:
    """Return every word of a language, for a page."""
    return {name: told[language] for name, told in _own().items()}


def number(value: float, language: Language, digits: int = 0) -> str:
    """Return a number as the language writes it: `1 234,5` or `1,234.5`."""
    told = f"{value:,.{digits}f}"
    return told if language == "en" else told.replace(",", _THIN).replace(".", ",")


def count(word: str, n: float, language: Language) -> str:
    """Return how many there are of something, as an abbreviation or a word that does not change with the number."""
    return say(word, language, n=number(n, language))


def percent(part: float, whole: float) -> str:
    """Return whole percents, never rounded up; what is more than nothing is not told as nothing."""
    share = math.floor(100 * part / whole) if whole > 0 else 0
    return "< 1 %" if share == 0 and part > 0 else f"{share} %"


def moment(at: datetime | None) -> str:
    """Return a moment by the clock of the country, without its seconds; nothing where there is none."""
    return clock(at)[:16]

"""What notices say, and how long they wait: data/notices.json as frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import msgspec

from geo_server.notify.schema import Timer, Timers
from layers.values import LonLat, Title

FILE = Path(__file__).parents[2] / "data" / "notices.json"
FIELDS = frozenset({"number", "category", "address", "priority", "area", "call_sign", "alarm", "place"})
NOTHING = Title(kk="", ru="", en="")
MOST_LETTERS = 300  # of one field: an address somebody pasted a book into


class _Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    subject: dict[str, str]
    body: dict[str, str]
    short: dict[str, str]


class _Timer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    acknowledge_s: float
    keep_s: float


class _Panic(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    told: tuple[str, ...]


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    timers: dict[int, _Timer]
    panic: _Panic
    words: dict[str, _Words]
    no_address: dict[str, str]
    no_place: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The words of one notice in one language."""

    subject: str
    body: str
    short: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the words are filled from: of the incident or the panic, nothing of who called."""

    number: str = ""
    category: Title = NOTHING
    address: str | None = None
    priority: int = 4
    area: Title = NOTHING
    call_sign: str = ""
    alarm: int = 0
    place: LonLat | None = None


@cache
def _read(file: Path = FILE) -> _File:
    return msgspec.json.decode(file.read_bytes(), type=_File, strict=False)


@cache
def timers() -> Timers:
    """Return how long notices wait, by priority."""
    return {at: Timer(acknowledge_s=one.acknowledge_s, keep_s=one.keep_s) for at, one in _read().timers.items()}


def of_panic() -> tuple[str, ...]:
    """Return the roles that are told of a panic which no dispatcher acknowledges, all of them at once."""
    return _read().panic.told


def kinds() -> Mapping[str, _Words]:
    """Return the templates, by kind of notice."""
    return _read().words


def say(kind: str, language: str, facts: Facts) -> Said:
    """Return the words of a notice; what is filled in is one line each, and never longer than a line should be."""
    told = {
        "number": facts.number,
        "category": getattr(facts.category, language),
        "address": facts.address or _read().no_address[language],
        "priority": str(facts.priority),
        "area": getattr(facts.area, language),
        "call_sign": facts.call_sign,
        "alarm": str(facts.alarm),
        "place": _read().no_place[language] if facts.place is None else _on_the_globe(facts.place),
    }
    values = {name: _line(value) for name, value in told.items()}
    words = _read().words[kind]
    subject, body, short = (part[language].format_map(values) for part in (words.subject, words.body, words.short))
    return Said(subject=subject, body=body, short=short)


def _on_the_globe(place: LonLat) -> str:
    """Return a place as one says it on the radio, to the metre: latitude first."""
    ns, ew = "N" if place.lat >= 0 else "S", "E" if place.lon >= 0 else "W"
    return f"{abs(place.lat):.5f}° {ns}, {abs(place.lon):.5f}° {ew}"


def _line(text: str) -> str:
    """Return a value without breaks: in a subject one would begin a header of its own."""
    plain = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return plain if len(plain) <= MOST_LETTERS else f"{plain[: MOST_LETTERS - 1]}…"

"""What a cell says (pure): numbers with commas and units, degrees with minutes, dates, directions, words of choices."""

import math
import re
from datetime import date
from typing import Literal

FOOT_M = 0.3048
_NUMBER = re.compile(r"([-+−]?\d+(?:[.,]\d+)?(?:e[-+]?\d+)?)\s*([^\d]*)", re.IGNORECASE)
_THOUSANDS = re.compile(r"(?<=\d)[ \u00a0\u202f'](?=\d{3}(\D|$))")
_DMS = re.compile(
    r"""\s*([NSEWСЮВЗ])?\s*(-?\d{1,3})\s*[°º]\s*(?:(\d{1,2}(?:[.,]\d+)?)\s*['′’]\s*)?(?:(\d{1,2}(?:[.,]\d+)?)\s*(?:"|″|”|'')\s*)?"""
    r"""([NSEWСЮВЗ])?\s*""",
    re.IGNORECASE,
)
_FEET = re.compile(r"^(ft|feet|foot|фут\w*|фт|'|′)\.?$", re.IGNORECASE)
_SIZES = {
    "720p": (1280, 720),
    "1080p": (1920, 1080),
    "1440p": (2560, 1440),
    "2160p": (3840, 2160),
    "4k": (3840, 2160),
    "full hd": (1920, 1080),
    "fullhd": (1920, 1080),
    "hd": (1280, 720),
    "ultra hd": (3840, 2160),
}
_SIZE = re.compile(r"(\d{2,5})\s*[x×х*]\s*(\d{2,5})", re.IGNORECASE)
_WINDS = {
    "n": 0.0,
    "nne": 22.5,
    "ne": 45.0,
    "ene": 67.5,
    "e": 90.0,
    "ese": 112.5,
    "se": 135.0,
    "sse": 157.5,
    "s": 180.0,
    "ssw": 202.5,
    "sw": 225.0,
    "wsw": 247.5,
    "w": 270.0,
    "wnw": 292.5,
    "nw": 315.0,
    "nnw": 337.5,
    "с": 0.0,
    "св": 45.0,
    "в": 90.0,
    "юв": 135.0,
    "ю": 180.0,
    "юз": 225.0,
    "з": 270.0,
    "сз": 315.0,
    "север": 0.0,
    "восток": 90.0,
    "юг": 180.0,
    "запад": 270.0,
    "солтүстік": 0.0,
    "шығыс": 90.0,
    "оңтүстік": 180.0,
    "батыс": 270.0,
}
_CHOICES: dict[str, dict[str, tuple[str, ...]]] = {  # by how a word begins or what it holds
    "kind": {
        "ptz": ("ptz", "pan", "поворот", "бұрыл", "айнал", "speed", "купольная поворотная"),
        "fixed": (
            "fix",
            "стац",
            "стат",
            "бекіт",
            "тұрақты",
            "bullet",
            "dome",
            "купол",
            "цилиндр",
            "неподвиж",
            "күмбез",
        ),
        "drone": ("drone", "дрон", "бпла"),
        "body": ("body", "нагруд", "персональн"),
    },
    "owner_kind": {
        "private": ("private", "част", "жеке", "негосударств", "мемлекеттік емес"),
        "state": ("state", "гос", "мемлекет", "коммун", "public", "municipal"),
    },
    "modules": {
        "person": ("person", "people", "человек", "люд", "адам", "тұлға", "персон", "лиц"),
        "plate": ("plate", "anpr", "alpr", "lpr", "номер", "нөмір", "грнз", "грз"),
        "situation": ("situation", "ситуац", "обзор", "жағдай", "ахуал", "шолу"),
    },
    "watches": {
        "road": ("road", "дорог", "жол"),
        "barrier": ("barrier", "шлагбаум", "тосқауыл"),
        "passage": ("passage", "проход", "өткел", "өту"),
        "flow": ("flow", "поток", "ағын"),
        "slow": ("slow", "медлен", "баяу"),
        "fast": ("fast", "быстр", "жылдам"),
    },
}
_YES = ("yes", "да", "иә", "ия", "true", "1", "+", "есть", "бар")
_NO = ("no", "нет", "жоқ", "false", "0", "-", "—")
_NOTHING = ("", "-", "—", "–", "n/a", "null", "none", "nan", "нет данных", "н/д", "белгісіз", "неизвестно")


def is_nothing(text: str) -> bool:
    """Say whether a cell tells nothing."""
    return text.casefold() in _NOTHING


def number_of(text: str) -> tuple[float, bool] | None:
    """Return a number, and whether it says itself that it is in feet; None where it is none."""
    found = _NUMBER.fullmatch(_THOUSANDS.sub("", text.strip()).strip())
    if found is None:
        return None
    value = float(found[1].replace(",", ".").replace("−", "-"))
    return (value, _FEET.match(found[2].strip()) is not None) if math.isfinite(value) else None


def degrees_of(text: str) -> float | None:
    """Return a coordinate: a plain number, or degrees with minutes and seconds; south and west are below zero."""
    plain = number_of(text)
    if plain is not None and not re.search(r"[°º]", text):
        return plain[0]
    found = _DMS.fullmatch(text)
    if found is None:
        return None
    degrees, minutes, seconds = (float((part or "0").replace(",", ".")) for part in found.group(2, 3, 4))
    side = (found[1] or found[5] or "").upper()
    below = degrees < 0 or found[2].startswith("-") or side in ("S", "W", "Ю", "З")
    return (abs(degrees) + minutes / 60 + seconds / 3600) * (-1 if below else 1)


def pair_of(text: str) -> tuple[float, float] | None:
    """Return the two numbers of a cell such as `43.238, 76.945` or `POINT(76.945 43.238)`, in their order."""
    inner = re.sub(r"^\s*(?:SRID=4326;)?POINT\s*Z?\s*\(|\)\s*$", "", text, flags=re.IGNORECASE)
    parts = re.split(r"\s*;\s*|\s*,\s+|\s*/\s*", inner.strip())
    if len(parts) != 2:
        parts = inner.split(",") if inner.count(",") == 1 else inner.split()
    values = [degrees_of(part.strip()) for part in parts]
    return (values[0], values[1]) if len(values) == 2 and values[0] is not None and values[1] is not None else None


def heading_of(text: str) -> float | None:
    """Return a direction in degrees, out of a number or a wind of the compass."""
    wind = _WINDS.get(text.casefold().strip().replace("-", ""))
    if wind is not None:
        return wind
    found = number_of(text)
    return None if found is None else found[0]


def date_of(text: str) -> date | None:
    """Return a day: ISO 8601, day.month.year, month.year, or a year (its first day)."""
    told = text.strip().removesuffix("г.").removesuffix("ж.").strip()
    forms = (
        (r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?", (1, 2, 3)),
        (r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})(?:\s.*)?", (3, 2, 1)),
        (r"(\d{4})[./](\d{1,2})[./](\d{1,2})", (1, 2, 3)),
        (r"(\d{4})-(\d{1,2})", (1, 2, None)),
        (r"(\d{1,2})[./](\d{4})", (2, 1, None)),
        (r"(\d{4})", (1, None, None)),
    )
    for form, (year, month, day) in forms:
        found = re.fullmatch(form, told)
        if found:
            return _day(int(found[year]), int(found[month]) if month else 1, int(found[day]) if day else 1)
    return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if 1950 <= year <= 2200 else None
    except ValueError:
        return None


def size_of(text: str) -> tuple[int, int] | None:
    """Return width and height in pixels of a resolution such as `1920x1080` or `1080p`."""
    found = _SIZE.search(text)
    return (int(found[1]), int(found[2])) if found else _SIZES.get(text.casefold().strip())


def choice_of(field: str, text: str) -> str | None:
    """Return what of a field's choices a word means; None where it means none."""
    word = text.casefold().strip()
    found = ((name, parts) for name, parts in _CHOICES[field].items() if word)
    return next((name for name, parts in found if word == name or any(part in word for part in parts)), None)


def choices_of(field: str, text: str) -> tuple[list[str], list[str]]:
    """Return what of a field's choices a list of words means, and the words that mean none."""
    words = [word.strip() for word in re.split(r"[,;/|+]", text.strip("{}[]")) if word.strip(" \"'")]
    found = [(word, choice_of(field, word.strip(" \"'"))) for word in words]
    return sorted({name for _, name in found if name}), [word for word, name in found if name is None]


def yes_of(text: str) -> Literal[0, 1] | None:
    """Return 1 for a yes and 0 for a no."""
    word = text.casefold().strip()
    return 1 if word in _YES else 0 if word in _NO else None

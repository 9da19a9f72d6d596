"""Places typed as numbers: decimal degrees, degrees with minutes, degrees with minutes and seconds."""

import re

from layers.values import LonLat

_SIDES = {
    "с.ш.": "N",
    "ю.ш.": "S",
    "в.д.": "E",
    "з.д.": "W",
    "с.ш": "N",
    "ю.ш": "S",
    "в.д": "E",
    "з.д": "W",
    "с.е.": "N",
    "о.е.": "S",
    "ш.б.": "E",
    "б.б.": "W",
    "с.е": "N",
    "о.е": "S",
    "ш.б": "E",
    "б.б": "W",
    "n": "N",
    "s": "S",
    "e": "E",
    "w": "W",
}
_SIDE = re.compile("|".join(re.escape(side) for side in sorted(_SIDES, key=len, reverse=True)))
_NUMBER = re.compile(r"[-+−]?\d{1,3}(?:[.,]\d+)?(?!\d)")
_MARKS = re.compile(r"[\s,;/°º'′’\"″”]*")
_SIGNED = re.compile(r"[-+−]?\d{1,3}[.,]\d+\s*(?:[,;/]\s*|\s+)[-+−]?\d{1,3}[.,]\d+")


def readings(text: str) -> tuple[LonLat, ...]:
    """Return the places that a text of coordinates may mean, the likeliest first; none where it is no coordinates.

    Plain numbers are latitude, longitude, as people and maps write them; the other order is the second reading.
    `12 15` is no place: decimals, degree signs or sides of the world must say that degrees are meant.
    """
    given = text.strip().lower()
    sides = [_SIDES[side] for side in _SIDE.findall(given)]
    bare = _SIDE.sub(" ", given)
    numbers = [float(number.replace(",", ".").replace("−", "-")) for number in _NUMBER.findall(bare)]
    if _MARKS.fullmatch(_NUMBER.sub("", bare)) is None or not (sides or "°" in bare or _SIGNED.fullmatch(bare.strip())):
        return ()
    return _placed(numbers, sides)


def _placed(numbers: list[float], sides: list[str]) -> tuple[LonLat, ...]:
    if len(numbers) not in (2, 4, 6) or len(sides) not in (0, 2):
        return ()
    half = len(numbers) // 2
    first, second = _degrees(numbers[:half]), _degrees(numbers[half:])
    if first is None or second is None:
        return ()
    if not sides:
        return tuple(place for place in (_on_globe(second, first), _on_globe(first, second)) if place is not None)
    along = {side: value * (-1 if side in "SW" else 1) for side, value in zip(sides, (first, second), strict=True)}
    lat = next((value for side, value in along.items() if side in "NS"), None)
    lon = next((value for side, value in along.items() if side in "EW"), None)
    place = None if lat is None or lon is None else _on_globe(lon, lat)
    return () if place is None else (place,)


def _degrees(parts: list[float]) -> float | None:
    if any(part < 0 or part >= 60 for part in parts[1:]):
        return None
    sign = -1 if parts[0] < 0 else 1
    return sign * float(sum(abs(part) / 60.0**i for i, part in enumerate(parts)))


def _on_globe(lon: float, lat: float) -> LonLat | None:
    return LonLat(lon=lon, lat=lat) if -180 <= lon <= 180 and -90 <= lat <= 90 else None

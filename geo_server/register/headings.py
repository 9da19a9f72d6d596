"""Which row of a table names its columns, and what each column is (pure): guessed from names in kk, ru and en."""

import re
from collections.abc import Sequence
from functools import cache

from geo_server.register.fields import Field, fields

SHORTEST = 4  # letters of a name that was cut short: fewer would mean too much
_BLANK = re.compile(r"[\s_\-.,;/()\[\]«»\"']+")
_FEET = re.compile(r"(^|\W)(ft|feet|foot|фут|футы|футах|футов|фт)(\W|$)", re.IGNORECASE)
_METRE = re.compile(r"\s(m|м|metres?|meters?|метр\w*|deg|град\w*|px|пикс\w*|°)$")


def plain(name: str) -> str:
    """Return a name as names are compared: small letters, one blank between words, no signs."""
    return _BLANK.sub(" ", name.casefold().replace("ё", "е")).strip()


@cache
def _known() -> dict[str, str]:
    """Return the field of each name; the exact names of the fields, as the export writes them, count too."""
    found: dict[str, str] = {}
    for one in fields():
        titles = (one.title.kk, one.title.ru, one.title.en)
        for name in (one.name, *one.guess, *titles):
            found.setdefault(plain(name), one.name)
    return found


def field_of(column: str) -> str | None:
    """Return the field that a column's name means; None where it says nothing."""
    name = plain(column)
    found = _known().get(name)
    if found is None:
        less = _METRE.sub("", plain(_FEET.sub(" ", column)))
        found = _known().get(less.strip())
    return found


def field_beginning(column: str) -> str | None:
    """Return the field that a name was cut short of: a Shapefile keeps ten letters, of Cyrillic in UTF-8 five."""
    begins = plain(column)
    found = {name for known, name in _known().items() if len(begins) >= SHORTEST and known.startswith(begins)}
    return found.pop() if len(found) == 1 else None


def in_feet(column: str) -> bool:
    """Say whether a column's name tells feet."""
    return _FEET.search(column) is not None


def guessed(columns: Sequence[str], *, cut: bool = False) -> dict[int, str]:
    """Return the field of each column by its position; where two columns mean one field, the first has it.

    `cut`: names may have been cut short.
    """
    taken: set[str] = set()
    found: dict[int, str] = {}
    for at, column in enumerate(columns):
        name = field_of(column) or (field_beginning(column) if cut else None)
        if name is not None and name not in taken:
            found[at] = name
            taken.add(name)
    return found


def heading_of(first: Sequence[tuple[str, ...]]) -> tuple[int, tuple[str, ...]]:
    """Return which of the first rows names the columns, and the names; where none does, the first row that holds
    two cells is taken for it. A column without a name is called by its number."""
    scores = [len(guessed(cells)) for cells in first]
    best = max(range(len(first)), key=lambda i: (scores[i], -i))
    if scores[best] < 2:
        best = next((i for i, cells in enumerate(first) if sum(map(bool, cells)) > 1), 0)
    width = max(len(cells) for cells in first[best:])
    cells = first[best] if len(first[best]) > 20_000 else (*first[best], *([""] * (width - len(first[best]))))
    return best, _distinct([cell[:200] or f"#{at + 1}" for at, cell in enumerate(cells)])


def _distinct(names: Sequence[str]) -> tuple[str, ...]:
    seen: dict[str, int] = {}
    told = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        told.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(told)


def needed(mapped: Sequence[str]) -> bool:
    """Say whether fields tell a place."""
    return "place" in mapped or {"lon", "lat"} <= set(mapped)


def unknown(mapping: dict[int, str]) -> str | None:
    """Return a field of a mapping that there is not, or that stands twice; None where all is well."""
    known = {one.name for one in fields()}
    names = list(mapping.values())
    return next((name for name in names if name not in known or names.count(name) > 1), None)


def by_name() -> dict[str, Field]:
    """Return the fields by their names."""
    return {one.name: one for one in fields()}

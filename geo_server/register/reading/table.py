"""What every kind of file is read into: named columns and rows of text, with what was noticed on the way."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

Format = Literal["csv", "xlsx", "geojson", "gpkg", "shp", "osm"]
Cells = tuple[str, ...]

MOST_COLUMNS = 300
MOST_ROWS = 2_000_000
MOST_UNPACKED_BYTES = 2_000_000_000  # of a packed file; a sheet of a million rows has some 400 MB
LON, LAT = "@lon", "@lat"  # the columns that a geometry is told in


class Unreadable(Exception):
    """A file that is not taken: a code of `data/register_words.json`, and what its sentence is filled with."""

    def __init__(self, code: str, **details: Any) -> None:
        """Keep both."""
        self.code, self.details = code, details
        super().__init__(code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something noticed of the whole file, by its code."""

    code: str
    value: str | int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row by its number in the file, from 1; `wrong`: why it cannot be one, by a code, with its value."""

    line: int
    cells: Cells
    wrong: tuple[str, str] | None = None


@dataclass(slots=True, kw_only=True)
class Reading:
    """A file that is being read. `at` of `whole` tells how far that is; findings may come until the last row."""

    format: Format
    columns: Cells
    rows: Iterator[Row]
    whole: int
    at: int = 0
    findings: list[Finding] = field(default_factory=list)
    crs: str | None = None  # the coordinate system that the file itself names; None: nobody knows
    georeferenced: bool = False  # its places come from geometries


def fitted(cells: Cells, count: int) -> Cells:
    """Return as many cells as there are columns; surplus empty ones are let go."""
    return cells[:count] if len(cells) >= count else cells + ("",) * (count - len(cells))

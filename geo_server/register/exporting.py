"""The register as a file: CSV, XLSX or GeoJSON, with the columns that an import knows again."""

import csv
import io
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Literal

import openpyxl
import orjson

from layers.cameras.register_schema import COLUMNS, Entry

Format = Literal["csv", "xlsx", "geojson"]
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "geojson": "application/geo+json",
}
MOST = 200_000  # rows that the server hands out at once; the shell has no such bound
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
HEADER = ("code", "name_kk", "name_ru", "name_en", "lat", "lon", *(n for n in COLUMNS[4:] if n != "facts"))


def defused(cell: str) -> str:
    """Return a text that no program for tables takes for a formula; numbers stay numbers."""
    if not cell.startswith(_FORMULA):
        return cell
    try:
        float(cell)
    except ValueError:
        return f"'{cell}"
    return cell


def facts_of(entry: Entry) -> dict[str, Any]:
    """Return what an entry tells, by the columns of the export; of nothing, None."""
    told: dict[str, Any] = {name: getattr(entry, {"class": "class_"}.get(name, name), None) for name in COLUMNS[4:]}
    facts = told.pop("facts") or {}
    names = {"code": entry.code, "name_kk": entry.name.kk, "name_ru": entry.name.ru, "name_en": entry.name.en}
    place = {"lat": round(entry.place.lat, 8), "lon": round(entry.place.lon, 8)}
    return names | place | told | {f"facts.{name}": value for name, value in sorted(facts.items())}


def cells_of(entry: Entry, header: Sequence[str]) -> list[str | float | int]:
    """Return an entry's cells under the names of a header; lists are parted by semicolons."""
    told = facts_of(entry)
    return [_cell(told.get(name)) for name in header]


def _cell(value: Any) -> str | float | int:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return ";".join(map(str, value))
    if isinstance(value, float):
        return round(value, 8)
    return value if isinstance(value, int) else str(value)


def csv_lines(rows: Iterable[Sequence[object]]) -> str:
    """Return rows as CSV, each text defused."""
    to = io.StringIO()
    written = csv.writer(to, lineterminator="\r\n")
    for row in rows:
        written.writerow([defused(cell) if isinstance(cell, str) else cell for cell in row])
    return to.getvalue()


async def as_csv(entries: AsyncIterator[Entry], facts: Sequence[str]) -> AsyncIterator[bytes]:
    """Yield CSV with a mark that tells programs for tables that it is UTF-8."""
    header = [*HEADER, *(f"facts.{name}" for name in facts)]
    yield ("\ufeff" + csv_lines([header])).encode()
    async for entry in entries:
        yield csv_lines([cells_of(entry, header)]).encode()


async def as_geojson(entries: AsyncIterator[Entry]) -> AsyncIterator[bytes]:
    """Yield a FeatureCollection, a feature a line."""
    yield b'{"type":"FeatureCollection","features":['
    parted = b"\n"
    async for entry in entries:
        told = {name: value for name, value in facts_of(entry).items() if name not in ("lon", "lat")}
        point = {"type": "Point", "coordinates": [round(entry.place.lon, 8), round(entry.place.lat, 8)]}
        yield parted + orjson.dumps({"type": "Feature", "properties": told, "geometry": point})
        parted = b",\n"
    yield b"\n]}\n"


async def as_xlsx(entries: AsyncIterator[Entry], facts: Sequence[str], to: Path) -> None:
    """Write a workbook; no cell of it is a formula, whatever it begins with."""
    header = [*HEADER, *(f"facts.{name}" for name in facts)]
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("cameras")
    sheet.freeze_panes = "B2"
    sheet.append(header)
    async for entry in entries:
        sheet.append([_no_formula(sheet, cell) for cell in cells_of(entry, header)])
    book.save(to)


def _no_formula(sheet: Any, value: object) -> object:
    if not isinstance(value, str) or not value.startswith("="):
        return _plain(value) if isinstance(value, str) else value
    cell = openpyxl.cell.WriteOnlyCell(sheet, _plain(value))
    cell.data_type = "s"
    return cell


def _plain(text: str) -> str:
    """Return a text without signs that a workbook cannot hold."""
    return str(openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE.sub("", text))

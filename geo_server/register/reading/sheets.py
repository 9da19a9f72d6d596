"""XLSX: the sheet that names most columns, its merged cells filled, of formulas what they came to."""

import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils import range_boundaries

from geo_server.register.headings import guessed, heading_of
from geo_server.register.reading import packed
from geo_server.register.reading.table import MOST_COLUMNS, Cells, Finding, Reading, Row, Unreadable, fitted

LOOKED_AT = 20
MOST_SHEETS = 30
MOST_MERGED = 200_000
_MERGED = re.compile(rb'<mergeCell\s+ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')
_CHUNK = 1 << 20
# What damaged packages and XML end in; openpyxl passes on whatever its parts raise.
_DAMAGED = (
    zipfile.BadZipFile,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    OSError,
    EOFError,
    SyntaxError,
)
Box = tuple[int, int, int, int]  # first column and row, last column and row, from 1


def read(path: Path) -> Reading:
    """Begin to read; raises Unreadable."""
    with packed.opened(path) as zipped:
        strings = [one for one in zipped.infolist() if one.filename.endswith("sharedStrings.xml")]
        if any(one.file_size > packed.MOST_STRINGS_BYTES for one in strings):
            raise Unreadable("too_large", value=packed.MOST_STRINGS_BYTES // 1_000_000)
    try:
        return _read(path)
    except _DAMAGED as error:
        raise Unreadable("damaged", value=type(error).__name__) from None


def _read(path: Path) -> Reading:
    # an open file: of a name it would ask for an ending; it is closed when the book is let go of
    book = openpyxl.load_workbook(path.open("rb"), read_only=True, data_only=True, keep_links=False)
    sheets = [sheet for sheet in book.worksheets[:MOST_SHEETS] if hasattr(sheet, "iter_rows")]
    seen = [(sheet, *_first(path, sheet)) for sheet in sheets]
    seen = [one for one in seen if any(any(cells) for _, cells in one[1])]
    if not seen:
        raise Unreadable("empty_file")
    sheet, first, merged = max(seen, key=lambda one: max(len(guessed(cells)) for _, cells in one[1]))
    at, columns = heading_of([cells for _, cells in first])
    while columns and columns[-1].startswith("#"):
        columns = columns[:-1]
    if len(columns) > MOST_COLUMNS:
        raise Unreadable("too_many_columns", value=len(columns))
    whole = sheet.max_row or 0
    reading = Reading(format="xlsx", columns=columns, rows=iter(()), whole=whole)
    reading.findings.append(Finding(code="sheet", value=sheet.title[:100]))
    reading.findings.append(Finding(code="header_row", value=first[at][0]))
    if merged:
        reading.findings.append(Finding(code="merged", value=len(merged)))
    reading.rows = _rows(reading, sheet, merged, first[at][0])
    return reading


def _first(path: Path, sheet: Any) -> tuple[list[tuple[int, Cells]], list[Box]]:
    merged = merged_of(path, sheet)
    rows = _filled(sheet, merged)
    return [one for _, one in zip(range(LOOKED_AT), rows, strict=False)], merged


def merged_of(path: Path, sheet: Any) -> list[Box]:
    """Return the merged ranges, which stand behind the rows: they are sought in the sheet's own text."""
    found: list[Box] = []
    rest = b""
    with zipfile.ZipFile(path) as zipped, zipped.open(sheet._worksheet_path.lstrip("/")) as part:
        while chunk := part.read(_CHUNK):
            text = rest + chunk
            for match in _MERGED.finditer(text):
                found.append(range_boundaries(match[1].decode()))
                if len(found) > MOST_MERGED:
                    raise Unreadable("damaged", value="mergeCell")
            rest = text[max(text.rfind(b"<"), len(text) - 100) :]
    return sorted(found, key=lambda box: box[1])


def _filled(sheet: Any, merged: list[Box]) -> Iterator[tuple[int, Cells]]:
    """Yield rows that hold something, with their numbers; each cell of a merged range has the value of its first."""
    waiting, open_boxes = iter(merged), list[tuple[Box, str]]()
    coming = next(waiting, None)
    for number, values in enumerate(sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS + 1), 1):
        cells = [_text(value) for value in values]
        open_boxes = [(box, value) for box, value in open_boxes if box[3] >= number]
        while coming is not None and coming[1] <= number:
            if coming[1] == number and coming[0] <= len(cells):
                open_boxes.append((coming, cells[coming[0] - 1]))
            coming = next(waiting, None)
        for (left, _, right, _), value in open_boxes:
            for column in range(left - 1, min(right, len(cells))):
                cells[column] = value
        if any(cells):
            yield number, tuple(cells)


def _text(value: object) -> str:
    """Return a cell as text: whole numbers without a point, times as ISO 8601."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value).strip().replace("\x00", "")


def _rows(reading: Reading, sheet: Any, merged: list[Box], heading: int) -> Iterator[Row]:
    count = len(reading.columns)
    try:
        for number, cells in _filled(sheet, merged):
            reading.at = number
            if number > heading and any(cells[:count]):
                yield Row(line=number, cells=fitted(cells, count))
    except _DAMAGED as error:
        raise Unreadable("damaged", value=type(error).__name__) from None

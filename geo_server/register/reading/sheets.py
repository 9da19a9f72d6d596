"""XLSX: the sheet that names most columns, its merged cells filled, of formulas what they came to."""

import re
import zipfile
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from xml.parsers.expat import ExpatError

from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils import range_boundaries

from geo_server.register.headings import guessed, heading_of
from geo_server.register.reading import packed
from geo_server.register.reading.sheet_rows import Book, rows_of
from geo_server.register.reading.table import MOST_COLUMNS, Cells, Finding, Reading, Row, Unreadable, fitted

LOOKED_AT = 20
MOST_SHEETS = 30
MOST_MERGED = 200_000
_MERGED = re.compile(rb'<mergeCell\s+ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')
_CHUNK = 1 << 20
# What damaged XML and parts that lack end in, beside damaged packages: openpyxl passes on whatever its parts raise.
_DAMAGED = (*packed.DAMAGED, ExpatError, SyntaxError, KeyError, IndexError, TypeError, AttributeError)
Box = tuple[int, int, int, int]  # first column and row, last column and row, from 1
Numbered = tuple[int, Cells]


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
    book, sheets = _opened(path)
    seen = [(title, part, *_first(path, part, book)) for title, part in sheets]
    seen = [one for one in seen if any(any(cells) for _, cells in one[2])]
    if not seen:
        raise Unreadable("empty_file")
    title, part, first, merged = max(seen, key=lambda one: max(len(guessed(cells)) for _, cells in one[2]))
    at, columns = heading_of([cells for _, cells in first])
    while columns and columns[-1].startswith("#"):
        columns = columns[:-1]
    if len(columns) > MOST_COLUMNS:
        raise Unreadable("too_many_columns", value=len(columns))
    reading = Reading(format="xlsx", columns=columns, rows=iter(()), whole=_size(path, part))
    reading.findings.append(Finding(code="sheet", value=title[:100]))
    reading.findings.append(Finding(code="header_row", value=first[at][0]))
    if merged:
        reading.findings.append(Finding(code="merged", value=len(merged)))
    reading.rows = _rows(reading, path, part, book, merged, first[at][0])
    return reading


def _opened(path: Path) -> tuple[Book, list[tuple[str, str]]]:
    """Return what a workbook's cells mean, and its sheets: the title of each, and the part that it stands in."""
    with path.open("rb") as file:  # of a name openpyxl would ask for an ending
        reader = ExcelReader(file, read_only=True, data_only=True, keep_links=False)
        reader.read_manifest()
        reader.read_strings()
        reader.read_workbook()
        apply_stylesheet(reader.archive, reader.wb)
        told = [(sheet.name, rel) for sheet, rel in reader.parser.find_sheets() if "chartsheet" not in rel.Type]
        sheets = [(name, rel.target) for name, rel in told if rel.target in reader.valid_files]
    book = Book(
        strings=reader.shared_strings,
        dates=reader.wb._date_formats,
        spans=reader.wb._timedelta_formats,
        epoch=reader.wb.epoch,
    )
    return book, sheets[:MOST_SHEETS]


def _size(path: Path, part: str) -> int:
    with zipfile.ZipFile(path) as zipped:
        return zipped.getinfo(part).file_size


def _first(path: Path, part: str, book: Book) -> tuple[list[Numbered], list[Box]]:
    merged = merged_of(path, part)
    return list(islice(_filled(path, part, book, merged, lambda _: None), LOOKED_AT)), merged


def merged_of(path: Path, part: str) -> list[Box]:
    """Return the merged ranges, which stand behind the rows: they are sought in the sheet's own text."""
    found: list[Box] = []
    rest = b""
    with zipfile.ZipFile(path) as zipped, zipped.open(part) as text_of:
        while chunk := text_of.read(_CHUNK):
            text = rest + chunk
            for match in _MERGED.finditer(text):
                found.append(range_boundaries(match[1].decode()))
                if len(found) > MOST_MERGED:
                    raise Unreadable("damaged", value="mergeCell")
            rest = text[max(text.rfind(b"<"), len(text) - 100) :]
    return sorted(found, key=lambda box: box[1])


def _filled(path: Path, part: str, book: Book, merged: list[Box], read: Callable[[int], None]) -> Iterator[Numbered]:
    """Yield rows that hold something, with their numbers; each cell of a merged range has the value of its first."""
    waiting = iter(merged)
    coming = next(waiting, None)
    open_at: dict[int, tuple[int, str]] = {}  # of a column the last row of its range, and the value; none overlap
    with zipfile.ZipFile(path) as zipped, zipped.open(part) as rows:
        for number, cells in rows_of(rows, book, read):
            open_at = {column: one for column, one in open_at.items() if one[0] >= number} if open_at else open_at
            while coming is not None and coming[1] <= number:
                if coming[1] == number and coming[0] <= len(cells):
                    _open(coming, cells[coming[0] - 1], open_at)
                coming = next(waiting, None)
            _fill(cells, open_at)
            if any(cells):
                yield number, tuple(cells)


def _open(box: Box, value: str, open_at: dict[int, tuple[int, str]]) -> None:
    left, _, right, last = box
    for column in range(left - 1, min(right, MOST_COLUMNS + 1)):
        open_at.setdefault(column, (last, value))


def _fill(cells: list[str], open_at: dict[int, tuple[int, str]]) -> None:
    if not open_at:
        return
    cells += [""] * (max(open_at) + 1 - len(cells))
    for column, (_, value) in open_at.items():
        cells[column] = value


def _rows(reading: Reading, path: Path, part: str, book: Book, merged: list[Box], heading: int) -> Iterator[Row]:
    count = len(reading.columns)

    def read(done: int) -> None:
        reading.at = done

    try:
        for number, cells in _filled(path, part, book, merged, read):
            if number > heading and any(cells[:count]):
                yield Row(line=number, cells=fitted(cells, count))
    except _DAMAGED as error:
        raise Unreadable("damaged", value=type(error).__name__) from None

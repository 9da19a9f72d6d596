"""The rows of one sheet of a workbook, out of its XML as it is unpacked: no more of it is held than one row.

openpyxl would believe what the sheet says of its own size: where that says too little it lets rows go, where too much
it makes up empty ones, and where nothing it reads the whole sheet for it before the first row (ECMA-376-1, 18.3.1.35).
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import IO, Any
from xml.parsers import expat

from openpyxl.utils.datetime import from_excel, from_ISO8601
from openpyxl.xml.constants import SHEET_MAIN_NS

from geo_server.register.reading.table import MOST_COLUMNS

MOST_SHEET_ROWS = 1_048_576  # of any program for tables
LONGEST_CELL = 1_000_000  # letters; such a program keeps 32,767
_CHUNK = 1 << 16
_NS = f"{SHEET_MAIN_NS} "
_ROW, _CELL, _PHONETIC = (f"{_NS}{name}" for name in ("row", "c", "rPh"))
_TEXTS = {f"{_NS}{name}" for name in ("v", "t")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """What cells of every sheet of a workbook mean: shared strings, styles that are times, the day they count from."""

    strings: Sequence[str]
    dates: Collection[int]
    spans: Collection[int]
    epoch: datetime


def rows_of(part: IO[bytes], book: Book, read: Callable[[int], None]) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that stand in a sheet, with their numbers; none for a number that is not there.

    `read` is told of the bytes read so far. Raises ExpatError or ValueError where it is no sheet.
    """
    sheet, done = _Sheet(book), 0
    while chunk := part.read(_CHUNK):
        sheet.parser.Parse(chunk, False)
        done += len(chunk)
        read(done)
        yield from sheet.taken()
    sheet.parser.Parse(b"", True)
    yield from sheet.taken()


class _Sheet:
    """Listens to a sheet's elements; of a formula it keeps what it came to, of a text no reading aids."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._rows: list[tuple[int, list[str]]] = []
        self._number, self._cells, self._at = 0, list[str](), -1
        self._kind, self._style = "n", "0"
        self._said, self._length, self._listens, self._aid = list[str](), 0, False, False
        self._columns: dict[str, int] = {}
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler, self.parser.EndElementHandler = self._starts, self._ends
        self.parser.CharacterDataHandler, self.parser.StartDoctypeDeclHandler = self._says, _no_doctype

    def taken(self) -> list[tuple[int, list[str]]]:
        """Return the rows that are whole by now, and let them go."""
        rows, self._rows = self._rows, []
        return rows

    def _starts(self, name: str, told: dict[str, str]) -> None:
        if name == _CELL:
            self._at = self._column(told["r"]) if "r" in told else self._at + 1
            self._kind, self._style = told.get("t", "n"), told.get("s", "0")
            self._said, self._length = [], 0
        elif name in _TEXTS:
            self._listens = not self._aid
        elif name == _ROW:
            self._begin(int(told["r"]) if "r" in told else self._number + 1)
        elif name == _PHONETIC:
            self._aid = True

    def _says(self, text: str) -> None:
        if self._listens:
            self._length += len(text)
            if self._length > LONGEST_CELL:
                raise ValueError("cell")
            self._said.append(text)

    def _ends(self, name: str) -> None:
        if name in _TEXTS:
            self._listens = False
        elif name == _CELL:
            if self._said and 0 <= self._at <= MOST_COLUMNS:
                self._put("".join(self._said))
        elif name == _ROW:
            self._rows.append((self._number, self._cells))
        elif name == _PHONETIC:
            self._aid = False

    def _begin(self, number: int) -> None:
        """Begin a row; rows that go back or beyond any sheet would be two of one number."""
        if not self._number < number <= MOST_SHEET_ROWS:
            raise ValueError("row")
        self._number, self._cells, self._at = number, [], -1

    def _column(self, reference: str) -> int:
        letters = reference.rstrip("0123456789")
        if letters not in self._columns:
            if not (letters.isascii() and letters.isalpha() and len(letters) <= 3):
                raise ValueError("column")
            at = 0
            for letter in letters.upper():
                at = at * 26 + ord(letter) - 64
            self._columns[letters] = at - 1
        return self._columns[letters]

    def _put(self, said: str) -> None:
        lacking = self._at + 1 - len(self._cells)
        if lacking > 0:
            self._cells += [""] * lacking
        self._cells[self._at] = self._meaning(said)

    def _meaning(self, said: str) -> str:
        match self._kind:
            case "n":
                return self._number_said(said)
            case "s":
                return plain(self._book.strings[int(said)])
            case "b":
                return str(bool(int(said)))
            case "d":
                return told(from_ISO8601(said))
        return plain(said)

    def _number_said(self, said: str) -> str:
        value = float(said) if "." in said or "e" in said or "E" in said else int(said)
        style = int(self._style)
        if style in self._book.dates:
            try:
                return told(from_excel(value, self._book.epoch, timedelta=style in self._book.spans))
            except (OverflowError, ValueError):  # a number that no day has is shown as it stands
                return told(value)
        return told(value)


def told(value: Any) -> str:
    """Return a value as text: whole numbers without a point, times as ISO 8601."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def plain(text: str) -> str:
    """Return a text without the blanks around it, and without what the store cannot keep."""
    return text.strip().replace("\x00", "")


def _no_doctype(*_: Any) -> None:
    raise ValueError("DOCTYPE")  # no workbook has one; entities would be unpacked out of it

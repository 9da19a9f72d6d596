"""Tables of text: UTF-8, UTF-16 or CP1251, parted by comma, semicolon, tab or bar."""

import codecs
import csv
from collections.abc import Iterator
from pathlib import Path

from geo_server.register.headings import heading_of
from geo_server.register.reading.table import MOST_COLUMNS, Cells, Finding, Reading, Row, Unreadable, fitted

LONGEST_CELL = 1_000_000  # letters; longer ones come of a quote that is never closed
LOOKED_AT = 20  # rows among which the one that names the columns is sought
LONGEST_LINE = 900_000  # letters
_SEEN = 65_536
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_NAMES = {"utf-8-sig": "UTF-8", "utf-8": "UTF-8", "cp1251": "Windows-1251"}
_PARTED = ",;\t|"


def read(path: Path) -> Reading:
    """Begin to read; raises Unreadable."""
    encoding = encoding_of(path)
    parted = _separator(path, encoding)
    first = [cells for _, cells in zip(range(LOOKED_AT), _lines(path, encoding, parted), strict=False)]
    if not first:
        raise Unreadable("empty_file")
    at, columns = heading_of([cells for _, _, cells in first])
    if len(columns) > MOST_COLUMNS:
        raise Unreadable("too_many_columns", value=len(columns))
    reading = Reading(format="csv", columns=columns, rows=iter(()), whole=path.stat().st_size)
    named = _NAMES.get(encoding, encoding.upper())
    shown = {"\t": "Tab"}.get(parted, parted)
    reading.findings += [Finding(code="encoding", value=named), Finding(code="separator", value=shown)]
    if at:
        reading.findings.append(Finding(code="header_row", value=first[at][0]))
    reading.rows = _rows(reading, _lines(path, encoding, parted), first[at][0])
    return reading


def encoding_of(path: Path) -> str:
    """Return what the letters of a file are kept as; raises Unreadable where they are no letters."""
    with path.open("rb") as file:
        seen = file.read(_SEEN)
    if not seen.strip():
        raise Unreadable("empty_file")
    told = next((name for bom, name in _BOMS if seen.startswith(bom)), None)
    if told is None and b"\x00" in seen:
        told = _wide(seen)
    found = told or ("utf-8" if _is_utf8(path) else "cp1251")
    _check_letters(seen, found)
    return found


def _wide(seen: bytes) -> str:
    """Tell UTF-16 without a mark by where its zeros stand; raises Unreadable where it is none."""
    even, odd = seen[0::2].count(0), seen[1::2].count(0)
    few, many = sorted((even, odd))
    if many < len(seen) * 0.1 or few > many * 0.05:
        raise Unreadable("unreadable")
    return "utf-16-le" if odd > even else "utf-16-be"


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while part := file.read(1 << 20):
                decoder.decode(part)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _check_letters(seen: bytes, encoding: str) -> None:
    """Raise Unreadable where what is seen of a file is no text: signs that nobody types, or no letters at all."""
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    text = decoder.decode(seen)
    strange = sum(1 for sign in text if (sign < " " and sign not in "\t\r\n\f") or sign in "\x7f\ufffd")
    if strange > len(text) * 0.002 + 1:
        raise Unreadable("unreadable")


def _separator(path: Path, encoding: str) -> str:
    """Return the sign that parts most cells of the first lines, and the same number in each."""
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        lines = [line for _, line in zip(range(LOOKED_AT), _bounded(file), strict=False) if line.strip()]

    def cells(sign: str) -> tuple[int, int]:
        counts = [len(row) for row in csv.reader(lines, delimiter=sign) if row]
        common = max(set(counts), key=lambda n: (n > 1, counts.count(n), n)) if counts else 0
        return (common > 1) * counts.count(common), common

    try:
        csv.field_size_limit(LONGEST_CELL)
        return max(_PARTED, key=cells)
    except csv.Error:
        raise Unreadable("unreadable") from None


def _bounded(file: object) -> Iterator[str]:
    """Yield lines; raises Unreadable where one is longer than any row of a register."""
    read = file.readline  # type: ignore[attr-defined]
    while line := read(LONGEST_LINE):
        if len(line) >= LONGEST_LINE:
            raise Unreadable("too_many_columns", value=f"> {line[:LONGEST_LINE].count(',')}")
        yield line


def _lines(path: Path, encoding: str, parted: str) -> Iterator[tuple[int, int, Cells]]:
    """Yield rows that hold something: the number of each, the bytes read so far, and its cells."""
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        reader = csv.reader(_bounded(file), delimiter=parted)
        begins = 1
        try:
            for values in reader:
                cells = tuple(value.strip().replace("\x00", "") for value in values)
                if any(cells):
                    yield begins, file.buffer.tell(), cells  # type: ignore[attr-defined]
                begins = reader.line_num + 1
        except csv.Error as error:
            raise Unreadable("damaged", value=f"{error}, {begins}") from None


def _rows(reading: Reading, lines: Iterator[tuple[int, int, Cells]], heading: int) -> Iterator[Row]:
    count = len(reading.columns)
    for line, at, cells in lines:
        reading.at = at
        if line <= heading:
            continue
        surplus = [cell for cell in cells[count:] if cell]
        wrong = ("many_cells", str(count + len(surplus))) if surplus else None
        yield Row(line=line, cells=fitted(cells, count) if wrong is None else cells[: count + 20], wrong=wrong)

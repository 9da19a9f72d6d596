"""Sheets are read as they stand, whatever they say of themselves, and a damaged package is told to be one."""

import random
import zipfile
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from geo_server.register.reading import files
from geo_server.register.reading.table import Reading, Row, Unreadable
from tests.geo_server.register.test_reading import checked, zipped_shape

PART = "xl/worksheets/sheet1.xml"
HEADING = '<row r="1"><c t="str"><v>Код</v></c><c t="str"><v>Широта</v></c><c t="str"><v>Долгота</v></c></row>'
A1 = '<row r="2"><c t="str"><v>A-1</v></c><c><v>43.24</v></c><c><v>76.95</v></c></row>'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def sheet(to: Path, rows: str, *, before: str = "", after: str = "", top: str = "") -> Path:
    """A workbook whose one sheet holds just this XML."""
    plain = to.with_name("plain")
    openpyxl.Workbook().save(plain)
    text = f'{top}<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as new:
        for one in old.infolist():
            new.writestr(one.filename, text if one.filename == PART else old.read(one))
    return to


def rows_of(path: Path) -> tuple[Reading, list[Row]]:
    reading = files.read(path, path.parent)
    return reading, list(reading.rows)


@pytest.mark.parametrize("size", ["", '<dimension ref="A1"/>', '<dimension ref="A1:XFD1048576"/>'])
def test_rows_are_read_whatever_a_sheet_says_of_its_size(tmp_path: Path, size: str) -> None:
    far = A1.replace('r="2"', 'r="900000"').replace("A-1", "A-2")
    reading, rows = rows_of(sheet(tmp_path / "x", HEADING + A1 + far, before=size))
    assert [(row.line, row.cells) for row in rows] == [
        (2, ("A-1", "43.24", "76.95")),
        (900_000, ("A-2", "43.24", "76.95")),
    ]
    with zipfile.ZipFile(tmp_path / "x") as packed:
        assert (reading.at, reading.whole) == (packed.getinfo(PART).file_size,) * 2


def test_how_far_a_sheet_is_read_is_told_by_its_bytes(tmp_path: Path) -> None:
    book = openpyxl.Workbook(write_only=True)  # which tells no size
    made = book.create_sheet()
    made.append(["Код", "Широта", "Долгота"])
    for n in range(5000):
        made.append([f"A-{n}", 43.24, 76.95])
    book.save(tmp_path / "x")
    reading = files.read(tmp_path / "x", tmp_path)
    shares = [reading.at / reading.whole for _ in reading.rows]
    assert shares == sorted(shares) and 0 < shares[0] < 0.3 < shares[2500] < 0.7 < shares[-1] <= 1


def test_each_kind_of_cell_is_told_as_people_see_it(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    made = book.active
    assert made is not None
    values: list[Any] = [7, 7.0, 0.25, True, date(2024, 5, 6), datetime(2024, 5, 6, 7, 8), timedelta(hours=30), " a "]
    made.append(["Код", "Широта", "Долгота", *(f"x{n}" for n in range(len(values)))])
    made.append(["A-1", 43.24, 76.95, *values])
    book.save(tmp_path / "x")
    _, (row,) = rows_of(tmp_path / "x")
    told = ["7", "7", "0.25", "True", "2024-05-06", "2024-05-06T07:08:00", "1 day, 6:00:00", "a"]
    assert list(row.cells[3:]) == told


def test_reading_aids_of_a_text_and_formulas_are_no_part_of_a_cell(tmp_path: Path) -> None:
    text = "<is><r><t>Аба</t></r><r><t>й</t></r><rPh><t>ABAI</t></rPh></is>"
    row = f'<row r="2"><c t="inlineStr">{text}</c><c><f>1+1</f><v>43.24</v></c><c><v>76.95</v></c></row>'
    _, (read,) = rows_of(sheet(tmp_path / "x", HEADING + row))
    assert read.cells == ("Абай", "43.24", "76.95")


def test_ranges_that_overlap_are_filled_once(tmp_path: Path) -> None:
    boxes = "".join(f'<mergeCell ref="A2:A{3 + n}"/>' for n in range(3))
    rest = "".join(f'<row r="{n}"><c r="B{n}"><v>43.24</v></c><c r="C{n}"><v>76.95</v></c></row>' for n in (3, 4))
    _, rows = rows_of(sheet(tmp_path / "x", HEADING + A1 + rest, after=f"<mergeCells>{boxes}</mergeCells>"))
    assert [row.cells[0] for row in rows] == ["A-1", "A-1", ""]


@pytest.mark.parametrize(
    "rows",
    [
        A1 + A1,
        A1.replace('r="2"', 'r="1048577"'),
        A1.replace('r="2"', 'r="x"'),
        A1.replace('<c t="str">', '<c r="Ж1" t="str">'),
        A1.replace('t="str"', 't="s"'),
        A1.replace("A-1", "a" * 1_000_001),
        A1.replace("</row>", ""),
    ],
)
def test_a_sheet_that_no_program_writes_is_refused(tmp_path: Path, rows: str) -> None:
    with pytest.raises(Unreadable, match="damaged"):
        rows_of(sheet(tmp_path / "x", HEADING + rows))


def test_a_sheet_that_declares_entities_is_refused(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>'
    with pytest.raises(Unreadable, match="damaged"):
        rows_of(sheet(tmp_path / "x", HEADING + A1.replace("A-1", "&a;"), top=bomb))


@pytest.mark.parametrize("kind", ["xlsx", "shp"])
def test_a_package_that_lost_bytes_is_read_or_refused_with_a_code(tmp_path: Path, kind: str) -> None:
    (tmp_path / "made").mkdir()
    if kind == "xlsx":
        whole = sheet(tmp_path / "made" / "x", HEADING + A1).read_bytes()
    else:
        whole = zipped_shape(tmp_path / "made", "EPSG:4326", "utf-8").read_bytes()
    chance, codes = random.Random(3), set()
    for n in range(150):
        hurt = bytearray(whole[: chance.randrange(1000, len(whole))] if n % 5 == 0 else whole)
        for _ in range(chance.randrange(1, 12)):
            hurt[chance.randrange(4, len(hurt))] = chance.randrange(256)
        try:
            checked(bytes(hurt), tmp_path)
        except Unreadable as fault:
            codes.add(fault.code)
    assert "damaged" in codes


def test_a_package_packed_otherwise_than_its_kind_is_refused(tmp_path: Path) -> None:
    whole = sheet(tmp_path / "x", HEADING + A1)
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(tmp_path / "y", "w", zipfile.ZIP_LZMA) as new:
        for one in old.infolist():
            new.writestr(one.filename, old.read(one))
    with pytest.raises(Unreadable) as found:
        files.read(tmp_path / "y", tmp_path)
    assert (found.value.code, found.value.details) == ("damaged", {"value": "compression"})

"""What a spreadsheet would run is text, and the printed page's sheet cannot be left."""

import csv
import io

import pytest

from geo_server.record.card import _css
from geo_server.record.tables import as_csv


@pytest.mark.parametrize("told", ["=1+1", "+7", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "\n=1"])
def test_a_formula_is_text(told: str) -> None:
    rows = list(csv.reader(io.StringIO(as_csv(["a"], [[told]]).decode("utf-8-sig"), newline="")))
    assert rows == [["a"], [f"'{told}"]]


@pytest.mark.parametrize("told", ["", "a=1", 5, -5, None, "Абай, 10", 'he said "no"'])
def test_anything_else_stays_as_it_is(told: object) -> None:
    rows = list(csv.reader(io.StringIO(as_csv(["a", "b"], [[told, "x"]]).decode("utf-8-sig"), newline="")))
    assert rows[1][0] == ("" if told is None else str(told))


def test_a_text_in_a_style_sheet_ends_neither_its_string_nor_the_sheet() -> None:
    escaped = str(_css('a"; } </style><script>\\\n'))
    assert not set(escaped) & set('"<>{}/\n')
    assert _css("Айгүл Ә.: 12.03") == "Айгүл Ә.: 12.03"

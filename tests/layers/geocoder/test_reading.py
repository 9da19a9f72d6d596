"""What a text may mean: names, a house, a crossing."""

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.geocoder.reading import crossing_tsquery, read, relaxed_tsquery, tsquery
from layers.geocoder.spelling import LONGEST


def _first(text: str) -> tuple[list[str], str | None, str | None]:
    reading = read(text)[0]
    return [term.text for term in reading.terms], reading.house, reading.kind


@pytest.mark.parametrize(
    ("text", "names", "house", "kind"),
    [
        ("Абай", ["abai"], None, None),
        ("ул. Абая, 12", ["abaia"], "12", "street"),
        ("көш. Абай 12/3", ["abai"], "12/3", "street"),
        ("Абай даң. 12а", ["abai"], "12a", "avenue"),
        ("пр-т Абая д.12 к2", ["abaia"], "12k2", "avenue"),
        ("12 Abay Ave", ["abai"], "12", "avenue"),
        ("Abay st 12", ["abai"], "12", "street"),
        ("мкр. Самал-2, 33", ["samal", "2"], "33", "microdistrict"),
        ("мкр 8 дом 15", ["8"], "15", "microdistrict"),
        ("Ақсай4 12", ["aksai", "4"], "12", None),
        ("Мамыр, 7-я улица, 4", ["mamir", "7"], "4", "street"),
        ("ул пер", ["per"], None, "street"),
        ("б-р Бухар жырау", ["buhar", "jirau"], None, "boulevard"),
    ],
)
def test_the_first_reading_is_the_likeliest(text: str, names: list[str], house: str | None, kind: str | None) -> None:
    assert _first(text) == (names, house, kind)


def test_a_number_may_be_of_the_name_or_of_the_house() -> None:
    readings = [([term.text for term in one.terms], one.house) for one in read("8 марта")]
    assert readings == [(["marta"], "8"), (["8", "marta"], None)]


def test_a_case_ending_is_left_out_as_well() -> None:
    for said in ("Абая", "Абаю", "Абае"):
        assert "abai" in read(said)[0].terms[0].also


@pytest.mark.parametrize(
    "text",
    [
        "угол Абая и Достык", "Абай мен Достық қиылысы", "Абай – Достық", "Абай/Достық", "Abay & Dostyk",
        "corner of Abay and Dostyk",
    ],
)  # fmt: skip
def test_a_crossing_is_heard_in_what_joins_two_names(text: str) -> None:
    (reading,) = read(text)
    assert reading.corner
    assert [term.text[:4] for term in reading.terms] == ["abai", "dost"]


@pytest.mark.parametrize("text", ["", " ", "%_", "...", "—", "\x00\x01\x1b", "漢字", "🦅", "'; --"])
def test_without_letters_and_digits_there_is_nothing_to_ask(text: str) -> None:
    assert read(text) == ()


def test_ten_thousand_letters_are_read_no_further_than_anyone_types() -> None:
    assert sum(len(term.text) for one in read("абв " * 2500) for term in one.terms) <= LONGEST


@given(text=st.text(max_size=60))
@settings(max_examples=60, deadline=None)
def test_every_question_is_one_that_the_store_understands(towns_url: str, text: str) -> None:
    with psycopg.connect(towns_url) as link:
        for reading in read(text):
            several = [relaxed_tsquery(reading)] if len(reading.terms) > 1 else []
            for asked in (tsquery(reading), crossing_tsquery(reading), *several):
                link.execute("SELECT %s::tsquery", (asked,))

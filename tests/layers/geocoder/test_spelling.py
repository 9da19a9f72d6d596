"""One word in any letters, well or badly typed, is one key."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.geocoder.spelling import edits, fold, other_layout, slips


@pytest.mark.parametrize(
    ("word", "spellings"),
    [
        ("Абай", "абай ABAI Abay Abaj Абaй"),
        ("Достық", "Достык достик Dostyk Dostyq Dostıq"),
        ("Қажымұқан", "Кажымукан Qajymuqan Kazhymukan Qažymuqan"),
        ("Шәкәрім", "Шакарим Shakarim Şäkärim Šäkärim"),
        ("Өтеген", "Отеген Ótegen Ötegen Otegen"),
        ("Маңғыстау", "Мангистау Mañğystau Mangystau"),
        ("Ғабдуллин", "Габдуллин Габдулин Ğabdullin Gabdullin"),
        ("Үшқоңыр", "Ушконыр Úshqońyr Ushkonyr"),
        ("Һарон", "Харон Haron Kharon"),
        ("Огарёв", "Огарев Ogarev Ogaryov"),
        ("Щепкина", "Shchepkina Schepkina"),
        ("Чайковского", "Chaikovskogo Tchaikovskogo Čajkovskogo"),
        ("Жамбыл", "Джамбыл Jambyl Zhambyl Žambyl"),
        ("Есенов", "Yesenov Esenov"),
        ("Юнусова", "Yunusova Iunusova"),
        ("Әуезов", "Ауэзов Auezov Äuezov"),
        ("ЦУМ", "TsUM CUM цум"),
        ("Сейфуллина", "Seifullina Seyfullina Sejfullina Сеифулина"),
        ("объездная", "обьездная obezdnaya ob'ezdnaya"),
    ],
)
def test_spellings_of_a_word_are_one_key(word: str, spellings: str) -> None:
    assert {spelling: fold(spelling) for spelling in spellings.split()} == dict.fromkeys(spellings.split(), fold(word))


def test_different_words_stay_different() -> None:
    words = "Абай Абылай Алатау Достық Сейфуллин Сатпаев Гоголь Жандосов Жангельдин Чокин Шокин Сокин"
    assert len({fold(word) for word in words.split()}) == len(words.split())


@given(st.text(max_size=300))
@settings(max_examples=100)
def test_a_key_is_plain_and_no_text_is_too_strange(text: str) -> None:
    assert re.fullmatch(r"[ -@\[-~]*", fold(text)), "capitals or letters beyond ASCII are left"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("f,fq", "абай"), ("Ljcnsr", "достык"), ("ljcns0", "достық"), (";b,tr ;jks", "жибек жолы"), ("фифн", "abay")],
)
def test_the_other_keyboard_layout_is_read(typed: str, meant: str) -> None:
    assert other_layout(typed) == meant


@pytest.mark.parametrize("typed", ["", "12/3", "%_", "  "])
def test_without_a_letter_there_is_no_other_layout(typed: str) -> None:
    assert other_layout(typed) is None


def test_a_house_keeps_its_digits_on_the_other_layout() -> None:
    assert other_layout("f,fz 12") == "абая 12"


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [("abai", "abai", 0), ("abai", "abvi", 1), ("baai", "abai", 1), ("aba", "abai", 1), ("", "ab", 2)],
)  # fmt: skip
def test_edits_count_what_is_put_in_left_out_changed_and_swapped(one: str, other: str, count: int) -> None:
    assert edits(one, other) == edits(other, one) == count


def test_a_short_word_bears_one_slip_and_a_long_one_two() -> None:
    assert slips("abvi", "abai") == 1
    assert slips("vvai", "abai") is None
    assert slips("saifulena", "seifulina") == 2
    assert slips("ab", "ac") is None


def test_the_beginning_of_a_word_may_be_mistyped_too() -> None:
    assert slips("seufu", "seifulina") is None
    assert slips("seuful", "seifulina") == 2

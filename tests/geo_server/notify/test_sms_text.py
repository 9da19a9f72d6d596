"""A short message's parts: counted as networks count them, joined, and never a letter torn."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_server.notify.sms_text import GSM, UCS2, parts_of

KAZAKH = "Өрт: Абай даңғылы, 1. Растаңыз. "


@pytest.mark.parametrize(
    ("text", "coding", "parts"),
    [
        ("x" * 160, GSM, 1),
        ("x" * 161, GSM, 2),
        ("x" * 306, GSM, 2),
        ("x" * 307, GSM, 3),
        ("€" * 80, GSM, 1),
        ("€" * 81, GSM, 2),
        ("ө" * 70, UCS2, 1),
        ("ө" * 71, UCS2, 2),
        ("ө" * 134, UCS2, 2),
        ("ө" * 135, UCS2, 3),
        ("", GSM, 1),
    ],
)
def test_parts_are_counted_as_networks_count_them(text: str, coding: int, parts: int) -> None:
    made = parts_of(text, 10)
    assert (made.coding, len(made.parts), made.cut, made.text) == (coding, parts, False, text)


def test_a_text_of_a_hundred_thousand_letters_is_cut_and_says_so() -> None:
    made = parts_of(KAZAKH * 3200, 4)
    assert len(made.parts) == 4 and made.cut and made.text == (KAZAKH * 9)[: 4 * 67]


def test_one_part_that_is_cut_takes_the_room_of_one_message() -> None:
    made = parts_of("ө" * 200, 1)
    assert made.text == "ө" * 70 and not made.joined and made.cut


@settings(max_examples=60, deadline=None)
@given(text=st.text(st.sampled_from("abcЖөқ€[~😀🚒"), max_size=400), most=st.integers(1, 6))
def test_what_the_parts_say_is_the_beginning_of_the_text(text: str, most: int) -> None:
    made = parts_of(text, most)
    head = 6 if made.joined else 0
    assert len(made.parts) <= most and all(len(part) <= 160 for part in made.parts)
    assert text.startswith(made.text) and made.cut == (made.text != text)
    if made.coding == UCS2:
        assert "".join(part[head:].decode("utf-16-be") for part in made.parts) == made.text
        assert all(len(part) <= 140 for part in made.parts)
    if made.joined:
        assert {part[:3] for part in made.parts} == {b"\x05\x00\x03"} and len({part[3] for part in made.parts}) == 1
        assert [(part[4], part[5]) for part in made.parts] == [(len(made.parts), n + 1) for n in range(len(made.parts))]

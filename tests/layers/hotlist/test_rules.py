"""A plate is one plate however it was typed."""

import pytest

from layers.hotlist.rules import foreign_signs, is_plate, normal


@pytest.mark.parametrize("written", ["123ABC02", " 123 abc|02 ", "123-АВС-02", "123авс 02", "123·ABC·02"])
def test_a_plate_is_one_however_it_is_typed(written: str) -> None:
    assert normal(written) == "123ABC02"


@pytest.mark.parametrize(("text", "is_one"), [("AB", False), ("A1B", True), ("A" * 15, True), ("A" * 16, False)])
def test_a_plate_has_three_to_fifteen_signs(text: str, is_one: bool) -> None:
    assert is_plate(text) == is_one


def test_letters_that_no_plate_can_hold_here_are_named() -> None:
    assert (foreign_signs("Д123ЖД "), foreign_signs("А123ВС")) == ("ДЖ", "")

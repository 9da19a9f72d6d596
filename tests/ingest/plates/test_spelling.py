"""Plates are brought to how they are truly spelt, and what is none of the country's is left as it was read."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.plates.spelling import MASKS, MOST_COST, REGIONS, spell
from layers.hotlist.rules import is_plate, normal

SIGNS = {"D": "0123456789", "L": "ABCDEFGHJKLMNOPRSTUVWXYZ", "r": "ABCDEFHKLMNPRSTXZ", "f": "FH"}


@st.composite
def plates(draw: st.DrawFn, kinds: tuple[str, ...] = tuple(MASKS)) -> tuple[str, str]:
    kind = draw(st.sampled_from(kinds))
    body = MASKS[kind].removesuffix("RR")
    region = draw(st.sampled_from(sorted(REGIONS))) if MASKS[kind].endswith("RR") else ""
    return kind, "".join(draw(st.sampled_from(SIGNS[place])) for place in body) + region


@given(plates())
def test_a_plate_that_is_spelt_right_stays_as_it_is(plate: tuple[str, str]) -> None:
    spelt = spell(plate[1])
    assert spelt is not None and (spelt.kind, spelt.text, spelt.cost) == (*plate, 0.0)


@given(plates(("person",)))
def test_the_country_sign_and_a_stroke_of_the_frame_are_left_out(plate: tuple[str, str]) -> None:
    for read in (f"KZ{plate[1]}", f"kz {plate[1][:3]} {plate[1][3:6]}|{plate[1][6:]}", f"{plate[1]}I"):
        spelt = spell(read)
        assert spelt is not None and spelt.text == plate[1]


@pytest.mark.parametrize(
    ("read", "text", "kind"),
    [
        ("I23ABC02", "123ABC02", "person"),
        ("1Z3ABCO2", "123ABC02", "person"),
        ("123A8C02", "123ABC02", "person"),
        ("123 АВС 02", "123ABC02", "person"),  # typed in Cyrillic
        ("123AB0Z", "123AB02", "organisation"),
        ("A123BC", "A123BC", "organisation_1993"),
        ("А I2З ВСD", "A123BCD", "person_1993"),
        ("H123402", "H123402", "foreign"),
        ("01KG123ABC", "01KG123ABC", "free"),
        ("A123BC02", "A123BC02", "free"),  # of Bashkortostan, and not 123 BC 02 of Almaty
        ("AB123CD", "AB123CD", "free"),  # of Georgia, and not B 123 CD of 1993
        ("KZ A123BCD", "A123BCD", "person_1993"),
        ("R908HKM13", "908HKM13", "person"),  # the strip's KZ was read as R
        ("K123BC02", "K123BC02", "free"),  # of Bashkortostan as well
        ("K123BC102", "K123BC102", "free"),
        ("B1234XY", "B1234XY", "free"),
        ("123ABC99", "123ABC99", "free"),  # there is no such region
    ],
)
def test_what_was_read_is_repaired_by_the_masks(read: str, text: str, kind: str) -> None:
    spelt = spell(read)
    assert spelt is not None and (spelt.text, spelt.kind) == (text, kind)


@given(st.text(max_size=40))
def test_whatever_is_read_is_a_plate_or_none(read: str) -> None:
    spelt = spell(read)
    assert spelt is None or (is_plate(spelt.text) and 0 <= spelt.cost <= MOST_COST)


@given(st.text(max_size=40))
def test_what_is_normal_stays_so(written: str) -> None:
    assert normal(normal(written)) == normal(written)


def test_a_repair_costs_more_the_more_was_wrong() -> None:
    right, one, two = (spell(text) for text in ("123ABC02", "I23ABC02", "IZ3ABC02"))
    assert right and one and two and right.cost < one.cost < two.cost


def test_a_plate_is_not_made_of_a_word() -> None:
    rng = random.Random(4)
    words = ["".join(rng.choice("CEFHKMNPRVWX") for _ in range(8)) for _ in range(50)]
    assert {spelt.kind for spelt in map(spell, words) if spelt} == {"free"}

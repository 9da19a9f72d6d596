import json
import re
from pathlib import Path
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from ingest.demo import words

DATA = Path(__file__).parents[3] / "data"


def test_every_category_has_something_to_say_in_both_languages() -> None:
    categories = json.loads((DATA / "categories.json").read_text(encoding="utf-8"))
    assert set(words.SAID) <= set(categories)
    assert all(kk and ru and kk != ru for said in words.SAID.values() for kk, ru in said)


@given(st.integers(0))
def test_a_caller_s_number_is_masked_and_so_nobody_s(seed: int) -> None:
    name, phone = words.caller(Random(seed))
    assert len(name.split()) == 2
    assert re.fullmatch(r"\+7 7\d\d \*\*\*-\d\d-\d\d", phone)

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.batch import MOST_ENTRIES, Position, entries, refused, told, unit_ids
from ingest.errors import Refusal

GOOD = {"device": "a1", "at": 1772366400, "lon": 76.9, "lat": 43.2}
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def read(*listed: Any) -> list[Position | None]:
    return entries(json.dumps({"positions": listed}).encode(), "positions", Position)


def test_a_whole_batch_is_read() -> None:
    assert [one and one.device for one in read(GOOD, GOOD | {"device": "a2"})] == ["a1", "a2"]


@pytest.mark.parametrize(
    "bad", [{}, None, 5, GOOD | {"lon": "east"}, GOOD | {"device": 5}, GOOD | {"lat": None}, GOOD | {"lon": 10**400}]
)
def test_an_entry_of_the_wrong_shape_costs_no_other(bad: Any) -> None:
    assert [one and one.device for one in read(GOOD, bad, GOOD)] == ["a1", None, "a1"]


def test_nan_written_as_python_writes_it_costs_no_other() -> None:
    listed = read(GOOD, GOOD | {"lon": float("nan")}, GOOD | {"lat": float("-inf")})
    assert len(listed) == 3
    assert told([one for one in listed if one])[0].tolist() == [1772366400, 76.9, 43.2, 0, 0]


@pytest.mark.parametrize(
    "sent", [b"", b"[]", b"{}", b'{"positions":5}', b'{"positions":[', b"\xff\xfe", b"[" * 100_000]
)
def test_a_body_that_is_no_batch_is_refused(sent: bytes) -> None:
    with pytest.raises(Refusal, match="malformed"):
        entries(sent, "positions", Position)


def test_a_batch_has_a_largest_size() -> None:
    with pytest.raises(Refusal, match="too_many"):
        read(*[GOOD] * (MOST_ENTRIES + 1))


@given(st.lists(json_values, max_size=5))
def test_whatever_the_entries_are_each_is_read_or_none(listed: list[Any]) -> None:
    assert len(read(*listed)) == len(listed)


def test_devices_are_looked_up_and_refusals_name_their_index() -> None:
    sent = [one for one in read(GOOD, GOOD | {"device": "nobody"}) if one]
    assert unit_ids(sent, {"a1": 7}) == [7, -1]
    assert refused(3, "not_finite").description == "A number is NaN or infinite."

import struct
from datetime import UTC, date, datetime

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from layers.tracks.fixes import COPY_END, COPY_HEADER, DAY_US, FIX, days_of, in_order, microseconds, newest, packed

pairs = st.lists(st.tuples(st.integers(1, 5), st.integers(0, 5)), max_size=40)


def fixes_of(told: list[tuple[int, int]]) -> NDArray[np.void]:
    fixes = np.zeros(len(told), FIX)
    for i, (unit_id, at) in enumerate(told):
        fixes[i]["unit_id"], fixes[i]["at"], fixes[i]["lon"] = unit_id, at, i
    return fixes


@given(pairs)
def test_in_order_keeps_each_unit_and_time_once_and_the_one_that_came_first(told: list[tuple[int, int]]) -> None:
    ordered = in_order(fixes_of(told))
    assert [(int(f["unit_id"]), int(f["at"])) for f in ordered] == sorted(set(told))
    assert [int(f["lon"]) for f in ordered] == [told.index(pair) for pair in sorted(set(told))]


@given(pairs)
def test_newest_is_each_units_last_fix(told: list[tuple[int, int]]) -> None:
    latest = newest(in_order(fixes_of(told)))
    last = {unit: max(at for u, at in told if u == unit) for unit, _ in told}
    assert {int(f["unit_id"]): int(f["at"]) for f in latest} == last
    assert len(latest) == len(last)


def test_a_packed_fix_is_what_the_binary_copy_reads() -> None:
    fixes = fixes_of([(7, microseconds(datetime(2000, 1, 1, tzinfo=UTC)) + 5)])
    row = packed(fixes)[len(COPY_HEADER) : -len(COPY_END)]
    assert struct.unpack_from("!hiqiq", row) == (7, 8, 7, 8, 5)  # seven columns; times count from 2000
    assert len(row) == 2 + 4 * 12 + 2 * 8 + 4 + 25


def test_days_are_utc_days() -> None:
    assert days_of(fixes_of([(1, DAY_US - 1), (1, DAY_US)])) == [date(1970, 1, 1), date(1970, 1, 2)]

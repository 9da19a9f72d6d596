import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ingest.latest import Latest

times = st.dictionaries(st.integers(1, 50), st.integers(0, 1000), max_size=30)


def latest_of(told: dict[int, int]) -> Latest:
    return Latest(np.array(list(told), np.int64), np.array(list(told.values()), np.int64))


@given(times, times, st.lists(st.integers(1, 60)))
def test_it_remembers_as_a_dictionary_would(before: dict[int, int], later: dict[int, int], asked: list[int]) -> None:
    remembered = latest_of(before).moved(np.array(list(later), np.int64), np.array(list(later.values()), np.int64))
    never = np.iinfo(np.int64).min
    expected = [(before | later).get(unit, never) for unit in asked]
    assert remembered.of(np.array(asked, np.int64)).tolist() == expected

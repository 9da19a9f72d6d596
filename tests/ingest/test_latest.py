import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from ingest.latest import Latest

times = st.dictionaries(st.integers(1, 50), st.integers(0, 1000), max_size=30)


def latest_of(told: dict[int, int]) -> Latest:
    return Latest(*arrays_of(told))


def arrays_of(told: dict[int, int]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Units, times, and an area a unit that follows from its time."""
    units, at = (np.array(list(values), np.int64) for values in (told.keys(), told.values()))
    return units, at, at + 7


@given(times, times, st.lists(st.integers(1, 60)))
def test_it_remembers_as_a_dictionary_would(before: dict[int, int], later: dict[int, int], asked: list[int]) -> None:
    remembered = latest_of(before).moved(*arrays_of(later))
    units = np.array(asked, np.int64)
    known = before | later
    assert remembered.of(units).tolist() == [known.get(unit, np.iinfo(np.int64).min) for unit in asked]
    assert remembered.areas_of(units).tolist() == [known[unit] + 7 if unit in known else -1 for unit in asked]

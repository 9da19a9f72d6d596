"""The fleet in memory tells the same as the rows it was made from."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from geo_server.live.fleet import Fleet
from geo_server.live.grid import mask_of
from geo_server.live.messages import RECORD
from layers.units.positions import MOVED
from layers.values import BBox

EVERYWHERE = BBox(west=-180, south=-90, east=180, north=90)


def moved(*rows: tuple[int, int, float, float, int]) -> NDArray[np.void]:
    """Rows of unit, batch, lon, lat, area."""
    found = np.zeros(len(rows), MOVED)
    for i, (unit, batch, lon, lat, area) in enumerate(rows):
        found[i] = (unit, batch, 0, lon, lat, 0, 0, area)
    return found


def units(data: bytes | memoryview) -> list[int]:
    return sorted(np.frombuffer(data, RECORD)["unit_id"].tolist())


def test_a_unit_stands_where_it_moved_last() -> None:
    fleet = Fleet.of(moved((5, 1, 76.9, 43.2, 1), (3, 1, 77.0, 43.3, 2)))
    before = fleet.move(moved((5, 2, 77.05, 43.25, 2), (9, 2, 76.8, 43.1, 1)))
    assert before.tolist() == [1, 0] and fleet.ids.tolist() == [3, 5, 9]
    everything = mask_of(fleet.grid.runs(EVERYWHERE))
    assert units(fleet.newer(everything, None, -1)) == [3, 5, 9]
    assert units(fleet.newer(everything, None, 1)) == [5, 9]
    assert units(fleet.newer(everything, frozenset({2}), -1)) == [3, 5]


@given(
    rows=st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90), st.integers(1, 3)), min_size=1, max_size=40),
    areas=st.sets(st.integers(1, 3)),
)
def test_a_sheet_holds_each_unit_of_the_scope_once_in_its_cell(
    rows: list[tuple[float, float, int]], areas: set[int]
) -> None:
    new = moved(*((i + 1, 1, lon, lat, area) for i, (lon, lat, area) in enumerate(rows)))
    fleet = Fleet.of(new)
    sheet = fleet.sheet(new, frozenset(areas))
    assert units(sheet.data) == [i + 1 for i, row in enumerate(rows) if row[2] in areas]
    for i, cell in enumerate(fleet.cell.tolist()):
        if rows[i][2] in areas:
            assert i + 1 in units(sheet.data[sheet.offsets[cell] : sheet.offsets[cell + 1]])


def test_a_grid_that_was_laid_over_few_units_is_laid_anew_over_many() -> None:
    fleet = Fleet.of(moved((1, 4, 10.0, 10.0, 7)))
    fleet.move(moved(*((n, 5, 77.0 + n / 4000, 43.0, 8) for n in range(2, 1000))))
    assert fleet.laid_over == 1 and len(set(fleet.cell.tolist())) <= 2
    fleet.lay_anew()
    assert fleet.laid_over == 1000 - 1 and len(set(fleet.cell.tolist())) > 20
    everything = mask_of(fleet.grid.runs(EVERYWHERE))
    assert units(fleet.newer(everything, frozenset({7}), -1)) == [1]


def test_a_unit_that_was_retired_is_forgotten() -> None:
    fleet = Fleet.of(moved((5, 1, 76.9, 43.2, 1), (3, 1, 77.0, 43.3, 2), (9, 1, 77.0, 43.3, 2)))
    fleet.drop([5, 77])
    assert fleet.ids.tolist() == [3, 9] and fleet.area_of(5) == 0 and fleet.area_of(9) == 2
    assert units(fleet.newer(mask_of(fleet.grid.runs(EVERYWHERE)), None, -1)) == [3, 9]

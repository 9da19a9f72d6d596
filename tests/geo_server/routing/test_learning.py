"""What tracks teach of speeds: passages of segments, their medians, and what is not believed."""

import numpy as np
import pytest
from numpy.typing import NDArray

from geo_server.routing import road_graph
from geo_server.routing.learning import ENOUGH, Passages, medians, passages
from geo_server.routing.road_router import RoadRouter
from tests.geo_server.routing.conftest import M_PER_LAT, M_PER_LON, roads_of, turns_of

FIX = [("unit_id", "i8"), ("at", "f8"), ("lon", "f8"), ("lat", "f8")]
MORNING_S = 1_777_608_000.0  # 2026-05-01 04:00 UTC, Friday 09:00 in Almaty
STREET_M = 200.0


@pytest.fixture(scope="module")
def street() -> RoadRouter:
    """Ten segments of 200 m in a row, eastwards."""
    nodes = {n: (STREET_M * n, 0.0) for n in range(11)}
    segments = [(n + 1, n, n + 1, True, True) for n in range(10)]
    return RoadRouter.over(road_graph.build(roads_of(nodes, segments), turns_of()))


def drive(east_m: list[float], *, every_s: float = 10.0, unit: int = 1, north_m: float = 3.0) -> NDArray[np.void]:
    fixes = np.zeros(len(east_m), FIX)
    fixes["unit_id"], fixes["at"] = unit, MORNING_S + every_s * np.arange(len(east_m))
    fixes["lon"], fixes["lat"] = 76.9 + np.array(east_m) / M_PER_LON, 43.2 + north_m / M_PER_LAT
    return fixes


def told(street: RoadRouter, fixes: NDArray[np.void]) -> dict[int, float]:
    found = passages(street, fixes)
    return dict(zip(found.drive.tolist(), found.kmh.round(1).tolist(), strict=True))


def test_a_steady_drive_over_several_segments_gives_each_its_speed_and_hour(street: RoadRouter) -> None:
    found = passages(street, drive([100.0 * i for i in range(12)]))  # 10 m/s, junction after junction
    assert (found.drive % 2 == 0).all() and set(found.drive // 2) == {0, 1, 2, 3, 4, 5}
    assert found.kmh == pytest.approx(np.full(len(found.kmh), 36.0), rel=0.01)
    assert set(found.band.tolist()) == {9}


def test_the_way_back_is_the_other_direction(street: RoadRouter) -> None:
    assert all(drive_ % 2 == 1 for drive_ in told(street, drive([1000 - 100.0 * i for i in range(8)])))


def test_a_wait_at_a_light_counts_into_the_passage(street: RoadRouter) -> None:
    found = told(street, drive([10, 100, 190, 190, 190, 190, 290]))
    assert found[0] == pytest.approx(190 / 60 * 3.6 * 1.0, rel=0.2), "50 s for what a free drive does in 20"


def test_a_parked_car_teaches_nothing(street: RoadRouter) -> None:
    assert told(street, drive([100.0 + i % 3 for i in range(50)])) == {}


def test_a_gap_a_jump_and_a_place_beside_the_road_are_not_believed(street: RoadRouter) -> None:
    assert told(street, drive([0, 150], every_s=60)) == {}, "a minute apart"
    assert told(street, drive([0, 1900], every_s=10)) == {}, "684 km/h"
    assert told(street, drive([0, 150, 300], north_m=80.0)) == {}, "80 m beside"


def test_two_units_in_a_row_are_not_one(street: RoadRouter) -> None:
    both = np.concatenate([drive([0, 90], unit=1), drive([900, 990], unit=2)])
    assert set(told(street, both)) == {0, 8}


def test_the_median_is_written_where_there_is_enough(street: RoadRouter) -> None:
    kmh = np.array([10.0, 20, 30, 40, 90, 50, 50])
    drives = np.array([4] * 5 + [7] * 2)
    found = medians(street, [Passages(drive=drives, band=np.full(7, 9, np.int8), kmh=kmh)])
    assert (found.road_id.tolist(), found.direction.tolist(), found.band.tolist()) == ([3], [0], [9])
    assert found.speed_kmh.tolist() == [30.0] and found.samples.tolist() == [5] and ENOUGH == 5


def test_nothing_recorded_teaches_nothing(street: RoadRouter) -> None:
    assert len(medians(street, [passages(street, drive([]))]).road_id) == 0

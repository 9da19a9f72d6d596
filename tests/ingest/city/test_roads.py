import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.city.roads import SPEED_KMH, Directions, directions, limit_kmh, speed_kmh, split, why_not_driven

BOTH, ALONG, AGAINST = (Directions(forward=f, backward=b) for f, b in ((True, True), (True, False), (False, True)))


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"highway": "residential"}, BOTH),
        ({"highway": "residential", "oneway": "no"}, BOTH),
        ({"highway": "primary", "oneway": "yes"}, ALONG),
        ({"highway": "primary", "oneway": "1"}, ALONG),
        ({"highway": "primary", "oneway": "-1"}, AGAINST),
        ({"highway": "tertiary", "junction": "roundabout"}, ALONG),
        ({"highway": "tertiary", "junction": "circular"}, ALONG),
        ({"highway": "motorway"}, ALONG),
        ({"highway": "motorway_link"}, ALONG),
        ({"highway": "motorway", "oneway": "no"}, BOTH),
        ({"highway": "trunk"}, BOTH),
    ],
)
def test_directions_follow_oneway_roundabouts_and_motorways(tags: dict[str, str], expected: Directions) -> None:
    assert directions(tags) == expected


@given(highway=st.sampled_from(sorted(SPEED_KMH)), oneway=st.text(max_size=4), junction=st.text(max_size=10))
def test_every_road_may_be_driven_in_at_least_one_direction(highway: str, oneway: str, junction: str) -> None:
    found = directions({"highway": highway, "oneway": oneway, "junction": junction})
    assert found.forward or found.backward


@pytest.mark.parametrize(
    ("value", "kmh"),
    [
        ("60", 60.0),
        ("60 km/h", 60.0),
        ("30 mph", 48.28032),
        ("KZ:urban", 60.0),
        ("KZ:rural", 90.0),
        ("FI:urban", 50.0),
        ("DE:zone:30", 30.0),
        ("walk", 6.0),
        ("50;70", 50.0),
        ("none", 130.0),
        ("0", None),
        ("900", None),
        ("signals", None),
        ("", None),
        ("-40", None),
        ("nan", None),
        ("²", None),
        ("DE:zone:²", None),
    ],
)
def test_a_speed_limit_is_read_in_the_forms_that_maps_use(value: str, kmh: float | None) -> None:
    assert limit_kmh(value) == (None if kmh is None else pytest.approx(kmh))


@given(st.text(max_size=20), st.sampled_from(sorted(SPEED_KMH)))
def test_whatever_stands_in_maxspeed_the_speed_is_one_a_car_can_drive(value: str, highway: str) -> None:
    assert 0 < speed_kmh({"highway": highway, "maxspeed": value}) <= 200


def test_without_a_limit_the_class_gives_the_speed_and_the_slower_direction_wins() -> None:
    assert speed_kmh({"highway": "living_street"}) == 20
    assert speed_kmh({"highway": "primary", "maxspeed:forward": "70", "maxspeed:backward": "50"}) == 50


@given(st.lists(st.integers(1, 12), min_size=2, max_size=30), st.sets(st.integers(1, 12)))
def test_splitting_loses_no_stretch_and_no_piece_runs_through_a_junction(nodes: list[int], junctions: set[int]) -> None:
    pieces = [nodes[cut] for cut in split(nodes, junctions)]
    assert [pair for piece in pieces for pair in itertools.pairwise(piece)] == list(itertools.pairwise(nodes))
    assert all(not junctions.intersection(piece[1:-1]) for piece in pieces)
    assert all(before[-1] == after[0] for before, after in itertools.pairwise(pieces))


@pytest.mark.parametrize(
    ("tags", "why"),
    [
        ({"highway": "footway"}, "not for cars: highway=footway"),
        ({"highway": "pedestrian"}, "not for cars: highway=pedestrian"),
        ({"highway": "service", "area": "yes"}, "an area, not a line"),
        ({"highway": "residential", "motor_vehicle": "no"}, "closed to motor vehicles"),
        ({"highway": "residential", "access": "private"}, None),
        ({"highway": "track", "access": "no", "motor_vehicle": "yes"}, None),
    ],
)
def test_only_what_a_car_may_drive_is_a_road(tags: dict[str, str], why: str | None) -> None:
    assert why_not_driven(tags) == why

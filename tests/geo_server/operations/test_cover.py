"""Cover: what a service reaches in time, what each unit alone holds of it, and which move brings it back."""

from dataclasses import replace

import numpy as np
import pytest

from geo_server.operations.cover import Cover, Penalty, Target, cover_of, ground_of, rolled_up, standard
from geo_server.operations.standby import moves
from geo_server.routing import road_graph
from geo_server.routing.road_router import RoadRouter
from geo_server.routing.router import Stands
from layers.areas.schema import Area
from layers.places.queries import Place
from layers.roads.queries import Restrictions, RoadRows
from layers.values import Level, LonLat, Service, Title

NAME = Title(kk="а", ru="б", en="c")
CITY, WEST, EAST = 1, 2, 3
ROADS, STEP_M = 40, 200.0  # one street of 8 km at 36 km/h, 20 s a road; the western half is one area, the other another
M_PER_LON = 111_195.08 * np.cos(np.radians(43.2))
TREE = [
    Area(id=CITY, parent_id=None, level=Level.CITY, code="C", name=NAME, approximate=False),
    Area(id=WEST, parent_id=CITY, level=Level.DISTRICT, code="W", name=NAME, approximate=False),
    Area(id=EAST, parent_id=CITY, level=Level.DISTRICT, code="E", name=NAME, approximate=False),
]
TARGET = Target(target_s=105.0, share=0.9, areas={})


def east(metres: float) -> LonLat:
    return LonLat(lon=76.9 + metres / M_PER_LON, lat=43.2)


@pytest.fixture(scope="module")
def street() -> RoadRouter:
    ends = STEP_M * np.arange(ROADS + 1) / M_PER_LON + 76.9
    none = np.empty(0, dtype=np.int64)
    rows = RoadRows(
        id=np.arange(ROADS),
        from_node=np.arange(ROADS),
        to_node=np.arange(ROADS) + 1,
        forward=np.ones(ROADS, dtype=np.bool_),
        backward=np.ones(ROADS, dtype=np.bool_),
        speed_kmh=np.full(ROADS, 36.0),
        length_m=np.full(ROADS, STEP_M),
        road_class=np.zeros(ROADS, dtype=np.int8),
        area_id=np.repeat([WEST, EAST], ROADS // 2).astype(np.int64),
        offsets=2 * np.arange(ROADS + 1),
        lon=np.stack([ends[:-1], ends[1:]], axis=1).ravel(),
        lat=np.full(2 * ROADS, 43.2),
    )
    turns = Restrictions(from_road_id=none, via_node=none, to_road_id=none, only=np.empty(0, dtype=np.bool_))
    return RoadRouter.over(road_graph.build(rows, turns))


def covered(router: RoadRouter, target: Target = TARGET, **units: float) -> Cover:
    """The cover by units (`u1` …) that stand so many metres east of the street's beginning."""
    stands = Stands.of([(int(name[1:]), east(metres)) for name, metres in units.items()])
    ground = ground_of(router, np.ones(ROADS), target, TREE, None)
    home = {int(name[1:]): WEST if metres < 4000 else EAST for name, metres in units.items()}
    return cover_of(Service.FIRE, router, ground, stands, home, target.share)


def test_the_share_is_what_is_reached_in_time_by_area_and_rolled_up(street: RoadRouter) -> None:
    found = covered(street, u1=2000.0)
    # 105 s at 10 m/s is five roads each way, and the one whose nearer end is 1,000 m away.
    assert found.share == pytest.approx(12 / 40)
    assert found.by_area == {WEST: pytest.approx(12 / 20), EAST: 0.0}
    assert rolled_up(found, TREE) == {CITY: pytest.approx(0.3), WEST: pytest.approx(0.6), EAST: 0.0}
    assert found.falls_short


def test_what_two_units_reach_is_lost_by_neither_alone(street: RoadRouter) -> None:
    apart = covered(street, u1=2000.0, u2=6000.0)
    assert {unit: lost.share for unit, lost in apart.lost.items()} == {1: pytest.approx(0.6), 2: pytest.approx(0.6)}
    assert (apart.lost[1].area_id, apart.lost[2].area_id) == (WEST, EAST)
    assert covered(street, u1=2000.0, u2=2000.0).lost == {}
    overlapping = covered(street, u1=2000.0, u2=3000.0)
    assert overlapping.lost[1].share == pytest.approx(5 / 20)


def test_what_a_unit_loses_is_what_is_missing_when_it_has_left(street: RoadRouter) -> None:
    rng = np.random.default_rng(3)
    at = {f"u{i}": float(metres) for i, metres in enumerate(rng.uniform(0, 8000, 7))}
    whole = covered(street, TARGET, **at)
    for name, metres in at.items():
        left = covered(street, TARGET, **{other: m for other, m in at.items() if other != name})
        own = WEST if metres < 4000 else EAST
        lost = whole.lost.get(int(name[1:]))
        assert (lost.share if lost else 0.0) == pytest.approx(whole.by_area[own] - left.by_area[own])


def test_an_area_may_have_a_target_of_its_own_and_what_lies_below_has_it_too(street: RoadRouter) -> None:
    assert covered(street, Target(target_s=105.0, share=0.9, areas={"W": 45.0}), u1=2000.0).share < 0.3
    wider = Target(target_s=105.0, share=0.9, areas={"C": 500.0})
    assert covered(street, wider, u1=4000.0).share == pytest.approx(1.0)


def test_roads_beyond_the_viewers_areas_do_not_count(street: RoadRouter) -> None:
    ground = ground_of(street, np.ones(ROADS), TARGET, TREE, frozenset({EAST}))
    found = cover_of(Service.FIRE, street, ground, Stands.of([(1, east(2000))]), {1: WEST}, 0.9)
    assert (found.share, found.by_area) == (0.0, {EAST: 0.0})


def test_demand_weighs(street: RoadRouter) -> None:
    demand = np.ones(ROADS)
    demand[10] = 61.0
    ground = ground_of(street, demand, TARGET, TREE, None)
    found = cover_of(Service.FIRE, street, ground, Stands.of([(1, east(2000))]), {1: WEST}, 0.9)
    assert found.share == pytest.approx(72 / 100)


def test_nobody_covers_nothing(street: RoadRouter) -> None:
    found = covered(street)
    assert (found.share, found.lost) == (0.0, {})


def test_the_penalty_grows_with_what_is_lost_up_to_a_limit_and_weighs_less_the_more_urgent_it_is() -> None:
    penalty = Penalty(s_per_point=6, at_most_s=180, share_by_priority={"1": 0.25, "4": 1})
    assert penalty.seconds(0.1, 4) == pytest.approx(60)
    assert penalty.seconds(0.9, 4) == 180
    assert penalty.seconds(0.1, 1) == pytest.approx(15)


def test_every_service_has_a_target_and_posts() -> None:
    known = standard()
    assert set(known.services) == set(Service) == set(known.posts)
    assert all(0 < target.share <= 1 and target.target_s > 0 for target in known.services.values())
    assert set(known.penalty.share_by_priority) == {"1", "2", "3", "4"}


def post(number: int, metres: float) -> Place:
    return Place(id=number, kind="fire_station", name=NAME, place=east(metres))


def test_the_unit_that_loses_least_goes_to_the_post_that_brings_most(street: RoadRouter) -> None:
    cover = covered(street, u1=2000.0, u2=2200.0, u3=1900.0)
    found = moves(street, cover, [post(1, 2100.0), post(2, 6000.0)], {1: "101-1", 2: "101-2", 3: "101-3"})
    assert found[0].post.id == 2 and found[0].after > found[0].before
    assert found[0].unit_id == 1, "the one between the others: they hold what it leaves"
    assert found[0].after == pytest.approx(covered(street, u1=6000.0, u2=2200.0, u3=1900.0).share)
    assert "101-1" in found[0].reason.kk and "%" in found[0].reason.ru
    assert len({move.unit_id for move in found}) == len(found)


def test_where_cover_is_on_target_or_no_move_helps_none_is_proposed(street: RoadRouter) -> None:
    enough = covered(street, Target(target_s=105.0, share=0.2, areas={}), u1=2000.0)
    assert moves(street, enough, [post(1, 6000.0)], {}) == []
    alone = covered(street, u1=2000.0)
    assert moves(street, alone, [post(1, 2000.0)], {}) == []
    assert moves(street, replace(alone), [], {}) == []
    assert moves(street, covered(street), [post(1, 6000.0)], {}) == []


def test_who_was_asked_to_stand_by_counts_as_there_and_is_not_asked_again(street: RoadRouter) -> None:
    cover, posts = covered(street, u1=2000.0, u2=2200.0, u3=1900.0), [post(1, 2100.0), post(2, 6000.0)]
    asked = moves(street, cover, posts, {})[0]
    again = moves(street, cover, posts, {}, {asked.unit_id: asked.post})
    assert asked.unit_id not in {move.unit_id for move in again}
    assert asked.post.id not in {move.post.id for move in again}
    assert all(move.before >= asked.after for move in again)
    assert moves(street, cover, posts, {}, {77: posts[1]})[0] == asked, "one that is not free any more counts nowhere"

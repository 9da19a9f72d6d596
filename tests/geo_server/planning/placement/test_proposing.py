"""What is proposed keeps to the money, the houses, the forbidden zones and the rules, and tells its bound."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import msgspec
import numpy as np
import pytest
import shapely

from geo_server.errors import ERRORS
from geo_server.planning.compliance.judging import Verdict
from geo_server.planning.placement.kinds import SOURCES, offer
from geo_server.planning.placement.moving import moved
from geo_server.planning.placement.proposing import propose
from geo_server.planning.placement.question import Demand
from geo_server.planning.placement.schema import Hangs, Near, Proposal
from geo_server.planning.placement.spots import Land, spots
from geo_server.planning.placement.ways import judge, ways
from geo_server.planning.placement.worth import laid_out
from geo_server.planning.viewsheds.cameras import Houses
from layers.coverage.schema import Looking
from tests.geo_server.planning.placement.town import (
    LON,
    asked,
    houses,
    metres_on_grid,
    place,
    proposed,
    question,
    spot,
    standing,
    zone,
)

BORDER = 78.0  # degrees east: here zone 43 ends
TALL = tuple(msgspec.structs.replace(one, heights_m=(30.0,)) for one in offer().kinds)  # above every roof
PURPOSES = ("situation", "left_object", "plate", "person")


@pytest.fixture(scope="module")
def plan() -> Proposal:
    return proposed(amount=4)


def counted(found: Proposal) -> float:
    return float(found.figures["weight"]["after"] - found.figures["weight"]["before"])


@pytest.mark.parametrize("purpose", PURPOSES)
def test_every_proposed_camera_meets_the_rules_of_its_purpose_and_breaks_none(purpose: str) -> None:
    found = proposed(purpose=purpose, amount=5)
    assert len(found.cameras) == 5
    needed = {
        "situation": {"motion_height", "situation_tilt", "moving_size"},
        "left_object": {"left_height", "situation_tilt", "left_size"},
        "plate": {"road_height", "plate_vertical", "plate_width", "plate_zone"},
        "person": {"person_height", "person_tilt", "person_size"},
    }[purpose]
    for one in found.cameras:
        assert needed <= set(one.looks.meets) and one.looks.breaks == []
        assert one.adds > 0 and one.looks.ground_m2 > 0


@pytest.mark.parametrize("source", SOURCES[:2] + SOURCES[3:])
def test_no_camera_hangs_in_a_house_nor_outside_of_the_region(source: str) -> None:
    found = proposed(sources=(source,), amount=6)
    assert found.cameras and {one.source for one in found.cameras} == {source}
    for one in found.cameras:
        place = spot(one.hangs.lon, one.hangs.lat)
        assert not any(shapely.intersects(house, place) for house in houses())
        assert max(abs(place.x), abs(place.y)) <= 110.01


def test_more_money_never_buys_less_and_no_plan_costs_more_than_there_is() -> None:
    plans = [(money, proposed(aim="budget", amount=money)) for money in (1e5, 6e5, 1.5e6, 4e6)]
    for money, found in plans:
        assert sum(one.price for one in found.cameras) == pytest.approx(found.figures["price"])
        assert found.figures["price"] <= money
        assert counted(found) == pytest.approx(found.figures["value"])
        assert found.figures["value"] <= found.figures["bound"] * (1 + 1e-6) + 1e-9
    assert plans[0][1].cameras == []
    assert all(counted(less) <= counted(more) + 1e-9 for (_, less), (_, more) in pairwise(plans))


def test_a_wanted_cover_is_reached_and_told_where_it_cannot_be() -> None:
    found = proposed(aim="cover", amount=0.3)
    weight = found.figures["weight"]
    assert found.figures["reached"] and weight["after"] >= 0.3 * weight["whole"] - 1e-6
    assert found.figures["bound"] <= found.figures["cost"] * (1 + 1e-9)
    assert not proposed(aim="cover", amount=1.0, purpose="person").figures["reached"]


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"standing": {"streets": [], "points": []}}, "placement_counts_nothing"),
        ({"zones": [zone(shapely.box(-300, -300, 300, 300))]}, "placement_counts_nothing"),
        ({"sources": ("pole",)}, "placement_nowhere"),
        ({"aim": "budget", "amount": 100.0}, "placement_too_dear"),
        ({"aim": "cover", "amount": 0.0}, "placement_seen_already"),
        ({"sources": ("corner",), "kinds": TALL}, "placement_sees_nothing"),
        ({}, None),
    ],
)
def test_a_proposal_without_cameras_says_why(changed: dict[str, Any], why: str | None) -> None:
    ground = asked(**{name: told for name, told in changed.items() if name != "standing"})
    bare = replace(ground, standing=replace(ground.standing, **changed.get("standing", {})))
    assert propose(bare, lambda done, total: None).figures["nothing"] == why
    assert why is None or ERRORS[why]


def test_a_region_on_the_border_of_two_zones_is_planned_in_either_alike() -> None:
    ground = asked(amount=3)
    assert ground.standing.buildings.wkb is not None
    there = replace(
        ground.standing,
        buildings=replace(ground.standing.buildings, wkb=_east(ground.standing.buildings.wkb)),
        streets=[_east(one) for one in ground.standing.streets],
        points=[],
    )
    moved = replace(ground, region=_east(ground.region), standing=there)
    west, east = (propose(replace(moved, epsg=epsg), lambda done, total: None) for epsg in (32643, 32644))
    assert counted(west) > 0 and counted(east) == pytest.approx(counted(west), rel=0.05)
    for one in (*west.cameras, *east.cameras):
        assert abs(one.hangs.lon - BORDER) < 0.002


def _east(wkb: bytes) -> bytes:
    """A shape moved to where two zones meet."""
    shape = shapely.transform(shapely.from_wkb(wkb), lambda xy: xy + np.array([BORDER - LON, 0.0]))
    found: bytes = shapely.to_wkb(shape)
    return found


def test_nobody_hangs_in_a_forbidden_zone_or_looks_into_one(plan: Proposal) -> None:
    first = plan.cameras[0]
    shape = spot(first.hangs.lon, first.hangs.lat).buffer(12)
    found = proposed(amount=4, zones=[zone(shape)])
    assert found.cameras
    for one in found.cameras:
        assert not shapely.intersects(shape, spot(one.hangs.lon, one.hangs.lat))
        assert one.looks.refused == [] and one.looks.masks == []
    cells, weight = laid_out(found.squares, found.cell_m)
    inside = cells.filled(np.array([metres_on_grid(shape)], object)).ravel()
    assert inside.any() and not weight[inside].any(), "what lies in a zone counts nothing"


def test_what_is_only_to_be_masked_is_told_with_each_camera_that_sees_it(plan: Proposal) -> None:
    shape = shapely.box(-110, -110, 110, -90)
    found = proposed(amount=8, zones=[zone(shape, "mask", 7)])
    seeing = [one for one in found.cameras if one.looks.masks]
    assert all(one.looks.masks == [7] for one in seeing)
    assert counted(found) > 0 and found.figures["weight"]["whole"] < plan.figures["weight"]["whole"]


def test_what_a_camera_sees_already_counts_no_more(plan: Proposal) -> None:
    first = plan.cameras[0].hangs
    there = Looking(
        id=1, owner_kind="state", lon=first.lon, lat=first.lat, height_m=first.height_m, range_m=150.0, width_px=3840,
        height_px=2160, heading_deg=first.heading_deg, tilt_deg=first.tilt_deg, roll_deg=0.0, hfov_deg=first.hfov_deg,
    )  # fmt: skip
    found = proposed(amount=4, cameras=[there])
    assert found.figures["weight"]["before"] > 0
    assert counted(found) < counted(plan)


def test_what_one_that_turns_sees_from_several_sides_counts_once() -> None:
    turning = tuple(msgspec.structs.replace(one, heights_m=(6.0,)) for one in offer().kinds if one.kind == "ptz")
    found = proposed(amount=2, kinds=turning, sources=("crossing",))
    for one in found.cameras:
        cells = np.frombuffer(one.looks.cells, np.int64)
        assert len(cells) and (np.diff(cells) > 0).all()
    assert counted(found) <= found.figures["weight"]["whole"]


def test_a_place_that_somebody_wants_to_be_seen_is(plan: Proposal) -> None:
    lon, lat = place(-95, 95)
    found = proposed(amount=1, demands=(Demand(lon=lon, lat=lat, weight=1000.0),))
    assert found.figures["weight"]["after"] > 300


def test_one_post_carries_one_camera_and_what_each_adds_falls(plan: Proposal) -> None:
    places = {(one.hangs.lon, one.hangs.lat) for one in plan.cameras}
    assert len(places) == len(plan.cameras)
    adds = [one.adds for one in plan.cameras]
    assert adds == sorted(adds, reverse=True) and sum(adds) == pytest.approx(plan.figures["value"])


def test_it_tells_how_far_it_is_and_can_be_called_off() -> None:
    heard: list[tuple[int, int]] = []

    def tell(done: int, total: int) -> None:
        heard.append((done, total))
        if done == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        proposed(tell, amount=2)
    assert [done for done, _ in heard] == [0, 1] and heard[0][1] > 1


def near(plan: Proposal, but: int, *zones: object) -> Near:
    others = [one.looks.cells for n, one in enumerate(plan.cameras) if n != but]
    ground = asked()
    return Near(
        question=question(), epsg=ground.epsg, cell_m=plan.cell_m, houses=standing().buildings, squares=plan.squares,
        zones=list(zones), others=others,  # type: ignore[arg-type]
    )  # fmt: skip


def test_a_camera_that_is_not_moved_sees_what_it_was_proposed_for(plan: Proposal) -> None:
    last = len(plan.cameras) - 1
    found = moved(near(plan, last), plan.cameras[last].hangs)
    assert found.adds == pytest.approx(plan.cameras[last].adds, rel=0.02)
    assert found.looks.ground_m2 == pytest.approx(plan.cameras[last].looks.ground_m2, rel=0.01)
    assert set(np.frombuffer(found.looks.cells, np.int64)) & set(
        np.frombuffer(plan.cameras[last].looks.cells, np.int64)
    )


def test_a_camera_moved_into_a_house_or_a_forbidden_zone_is_told_so_and_one_too_low_breaks_its_rule(
    plan: Proposal,
) -> None:
    own = plan.cameras[0].hangs
    lon, lat = place(50, 50)
    shape = spot(own.lon, own.lat).buffer(3)
    assert moved(near(plan, 0), _at(own, lon=lon, lat=lat)).inside
    there = moved(near(plan, 0, zone(shape)), own)
    assert there.forbidden and not there.inside
    assert "motion_height" in moved(near(plan, 0), _at(own, height_m=2.0)).looks.breaks


def _at(hangs: Hangs, **told: float) -> Hangs:
    return replace(hangs, **told)  # type: ignore[arg-type]


def test_a_crossing_has_a_spot_between_each_two_arms_and_a_post_stands_beside_its_street() -> None:
    streets = np.array(
        [shapely.LineString([(0, 0), end]) for end in ((100, 0), (-100, 0), (0, 100), (0, -100))], object
    )
    land = Land(
        region=shapely.box(-200, -200, 200, 200),
        forbidden=np.empty(0, object),
        streets=streets,
        houses=Houses.of(np.empty(0, object), np.empty(0)),
        poles_m=np.array([[150.0, 150.0]]),
    )
    found = spots(land, ("crossing",), 40)
    assert sorted((round(one.east_m, 1), round(one.north_m, 1)) for one in found) == [
        (-5.7, -5.7), (-5.7, 5.7), (5.7, -5.7), (5.7, 5.7),
    ]  # fmt: skip
    posts = spots(land, ("post",), 40)
    assert len(posts) == 4 * 2  # at 20 and 60 m of each arm
    assert all(min(abs(one.east_m), abs(one.north_m)) == pytest.approx(4) for one in posts)
    assert [one.source for one in spots(land, ("pole",), 40)] == ["pole"]


def test_a_corner_looks_away_from_its_house_and_no_camera_hangs_above_its_roof() -> None:
    low = Houses.of(np.array([shapely.box(10, 10, 30, 30)], object), np.array([3.0]))
    land = Land(
        region=shapely.box(-200, -200, 200, 200),
        forbidden=np.empty(0, object),
        streets=np.array([shapely.LineString([(0, 0), (100, 0)])], object),
        houses=low,
        poles_m=np.empty((0, 2)),
    )
    found = spots(land, ("corner",), 40)
    assert len(found) == 4 and all(one.top_m == 3.0 for one in found)
    east = next(one for one in found if one.east_m > 30 and one.north_m > 30)
    assert east.heads[1].heading_deg == pytest.approx(45)
    hung = ways(question(purpose="person"), found)
    assert len(hung) and hung.height_m.max() <= 3.0
    assert (judge(question(purpose="person"), hung).worst() != Verdict.BREAKS).all()


def test_kinds_have_prices_and_words_in_three_languages() -> None:
    found = offer()
    assert set(found.mounts) == set(SOURCES)
    for title in (*(one.title for one in found.kinds), *(one.title for one in found.mounts.values())):
        assert title.kk and title.ru and title.en
    assert all(one.price > 0 for one in found.kinds)

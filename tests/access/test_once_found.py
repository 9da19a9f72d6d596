"""What the three oracles once disagreed on, each said in a world of its own."""

import asyncio
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest

from geo_server.door.cluster import Store
from tests.access.driving import Driver, driven
from tests.access.live import listening
from tests.access.model import Looker, Row, World, sight_of
from tests.access.world import Builder, Given, Person, Plan, lookers

# The Republic, an oblast with two closed cities, another oblast: as many areas are open as the first one ever had.
PLAN = Plan(
    tree=((0, True), (1, False), (1, False), (0, True)),
    people=(
        Person("dispatcher", 1, 1),
        Person("dispatcher", 4, 4),
        Person("administrator", 1, 1),
        Person("administrator", 4, 4),
        Person("commander", 0, 0),
    ),
    grants=(Given("area", 4, 1, "runs"), Given("area", 4, 0, "runs")),
    rows=dict.fromkeys(("camera", "incident", "event", "unit", "dispatch"), 24),
    seed=3,
)


@pytest.fixture
def owner(store: Store, bare: str) -> Iterator[psycopg.Connection[Any]]:
    name = f"world_{uuid.uuid4().hex[:12]}"
    store.create_database(name, bare)
    with psycopg.connect(store.url(name), autocommit=True) as owner:
        yield owner
    store.drop_database(name)


def _build(owner: psycopg.Connection[Any], *, grants: bool) -> None:
    with owner.transaction():
        Builder(owner, PLAN if grants else replace(PLAN, grants=())).build()


def _url(store: Store, owner: psycopg.Connection[Any]) -> str:
    return store.url(owner.info.dbname)


async def _get(driver: Driver, looker: Looker, path: str) -> Any:
    answer = await driver.http(looker, "GET", path)
    assert answer.status_code == 200, answer.text
    return answer.json()


def _people(world: World) -> dict[tuple[str, int], Looker]:
    order = sorted(world.areas)
    return {(looker.role, order.index(looker.own)): looker for looker in lookers(world)}


def test_a_scope_with_as_many_areas_as_are_open_is_not_the_whole(
    store: Store, owner: psycopg.Connection[Any], tmp_path: Path
) -> None:
    _build(owner, grants=False)

    async def play() -> None:
        async with driven(_url(store, owner), tmp_path, owner) as driver:
            world = driver.world()
            looker = _people(world)["dispatcher", 1]
            sight = sight_of(world, looker)
            assert sight is not None and len(sight.areas) == sum(area.is_open for area in world.areas.values())
            async with listening(driver, looker) as listener:
                await listener.say({"type": "view", "bbox": [60.0, 40.0, 80.0, 60.0]})
                assert await listener.until_frame() <= set(sight.seen("unit"))

    asyncio.run(play())


def test_the_bell_of_a_row_that_no_layer_shows_is_heard_by_nobody_below(
    store: Store, owner: psycopg.Connection[Any], tmp_path: Path
) -> None:
    _build(owner, grants=False)

    async def play() -> None:
        async with driven(_url(store, owner), tmp_path, owner) as driver:
            world = driver.world()
            looker = _people(world)["dispatcher", 1]
            unplaced = next(row.id for row in world.rows["unit"].values() if row.shape is None)
            async with listening(driver, looker) as listener:
                for layer, id in (("units", unplaced), ("areas", min(world.areas))):
                    owner.execute("INSERT INTO change (layer, feature_id) VALUES (%s, %s)", (layer, id))
                owner.execute("NOTIFY qyran")
                await listener.until_told("areas", min(world.areas))
                assert ("units", unplaced) not in listener.changes

    asyncio.run(play())


def test_a_look_at_an_area_is_not_its_administration(
    store: Store, owner: psycopg.Connection[Any], tmp_path: Path
) -> None:
    _build(owner, grants=True)

    async def play() -> None:
        async with driven(_url(store, owner), tmp_path, owner) as driver:
            people = _people(driver.world())
            given, theirs = people["administrator", 1], people["administrator", 4]
            theirs_too = people["dispatcher", 4].name
            await _get(driver, people["dispatcher", 4], "/api/units")
            log = (await _get(driver, given, "/api/audit?limit=500"))["entries"]
            assert not {entry["who"] for entry in log if entry["area"]["id"] == theirs.own}
            assert theirs_too not in str(await _get(driver, given, "/api/accounts"))
            grants = (await _get(driver, given, "/api/grants"))["grants"]
            assert {grant["to"]["id"] for grant in grants} == {given.own}
            assert len((await _get(driver, theirs, "/api/grants"))["grants"]) == 2

    asyncio.run(play())


def test_a_dispatch_is_told_with_its_units_name_wherever_that_has_driven(
    store: Store, owner: psycopg.Connection[Any], tmp_path: Path
) -> None:
    _build(owner, grants=False)

    async def play() -> None:
        async with driven(_url(store, owner), tmp_path, owner) as driver:
            world = driver.world()
            looker = _people(world)["dispatcher", 1]
            sight = sight_of(world, looker)
            assert sight is not None
            away = _first(sight.seen("dispatch"), lambda row: row.told["unit_id"] not in sight.seen("unit"))
            told = await _get(driver, looker, f"/api/dispatches/{away.id}")
            assert told["unit"]["call_sign"] == f"U-{away.told['unit_id']}"

    asyncio.run(play())


def test_a_unit_that_is_bound_out_of_sight_is_busy(
    store: Store, owner: psycopg.Connection[Any], tmp_path: Path
) -> None:
    _build(owner, grants=False)

    async def play() -> None:
        async with driven(_url(store, owner), tmp_path, owner) as driver:
            world = driver.world()
            looker = _people(world)["dispatcher", 1]
            sight = sight_of(world, looker)
            assert sight is not None
            incidents = [row for row in sight.seen("incident").values() if row.told["state"] == "pending"]
            units = sight.seen("unit")
            bound = _first(
                world.rows["dispatch"],
                lambda row: (
                    not sight.sees(row)
                    and row.told["status"] in ("dispatched", "enroute", "onscene")
                    and row.told["unit_id"] in units
                    and units[row.told["unit_id"]].shape is not None
                    and units[row.told["unit_id"]].told["duty"] == "on"
                ),
            )
            order = {"units": [bound.told["unit_id"]]}
            answer = await driver.http(looker, "POST", f"/api/incidents/{incidents[0].id}/dispatches", body=order)
            assert answer.status_code == 409 and answer.json()["code"] == "unit_busy"

    asyncio.run(play())


def test_an_event_tells_nothing_of_a_camera_that_stands_out_of_sight(
    store: Store, owner: psycopg.Connection[Any], tmp_path: Path
) -> None:
    _build(owner, grants=False)

    async def play() -> None:
        async with driven(_url(store, owner), tmp_path, owner) as driver:
            world = driver.world()
            looker = _people(world)["dispatcher", 1]
            sight = sight_of(world, looker)
            assert sight is not None
            cameras = sight.seen("camera")
            event = _first(sight.seen("event"), lambda row: (row.told["camera_id"] or min(cameras)) not in cameras)
            assert (await _get(driver, looker, f"/api/events/{event.id}"))["camera"] is None

    asyncio.run(play())


def _first(rows: Mapping[int, Row], holds: Callable[[Row], bool]) -> Row:
    return next(row for row in rows.values() if holds(row))

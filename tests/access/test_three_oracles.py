"""The reference, HTTP and the tables themselves say the same of who sees what, in random worlds and through every door.

`QYRAN_PROFILE=nightly` asks fifty thousand times and more, otherwise it is a few thousand.
"""

import asyncio
import os
import random
import uuid
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from geo_server.door.cluster import Store
from tests.access.acts import act
from tests.access.doors.asker import Asker
from tests.access.driving import Driver, Leak, driven
from tests.access.live import listen
from tests.access.model import Looker, World, sight_of
from tests.access.world import TABLES, Builder, Plan, lookers, plans, read


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """How many questions each of a world's people asks in a round, how many acts, and how many requests in all."""

    questions: int
    acts: int
    requests: int


NIGHTLY = os.environ.get("QYRAN_PROFILE") == "nightly"
PROFILE = Profile(questions=80, acts=80, requests=50_000) if NIGHTLY else Profile(questions=20, acts=30, requests=2_500)
DOORS = 37  # kinds of questions; a run that never came to one of them proves nothing of it


@dataclass(slots=True)
class Told:
    """What a run did."""

    asked: int = 0
    worlds: int = 0
    doors: frozenset[str] = frozenset()


@pytest.mark.timeout(7200 if NIGHTLY else 600)
def test_the_reference_http_and_the_tables_agree(store: Store, bare: str, tmp_path: Path) -> None:
    told = Told()

    @settings(
        max_examples=500,  # no more worlds are built once enough was asked
        deadline=None,
        database=None,
        derandomize=not NIGHTLY,
        phases=[Phase.generate],  # a world is not made smaller: the words of a leak say where to look
        suppress_health_check=list(HealthCheck),
    )
    @given(plan=plans(), n=st.integers(0, 2**32))
    def agree(plan: Plan, n: int) -> None:
        if told.asked >= PROFILE.requests:
            return
        name = f"world_{uuid.uuid4().hex[:12]}"
        store.create_database(name, bare)
        try:
            with psycopg.connect(store.url(name), autocommit=True) as owner:
                owner.execute(f"ALTER DATABASE {name} SET synchronous_commit = off".encode())  # it lives for seconds
                with owner.transaction():
                    Builder(owner, plan).build()
                asyncio.run(_play(store.url(name), tmp_path / name, owner, random.Random(n), told))
        finally:
            store.drop_database(name)

    agree()
    assert told.asked >= PROFILE.requests
    assert told.worlds >= 3
    assert len(told.doors) >= DOORS, sorted(told.doors)


async def _play(url: str, home: Path, owner: psycopg.Connection[object], rng: random.Random, told: Told) -> None:
    await asyncio.to_thread(home.mkdir)
    async with driven(url, home, owner) as driver:
        world = driver.world()
        _placed(world)
        await _round(driver, rng, world, extents=True)
        await listen(driver, rng, world, lookers(world))
        world = driver.world()
        for _ in range(PROFILE.acts):
            world = await act(driver, rng, world, rng.choice(lookers(world)))
        _close_an_area(driver, rng, world)
        world = driver.world()
        _placed(world)
        await _round(driver, rng, world, extents=False)
        told.worlds += 1
        told.asked += driver.asked
        told.doors |= driver.by_door.keys()


async def _round(driver: Driver, rng: random.Random, world: World, *, extents: bool) -> None:
    """Let everybody ask at every door; extents only once, for they are kept a minute."""
    driver.forget_tiles()
    for looker in lookers(world):
        sight = sight_of(world, looker)
        if sight is None:
            await _shut(driver, looker)
            continue
        await _see_alike(driver, world, looker)
        asker = Asker(rng, world, looker, sight)
        wide = asker.extents() if extents else []
        await driver.check(sight, [*wide, *(asker.draw() for _ in range(PROFILE.questions))])
        for _ in range(2):  # alone, for whatever else is asked meanwhile is written down too
            latest = read(driver.owner)
            log = sight_of(latest, looker)
            assert log is not None
            await driver.check(log, [Asker(rng, latest, looker, log).audit()])


async def _shut(driver: Driver, looker: Looker) -> None:
    for path in ("/api/units", "/api/session", "/api/collections/incidents/items", "/api/tiles/cameras/0/0/0"):
        answer = await driver.http(looker, "GET", path)
        if answer.status_code != 403 or answer.json()["code"] != "area_closed":
            raise Leak(f"{looker}: {path} → {answer.status_code} {answer.text[:300]}")


async def _see_alike(driver: Driver, world: World, looker: Looker) -> None:
    """Compare the whole of what the reference and the tables show somebody, table by table."""
    sight = sight_of(world, looker)
    assert sight is not None
    async with driver.tables.transaction(force_rollback=True):
        await driver.tables.execute("SELECT enter(%s, %s)", (sight.entered, looker.own))
        for kind, table in TABLES.items():
            found = await driver.tables.execute(f"SELECT id FROM {table}".encode())
            tables, reference = {row[0] for row in await found.fetchall()}, set(sight.seen(kind))
            held_by_role = kind == "audit" or (kind == "call" and not sight.may("calls"))
            if not held_by_role and tables != reference:
                raise Leak(f"{looker}: of {table} the tables show {tables ^ reference} otherwise")


def _placed(world: World) -> None:
    """Every row lies in the area that its place says, by the reference as by the store's triggers."""
    for kind in ("camera", "incident", "event"):
        for row in world.rows[kind].values():
            assert row.shape is not None
            assert row.area_id == world.area_at(row.shape.centroid), row
    for call in world.rows["call"].values():
        at = None if call.shape is None else world.area_at(call.shape.centroid)
        home = next(id for id in world.path(call.told["home_area_id"]) if world.areas[id].is_open)
        assert call.area_id == (at if at is not None and home in world.path(at) else home), call
    for dispatch in world.rows["dispatch"].values():
        assert dispatch.area_id == world.rows["incident"][dispatch.told["incident_id"]].area_id, dispatch


def _close_an_area(driver: Driver, rng: random.Random, world: World) -> None:
    below = [area.id for area in world.areas.values() if area.level > 1 and area.is_open]
    if below:
        driver.owner.execute("UPDATE area SET closed_at = now() WHERE id = %s", (rng.choice(below),))

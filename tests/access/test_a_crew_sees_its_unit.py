"""A crew's account sees its own unit and what that is bound to: by the reference, the tables, and every door."""

import asyncio
import hashlib
import random
import re
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from geo_server.access.policy import POLICY
from geo_server.door.cluster import Store
from layers.values import Role
from tests.access.driving import Driver, Leak, driven, ids_in_sight
from tests.access.model import Looker, Sight, World
from tests.access.world import FIRST_ID, TABLES, Builder, Plan, plans

_ID = re.compile(rb"(?<![.\d])(4[1-9]\d{7}|50\d{7})(?![.\d])")
CREWS = 4


@pytest.mark.timeout(600)
def test_the_reference_the_tables_and_every_door_agree_about_crews(store: Store, bare: str, tmp_path: Path) -> None:
    worlds = iter(range(2))

    @settings(
        max_examples=2, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(plan=plans(), n=st.integers(0, 2**32))
    def agree(plan: Plan, n: int) -> None:
        if next(worlds, None) is None:
            return
        name = f"crew_{uuid.uuid4().hex[:12]}"
        store.create_database(name, bare)
        try:
            with psycopg.connect(store.url(name), autocommit=True) as owner:
                with owner.transaction():
                    Builder(owner, plan).build()
                asyncio.run(_play(store.url(name), tmp_path / name, owner, random.Random(n)))
        finally:
            store.drop_database(name)

    agree()
    assert next(worlds, None) is None


async def _play(url: str, home: Path, owner: psycopg.Connection[Any], rng: random.Random) -> None:
    await asyncio.to_thread(home.mkdir)
    async with driven(url, home, owner) as driver:
        crews = list(_crews(owner, driver.world(), rng))
        world = driver.world()
        for unit_id, looker in crews:
            sight = _sight(world, looker, unit_id)
            await _tables(driver, sight, unit_id)
            await _doors(driver, sight, rng)


def _crews(owner: psycopg.Connection[Any], world: World, rng: random.Random) -> Iterator[tuple[int, Looker]]:
    """Give some units an account with a session, in an open area."""
    area = next(area.id for area in world.areas.values() if area.is_open)
    for n, unit_id in enumerate(rng.sample(sorted(world.rows["unit"]), CREWS)):
        account, session, token = FIRST_ID + 96_000_000 + n, FIRST_ID + 97_000_000 + n, f"crew-{n}"
        owner.execute(
            "INSERT INTO account (id, name, password_hash, role, area_id, unit_id)"
            " VALUES (%s, %s, 'x', 'crew', %s, %s)",
            (account, f"crew-{n}", area, unit_id),
        )
        owner.execute(
            "INSERT INTO account_session (id, account_id, area_id, token_sha256, expires_at)"
            " VALUES (%s, %s, %s, %s, %s)",
            (session, account, area, hashlib.sha256(token.encode()).digest(), datetime.now(UTC) + timedelta(hours=1)),
        )
        yield (
            unit_id,
            Looker(
                account_id=account,
                session_id=session,
                name=f"crew-{n}",
                role="crew",
                own=area,
                entered=area,
                token=token,
            ),
        )


def _sight(world: World, looker: Looker, unit_id: int) -> Sight:
    """Return what a crew sees, said once more: no area, one unit, what that is bound to or was within a day."""
    bound = (d.told for d in world.rows["dispatch"].values() if d.told["unit_id"] == unit_id)
    none = frozenset[int]()
    return Sight(
        world=world,
        looker=looker,
        entered=next(area.id for area in world.areas.values() if area.level > 1),  # whichever: it sees none of them
        below=none,
        areas=none,
        incidents=frozenset(told["incident_id"] for told in bound),
        units=frozenset({unit_id}),
    )


async def _tables(driver: Driver, sight: Sight, unit_id: int) -> None:
    own = {"account": {sight.looker.account_id}, "session": {sight.looker.session_id}}
    async with driver.tables.transaction(force_rollback=True):
        await driver.tables.execute("SELECT enter_crew(%s, %s)", (unit_id, sight.looker.account_id))
        for kind in TABLES.keys() - {"audit"}:
            found = await driver.tables.execute(f"SELECT id FROM {TABLES[kind]}".encode())
            tables = {row[0] for row in await found.fetchall()}
            if tables != (reference := own.get(kind, set(sight.seen(kind)))):
                raise Leak(f"{sight.looker}: of {kind} the tables show {tables ^ reference} otherwise")


async def _doors(driver: Driver, sight: Sight, rng: random.Random) -> None:
    """Ask at every door that answers to GET, with ids of rows that are there, and look through the bare bytes."""
    seen, world = ids_in_sight(sight) | _known_there(sight), sight.world
    closed = [name for name, rule in POLICY.items() if Role.CREW not in rule.roles]
    opened, refused = 0, 0
    for path in driver.app.openapi()["paths"]:
        if "get" not in driver.app.openapi()["paths"][path] or path.endswith(("/oidc", "/oidc/callback")):
            continue
        asked = _filled(path, world, rng)
        answer = await driver.http(sight.looker, "GET", asked)
        foreign = set(_ID.findall(answer.content)) - seen - set(_ID.findall(asked.encode()))
        if foreign:
            raise Leak(f"{sight.looker}: {asked} tells of {foreign}: {answer.text[:2000]}")
        opened += answer.status_code == 200
        refused += answer.status_code == 403
    page = await driver.http(sight.looker, "GET", "/api/crew")
    assert page.status_code == 200 and page.json()["unit"]["id"] in sight.units
    assert opened >= 5 and refused >= 20 and len(closed) > 40


def _known_there(sight: Sight) -> set[bytes]:
    """Return the ids in what is known of the premises that its unit is bound to: told on its page alone."""
    rows = sight.world.rows
    addresses = {rows["incident"][id].told["address"].lower() for id in sight.incidents}
    standing = (note for note in rows["premises"].values() if note.told["ended_at"] is None)
    there = (note for note in standing if note.told["address"].lower().replace(",", "") in addresses)
    return {id for note in there for id in _ID.findall(note.told["text"].encode())}


def _filled(path: str, world: World, rng: random.Random) -> str:
    """Put an id that is there, of what the path speaks of, or a layer, in each gap of a path."""
    kinds = {"incidents": "incident", "events": "event", "units": "unit", "dispatches": "dispatch", "calls": "incident"}
    kind = next((of for word, of in kinds.items() if f"/{word}" in path), "incident")
    found = path.replace("{layer}", rng.choice(("incidents", "units", "panics", "roads")))
    for gap, value in (("{z}", "0"), ("{x}", "0"), ("{y}", "0")):
        found = found.replace(gap, value)
    return re.sub(r"\{[^}]*\}", lambda _: str(rng.choice(sorted(world.rows[kind]))), found)

"""Who may manage whom: the pure rules over random trees and random acts, and two who meet in the store."""

import asyncio
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.access import administration
from geo_server.access.administration import Rule, Standing, ends_sessions, manages, places, releases
from geo_server.access.schema import AccountChange
from geo_server.errors import Refusal
from layers.areas.scope import visit_as
from layers.database import visit
from layers.values import Role
from layers.viewer import Viewer

PATHS = ((1,), (1, 2), (1, 3), (1, 2, 4))  # a top, two beside each other below it, one below the first of these
# Administrators, who alone can do anything, come up more often than not.
paths, roles = st.sampled_from(PATHS), st.sampled_from([Role.ADMINISTRATOR] * 3 + list(Role))
mostly = st.sampled_from([True, True, True, False])


@st.composite
def worlds(draw: st.DrawFn) -> dict[int, Standing]:
    """Some accounts that nobody in the tree made: each is a person of their own."""
    rows = draw(st.lists(st.tuples(roles, paths, mostly), min_size=2, max_size=4))
    return {
        n: Standing(id=n, name=str(n), role=role, enabled=enabled, path=path)
        for n, (role, path, enabled) in enumerate(rows, 1)
    }


@dataclass
class Tree:
    """The accounts as the rules let them become, and whose hands each account that was made is in."""

    accounts: dict[int, Standing]
    hands: dict[int, int] = field(default_factory=dict)  # account → the person who knows its first password

    def person(self, account_id: int) -> int:
        return self.hands.get(account_id, account_id)

    def make(self, actor: Standing, role: Role, path: tuple[int, ...]) -> None:
        if actor.enabled and actor.role is Role.ADMINISTRATOR and places(actor, path) is None:
            made = max(self.accounts) + 1
            makers = actor.makers | {actor.id}
            self.accounts[made] = Standing(id=made, name=str(made), role=role, enabled=True, path=path, makers=makers)
            self.hands[made] = self.person(actor.id)

    def change(self, actor: Standing, target: Standing, role: Role, path: tuple[int, ...], enabled: bool) -> None:
        if manages(actor, target) is None and places(actor, path) is None:
            self.accounts[target.id] = replace(target, role=role, path=path, enabled=enabled)


def act(tree: Tree, actors: list[int], data: st.DataObject) -> None:
    """One of these accounts makes another or changes one; more often than not within its own area."""
    actor = tree.accounts[data.draw(st.sampled_from(actors))]
    below = [path for path in PATHS if actor.area_id in path]
    path = data.draw(st.sampled_from(below) | paths)
    role, enabled = data.draw(roles), data.draw(mostly)
    if data.draw(st.booleans()):
        tree.make(actor, role, path)
    else:
        target = data.draw(st.sampled_from(actors) | st.sampled_from(sorted(tree.accounts)))
        tree.change(actor, tree.accounts[target], role, path, enabled)


@settings(max_examples=300, deadline=None)
@given(worlds(), st.data())
def test_no_acts_of_one_person_lead_beyond_their_area_or_to_another_role(
    world: dict[int, Standing], data: st.DataObject
) -> None:
    """One person acts by every account in their hands, those they make as well."""
    tree, me = Tree(dict(world)), data.draw(st.sampled_from(sorted(world)))
    before = world[me]
    for _ in range(data.draw(st.integers(1, 12))):
        act(tree, [n for n in tree.accounts if tree.person(n) == me], data)
    assert tree.accounts[me] == before
    for account in tree.accounts.values():
        if tree.person(account.id) == me:
            assert before.area_id in account.path
        elif account != world[account.id]:
            assert before.area_id in world[account.id].path and before.area_id in account.path
    if before.role is not Role.ADMINISTRATOR or not before.enabled:
        assert tree.accounts == world


@settings(deadline=None)
@given(worlds(), st.data())
def test_whoever_acts_there_is_always_an_administrator_left_above(
    world: dict[int, Standing], data: st.DataObject
) -> None:
    tree = Tree(dict(world))
    top = [a for a in world.values() if a.role is Role.ADMINISTRATOR and a.enabled and a.path == (1,)]
    for _ in range(data.draw(st.integers(1, 12))):
        act(tree, sorted(tree.accounts), data)
    kept = [a for a in tree.accounts.values() if a.role is Role.ADMINISTRATOR and a.enabled and a.path == (1,)]
    assert bool(kept) >= bool(top)


@given(worlds(), st.data())
def test_a_lock_is_released_by_a_superior_alone(world: dict[int, Standing], data: st.DataObject) -> None:
    actor, target = (world[data.draw(st.sampled_from(sorted(world)))] for _ in range(2))
    at_or_above, above = actor.area_id in target.path, actor.area_id in target.path[:-1]
    may = {Role.ADMINISTRATOR: at_or_above, Role.COMMANDER: above}.get(actor.role, False)
    assert (releases(actor, target) is None) == (may and actor.enabled and actor.id != target.id)


def test_one_sees_the_own_sessions_but_does_not_manage_oneself() -> None:
    admin = Standing(id=1, name="a", role=Role.ADMINISTRATOR, enabled=True, path=(1,))
    assert ends_sessions(admin, admin) is None and manages(admin, admin) == "not_your_own"


def test_a_puppet_does_not_manage_whoever_made_it() -> None:
    me = Standing(id=1, name="me", role=Role.ADMINISTRATOR, enabled=True, path=(1, 2))
    puppet = Standing(id=2, name="puppet", role=Role.ADMINISTRATOR, enabled=True, path=(1, 2), makers=frozenset({1}))
    assert manages(puppet, me) == "not_your_maker" and manages(me, puppet) is None


# ── in the store ────────────────────────────────────────────────────────────────────────────────────────────


async def people(engine: AsyncEngine, *rows: tuple[str, Role, str]) -> dict[str, Viewer]:
    """Write accounts and return them as viewers, each in its own area."""
    viewers = {}
    asked = """INSERT INTO account (name, password_hash, role, area_id)
        VALUES (:name, 'x', :role, (SELECT id FROM area WHERE code = :code)) RETURNING id, area_id"""
    async with visit(engine) as session:
        for name, role, code in rows:
            made = (await session.execute(text(asked), {"name": name, "role": role, "code": code})).one()
            own = made.area_id
            viewers[name] = Viewer(account_id=made.id, name=name, role=role, area_id=own, own_area_id=own)
    return viewers


async def said(server: AsyncEngine, actor: Viewer, target: Viewer, **change: object) -> str | None:
    """Try a change in a visit of its own, and return the code of its refusal."""
    try:
        async with visit_as(server, actor) as session:
            asked = AccountChange(**change)  # type: ignore[arg-type]
            await administration.change(session, actor, target.account_id, asked)
    except Refusal as refusal:
        return refusal.code
    return None


@pytest.mark.anyio
async def test_of_two_administrators_who_demote_each_other_at_once_exactly_one_wins(
    engine: AsyncEngine, server: AsyncEngine
) -> None:
    for turn in range(8):
        names = (f"a{turn}", f"b{turn}")
        both = await people(engine, *((name, Role.ADMINISTRATOR, "KZ-75") for name in names))
        one, other = (both[name] for name in names)
        told = await asyncio.gather(
            said(server, one, other, role=Role.PLANNER), said(server, other, one, enabled=False)
        )
        assert sorted(told, key=str) == [None, "not_your_role"]


@pytest.mark.anyio
async def test_an_administrator_reaches_no_account_above_or_beside(engine: AsyncEngine, server: AsyncEngine) -> None:
    all_ = await people(
        engine,
        ("city", Role.ADMINISTRATOR, "KZ-75"),
        ("below", Role.DISPATCHER, "KZ-75-MED"),
        ("above", Role.DISPATCHER, "KZ"),
        ("beside", Role.DISPATCHER, "KZ-19"),
        ("planner", Role.PLANNER, "KZ-75"),
    )
    city, below = all_["city"], all_["below"]
    for target in ("above", "beside"):
        assert await said(server, city, all_[target], role=Role.PLANNER) == "no_such_account"
    assert await said(server, city, city, role=Role.COMMANDER) == "not_your_own"
    assert await said(server, all_["planner"], below, role=Role.COMMANDER) == "not_your_role"
    for outside in ("above", "beside"):
        assert await said(server, city, below, area_id=all_[outside].area_id) == "outside_your_area"
    assert await said(server, city, below, role=Role.ADMINISTRATOR, area_id=city.area_id) is None


@pytest.mark.anyio
async def test_a_grant_of_an_area_gives_no_power_over_its_accounts(engine: AsyncEngine, server: AsyncEngine) -> None:
    all_ = await people(engine, ("city", Role.ADMINISTRATOR, "KZ-75"), ("oblast", Role.DISPATCHER, "KZ-19"))
    async with visit(engine) as session:
        row = """INSERT INTO area_grant (kind, area_id, to_area_id, reason, given_by, ends_at)
            VALUES ('area', :given, :to, 'x', 'x', now() + interval '1 hour')"""
        await session.execute(text(row), {"given": all_["oblast"].area_id, "to": all_["city"].area_id})
    assert await said(server, all_["city"], all_["oblast"], role=Role.PLANNER) == "no_such_account"


@pytest.mark.anyio
async def test_who_entered_an_area_below_manages_only_there(engine: AsyncEngine, server: AsyncEngine) -> None:
    all_ = await people(
        engine,
        ("city", Role.ADMINISTRATOR, "KZ-75"),
        ("medeu", Role.DISPATCHER, "KZ-75-MED"),
        ("office", Role.DISPATCHER, "KZ-75"),
    )
    entered = replace(all_["city"], area_id=all_["medeu"].area_id)
    assert await said(server, entered, all_["medeu"], role=Role.PLANNER) is None
    assert await said(server, entered, all_["office"], role=Role.PLANNER) == "no_such_account"
    assert await said(server, entered, all_["medeu"], area_id=all_["city"].area_id) == "outside_your_area"


RULES: tuple[Rule, ...] = (manages, releases, ends_sessions)


@given(worlds(), st.data(), st.sampled_from(RULES))
def test_an_account_that_does_not_count_does_nothing(
    world: dict[int, Standing], data: st.DataObject, rule: Rule
) -> None:
    actor, target = (world[data.draw(st.sampled_from(sorted(world)))] for _ in range(2))
    assert rule(replace(actor, enabled=False), target) is not None

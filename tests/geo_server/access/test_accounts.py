"""Coming in: the lock, the demo's accounts, sessions that end, programs by Basic."""

import asyncio
import base64
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.access import queries
from geo_server.access.accounts import LOCK_AFTER, Gate, token_sha256
from geo_server.access.cli import AccountTrouble, write, write_demo
from geo_server.errors import Refusal
from layers.database import visit
from layers.values import Role

pytestmark = pytest.mark.anyio


@pytest.fixture
async def gate(engine: AsyncEngine) -> Gate:
    async with visit(engine) as session:
        await write(session, "aigerim", "right-password", Role.DISPATCHER, "KZ-75")
    return Gate(engine, demo=False)


async def code_of(gate: Gate, name: str, password: str) -> str:
    with pytest.raises(Refusal) as refused:
        await gate.check(name, password)
    return refused.value.code


def basic(name: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


async def test_a_session_lasts_until_it_is_ended(gate: Gate) -> None:
    account, token = await gate.sign_in("aigerim", "right-password")
    found = await gate.by_token(token)
    assert found == account and found.area.code == "KZ-75" and found.viewer.role is Role.DISPATCHER
    await gate.sign_out(token)
    assert await gate.by_token(token) is None


async def test_a_session_ends_with_its_shift(gate: Gate, engine: AsyncEngine) -> None:
    _, token = await gate.sign_in("aigerim", "right-password")
    async with visit(engine) as session:
        await session.execute(text("UPDATE account_session SET expires_at = now() - interval '1 second'"))
    assert await gate.by_token(token) is None


async def test_the_store_keeps_neither_token_nor_password(gate: Gate, engine: AsyncEngine) -> None:
    _, token = await gate.sign_in("aigerim", "right-password")
    async with visit(engine) as session:
        kept = (await session.execute(text("SELECT token_sha256, password_hash FROM account_session, account"))).one()
    assert bytes(kept[0]) == token_sha256(token) != token.encode()
    assert kept[1].startswith("$argon2id$")


async def test_five_wrong_tries_lock_the_name_even_for_the_right_password(gate: Gate) -> None:
    for _ in range(LOCK_AFTER):
        assert await code_of(gate, "aigerim", "wrong") == "wrong_password"
    assert await code_of(gate, "aigerim", "right-password") == "locked"


async def test_a_name_nobody_has_locks_just_the_same(gate: Gate) -> None:
    codes = [await code_of(gate, "nobody", "wrong") for _ in range(LOCK_AFTER + 1)]
    assert codes == ["wrong_password"] * LOCK_AFTER + ["locked"]


async def test_a_lock_opens_after_a_quarter_of_an_hour(gate: Gate, engine: AsyncEngine) -> None:
    for _ in range(LOCK_AFTER):
        await code_of(gate, "aigerim", "wrong")
    async with visit(engine) as session:
        await session.execute(text("UPDATE sign_in_attempt SET at = at - interval '15 minutes'"))
    assert (await gate.check("aigerim", "right-password")).name == "aigerim"


async def test_many_tries_at_once_are_counted_one_by_one(gate: Gate) -> None:
    codes = await asyncio.gather(*(code_of(gate, "aigerim", "wrong") for _ in range(12)))
    assert codes.count("wrong_password") == LOCK_AFTER and codes.count("locked") == 7


async def test_two_servers_count_the_same_tries(engine: AsyncEngine) -> None:
    async def attempt() -> bool:
        async with visit(engine) as session:
            return await queries.begin_try(session, "x", failures=LOCK_AFTER, window=timedelta(minutes=15))

    assert sum(await asyncio.gather(*(attempt() for _ in range(10)))) == LOCK_AFTER


async def test_a_program_that_opens_with_many_requests_is_not_locked_out(gate: Gate) -> None:
    header = basic("aigerim", "right-password")
    accounts = await asyncio.gather(*(gate.by_basic(header) for _ in range(12)))
    assert {account.name for account in accounts} == {"aigerim"}


@pytest.mark.parametrize("header", ["Basic", "Basic !!!", "Basic " + base64.b64encode(b"\xff\xfe").decode()])
async def test_a_broken_basic_header_is_refused(gate: Gate, header: str) -> None:
    with pytest.raises(Refusal) as refused:
        await gate.by_basic(header)
    assert refused.value.status == 401


async def test_demo_accounts_sign_in_only_in_demo_mode(engine: AsyncEngine) -> None:
    assert await write_demo(engine) == 7
    assert await write_demo(engine) == 0
    _, token = await Gate(engine, demo=True).sign_in("commander-district", "demo")
    assert await code_of(Gate(engine, demo=False), "commander-district", "demo") == "wrong_password"
    assert await Gate(engine, demo=False).by_token(token) is None


async def test_an_account_of_an_area_that_is_not_there_is_refused_in_a_sentence(engine: AsyncEngine) -> None:
    async with visit(engine) as session:
        with pytest.raises(AccountTrouble, match="no area KZ-99"):
            await write(session, "x", "password", Role.PLANNER, "KZ-99")

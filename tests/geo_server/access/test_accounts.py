"""Coming in: the lock, the demo's accounts, sessions that end, programs by Basic."""

import asyncio
import base64

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.access import queries
from geo_server.access.accounts import LOCK, SHIFT, Gate, token_sha256
from geo_server.access.cli import AccountTrouble, write, write_demo
from geo_server.access.passwords import hash_password
from geo_server.access.trail import Asker
from geo_server.errors import Refusal
from layers.areas.scope import visit_whole
from layers.database import visit
from layers.values import Role

pytestmark = pytest.mark.anyio


@pytest.fixture
async def gate(engine: AsyncEngine, server: AsyncEngine) -> Gate:
    async with visit(engine) as session:
        await write(session, "aigerim", "right-password", Role.DISPATCHER, "KZ-75")
    return Gate(server, demo=False)


async def later(engine: AsyncEngine, *, minutes: int) -> None:
    """Let time pass for the tries so far."""
    async with visit(engine) as session:
        asked = "UPDATE sign_in_attempt SET at = at - make_interval(mins => :minutes)"
        await session.execute(text(asked), {"minutes": minutes})


async def code_of(gate: Gate, name: str, password: str) -> str:
    with pytest.raises(Refusal) as refused:
        await gate.check(name, password)
    return refused.value.code


def basic(name: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


async def test_a_session_lasts_until_it_is_ended(gate: Gate) -> None:
    opened, token = await gate.sign_in("aigerim", "right-password", Asker(origin="10.0.0.7"))
    found = await gate.by_token(token)
    assert found == opened and found.entered == found.account.area and found.entered.code == "KZ-75"
    assert found.viewer.role is Role.DISPATCHER and found.needs is None and found.origin == "10.0.0.7"
    assert found.ends_at - found.started_at == SHIFT
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
    for _ in range(LOCK.failures):
        assert await code_of(gate, "aigerim", "wrong") == "wrong_password"
    assert await code_of(gate, "aigerim", "right-password") == "locked"


async def test_a_name_nobody_has_locks_just_the_same(gate: Gate) -> None:
    codes = [await code_of(gate, "nobody", "wrong") for _ in range(LOCK.failures + 1)]
    assert codes == ["wrong_password"] * LOCK.failures + ["locked"]


async def test_a_lock_lasts_half_an_hour(gate: Gate, engine: AsyncEngine) -> None:
    for _ in range(LOCK.failures):
        await code_of(gate, "aigerim", "wrong")
    await later(engine, minutes=29)
    assert await code_of(gate, "aigerim", "right-password") == "locked"
    await later(engine, minutes=1)
    assert (await gate.check("aigerim", "right-password")).name == "aigerim"


async def test_wrong_tries_far_apart_lock_nothing(gate: Gate, engine: AsyncEngine) -> None:
    for _ in range(2 * LOCK.failures):
        assert await code_of(gate, "aigerim", "wrong") == "wrong_password"
        await later(engine, minutes=4)


async def test_a_lock_that_is_released_is_open_for_new_tries_alone(gate: Gate, engine: AsyncEngine) -> None:
    for _ in range(LOCK.failures):
        await code_of(gate, "aigerim", "wrong")
    async with visit_whole(gate.engine) as session:
        await queries.release_lock(session, "aigerim", by="somebody above")
    codes = [await code_of(gate, "aigerim", "wrong") for _ in range(LOCK.failures + 1)]
    assert codes == ["wrong_password"] * LOCK.failures + ["locked"]


async def test_tries_from_before_the_clock_went_back_neither_lock_nor_open(gate: Gate, engine: AsyncEngine) -> None:
    async with visit(engine) as session:
        row = "INSERT INTO sign_in_attempt VALUES ('aigerim', now() + interval '1 year', :ok)"
        for ok in (True, *([False] * LOCK.failures)):
            await session.execute(text(row), {"ok": ok})
    codes = [await code_of(gate, "aigerim", "wrong") for _ in range(LOCK.failures + 1)]
    assert codes == ["wrong_password"] * LOCK.failures + ["locked"]


async def test_a_session_from_before_the_clock_went_back_has_ended(gate: Gate, engine: AsyncEngine) -> None:
    _, token = await gate.sign_in("aigerim", "right-password")
    async with visit(engine) as session:
        await session.execute(text("UPDATE account_session SET created_at = created_at + interval '1 hour'"))
    assert await gate.by_token(token) is None


async def test_many_tries_at_once_are_counted_one_by_one(gate: Gate) -> None:
    codes = await asyncio.gather(*(code_of(gate, "aigerim", "wrong") for _ in range(12)))
    assert codes.count("wrong_password") == LOCK.failures and codes.count("locked") == 7


async def test_two_servers_count_the_same_tries(engine: AsyncEngine) -> None:
    async def is_locked() -> bool:
        try:
            await Gate(engine, demo=False).begin_try("x")
        except Refusal as refusal:
            return refusal.details == {"minutes": 30}
        return False

    assert sum(await asyncio.gather(*(is_locked() for _ in range(10)))) == 10 - LOCK.failures


async def test_a_program_that_opens_with_many_requests_is_not_locked_out(gate: Gate) -> None:
    header = basic("aigerim", "right-password")
    found = await asyncio.gather(*(gate.by_basic(header, "10.0.0.7") for _ in range(12)))
    assert {one.account.name for one in found} == {"aigerim"}
    assert {(one.means, one.origin, one.stepped_up_at, one.needs) for one in found} == {
        ("basic", "10.0.0.7", None, None)
    }


async def test_a_program_is_refused_as_soon_as_its_account_is(gate: Gate, engine: AsyncEngine) -> None:
    header = basic("aigerim", "right-password")
    await gate.by_basic(header)
    async with visit(engine) as session:
        await session.execute(text("UPDATE account SET enabled = false"))
    with pytest.raises(Refusal) as refused:
        await gate.by_basic(header)
    assert refused.value.code == "wrong_password"


async def test_a_program_with_an_old_password_is_refused_at_once(gate: Gate, engine: AsyncEngine) -> None:
    header = basic("aigerim", "right-password")
    await gate.by_basic(header)
    async with visit(engine) as session:
        await session.execute(text("UPDATE account SET password_hash = :h"), {"h": hash_password("another-one")})
    with pytest.raises(Refusal) as refused:
        await gate.by_basic(header)
    assert refused.value.code == "wrong_password"


async def test_a_password_alone_does_not_pass_for_two_factors(gate: Gate, engine: AsyncEngine) -> None:
    async with visit(engine) as session:
        await session.execute(text("UPDATE account SET totp_secret = 'x'"))
    opened, token = await gate.sign_in("aigerim", "right-password")
    assert opened.needs == "second_factor" and opened.account.second_factors == ("totp",)
    with pytest.raises(Refusal) as refused:
        await gate.by_basic(basic("aigerim", "right-password"))
    assert refused.value.code == "second_factor_needed"
    async with visit_whole(gate.engine) as session:
        assert await queries.open_sessions(session, [token_sha256(token)], demo=False) == {}


async def test_a_known_password_opens_no_endless_tries_at_the_second_factor(gate: Gate, engine: AsyncEngine) -> None:
    async with visit(engine) as session:
        await session.execute(text("UPDATE account SET totp_secret = 'x'"))
    for _ in range(LOCK.failures):
        await gate.sign_in("aigerim", "right-password")
    assert await code_of(gate, "aigerim", "right-password") == "locked"


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


async def in_area(gate: Gate, token: str, code: str) -> str | None:
    """Enter an area; return the code of the one that is entered then, None where it was refused."""
    found = await gate.by_token(token)
    assert found is not None
    async with visit_whole(gate.engine) as session:
        asked = text("SELECT id FROM area WHERE code = :code")
        area_id = (await session.execute(asked, {"code": code})).scalar_one()
        entered = await queries.enter_area(session, found.id, area_id)
    after = await gate.by_token(token)
    assert after is not None and after.viewer.area_id == after.entered.id
    return None if entered is None else after.entered.code


async def test_one_enters_the_own_area_and_those_below_it_alone(gate: Gate) -> None:
    _, token = await gate.sign_in("aigerim", "right-password")
    assert await in_area(gate, token, "KZ-75-MED") == "KZ-75-MED"
    assert [await in_area(gate, token, code) for code in ("KZ", "KZ-19")] == [None, None]
    assert await in_area(gate, token, "KZ-75") == "KZ-75"


async def test_an_area_that_closes_under_a_session_is_left_for_the_own_one(gate: Gate, engine: AsyncEngine) -> None:
    _, token = await gate.sign_in("aigerim", "right-password")
    await in_area(gate, token, "KZ-75-MED")
    async with visit(engine) as session:
        await session.execute(text("UPDATE area SET closed_at = now() WHERE code = 'KZ-75-MED'"))
    found = await gate.by_token(token)
    assert found is not None and found.entered.code == "KZ-75"
    assert await in_area(gate, token, "KZ-75-MED") is None


async def test_who_answers_for_an_area_that_is_no_more_is_refused(gate: Gate, engine: AsyncEngine) -> None:
    _, token = await gate.sign_in("aigerim", "right-password")
    async with visit(engine) as session:
        await session.execute(text("UPDATE area SET closed_at = now() WHERE code = 'KZ-75'"))
    for way_in in (gate.by_token(token), gate.sign_in("aigerim", "right-password")):
        with pytest.raises(Refusal) as refused:
            await way_in
        assert refused.value.code == "area_closed"


async def test_what_was_granted_counts_in_the_own_area_while_it_lasts(gate: Gate, engine: AsyncEngine) -> None:
    async with visit(engine) as session:
        row = """INSERT INTO area_grant (kind, area_id, to_area_id, reason, given_by, begins_at, ends_at, revoked_at)
            SELECT 'area', (SELECT id FROM area WHERE code = :code), (SELECT id FROM area WHERE code = 'KZ-75'),
                   'x', 'x', now() - interval '2 hours', now() + make_interval(hours => :hours), :revoked
            RETURNING area_id"""
        asked = [("KZ-19", 1, None), ("KZ-10", -1, None), ("KZ-11", 1, "2026-01-01T00:00:00Z")]
        ids = [
            (await session.execute(text(row), {"code": code, "hours": hours, "revoked": revoked})).scalar_one()
            for code, hours, revoked in asked
        ]
    opened, token = await gate.sign_in("aigerim", "right-password")
    assert opened.viewer.also_areas == (ids[0],) and opened.viewer.also_incidents == ()
    await in_area(gate, token, "KZ-75-MED")
    below = await gate.by_token(token)
    assert below is not None and below.viewer.also_areas == ()


async def test_a_session_that_was_ended_is_refused_at_once(gate: Gate) -> None:
    opened, token = await gate.sign_in("aigerim", "right-password")
    async with visit_whole(gate.engine) as session:
        assert await queries.end_sessions_of(session, opened.account.id, by="admin") == 1
        assert await queries.open_sessions(session, [token_sha256(token)], demo=False) == {}
    assert await gate.by_token(token) is None

"""Codes: of the steps around now, each once, and none after the clock went back."""

import asyncio
from pathlib import Path

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.access import factor_queries, second_factor
from geo_server.access.cli import write
from geo_server.access.second_factor import STEP_S, check, step_of
from geo_server.access.secrets import Box
from geo_server.errors import Refusal
from layers.areas.scope import visit_whole
from layers.database import visit
from layers.values import Role

# RFC 6238, appendix B: the seed of SHA-1, and the last six digits of its codes.
SEED = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
RFC = [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (2000000000, "279037")]


@pytest.mark.parametrize(("at", "code"), RFC)
def test_codes_are_those_of_the_standard(at: int, code: str) -> None:
    assert step_of(SEED, code, at) == at // STEP_S


@given(st.integers(10**9, 2**31), st.integers(-1, 1))
def test_a_code_counts_one_step_early_or_late(now_s: int, away: int) -> None:
    code = pyotp.TOTP(SEED).at(now_s + away * STEP_S)
    assert step_of(SEED, code, now_s) in (now_s // STEP_S + away, now_s // STEP_S + 1)  # two steps may share a code


@given(st.integers(10**9, 2**31), st.integers(2, 1000), st.sampled_from([-1, 1]))
def test_a_code_from_further_away_is_not_taken_for_its_own_step(now_s: int, steps: int, way: int) -> None:
    code = pyotp.TOTP(SEED).at(now_s + way * steps * STEP_S)
    assert step_of(SEED, code, now_s) != now_s // STEP_S + way * steps


@given(st.integers(1, 2**31), st.lists(st.tuples(st.integers(-90, 400), st.integers(-1, 1)), max_size=30))
def test_no_step_is_used_twice_however_the_clock_runs(now_s: int, tries: list[tuple[int, int]]) -> None:
    last: int | None = None
    used: list[int] = []
    for goes_by_s, drift in tries:
        now_s = max(0, now_s + goes_by_s)
        try:
            last = check(now_s // STEP_S + drift, last, now_s)
        except Refusal as refusal:
            assert refusal.code in ("code_used", "clock_went_back")
        else:
            used.append(last)
    assert used == sorted(set(used))


def test_a_wrong_code_and_a_clock_that_went_back_are_told_apart() -> None:
    for step, last, code in ((None, 10, "wrong_code"), (10, 10, "code_used"), (10, 12, "clock_went_back")):
        with pytest.raises(Refusal) as refused:
            check(step, last, 10 * STEP_S)
        assert refused.value.code == code


@pytest.mark.anyio
async def test_a_code_that_is_sent_twice_at_once_counts_once(
    engine: AsyncEngine, server: AsyncEngine, tmp_path: Path
) -> None:
    box, secret = Box.of(tmp_path), pyotp.random_base32()
    async with visit(engine) as session:
        await write(session, "aigerim", "right-password", Role.PLANNER, "KZ-75")
        account_id = (await session.execute(text("SELECT id FROM account"))).scalar_one()
        sealed = box.seal(secret.encode(), owner=f"totp:{account_id}")
        await session.execute(text("UPDATE account SET totp_secret = :sealed"), {"sealed": sealed})
        code = pyotp.TOTP(secret).at(int(await factor_queries.store_time_s(session)))

    async def sent() -> str:
        try:
            async with visit_whole(server) as session:
                await second_factor.use(session, box, account_id, code)
        except Refusal as refusal:
            return refusal.code
        return "taken"

    assert sorted(await asyncio.gather(*(sent() for _ in range(6)))) == ["code_used"] * 5 + ["taken"]

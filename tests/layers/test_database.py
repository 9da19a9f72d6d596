"""A store that is away is told as away, whatever way it is away."""

import socket

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine

from layers import database
from layers.database import Session, address_of, engine_for, visit

pytestmark = pytest.mark.anyio


async def test_a_store_that_takes_the_connection_and_stays_silent_counts_as_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(database.PATIENT, "connect_timeout", 2)  # the least that libpq knows
    with socket.create_server(("127.0.0.1", 0)) as silent:
        engine = engine_for(f"postgresql://qyran@127.0.0.1:{silent.getsockname()[1]}/qyran?sslmode=disable")
        with pytest.raises(OperationalError):
            async with visit(engine):
                pass
        await engine.dispose()


async def test_a_connection_that_was_lost_between_two_visits_is_replaced_without_a_word(engine: AsyncEngine) -> None:
    async with visit(engine) as one, visit(engine) as other:
        lost = {await _backend(one), await _backend(other)}
    async with visit(engine) as session:
        await session.execute(text("SELECT pg_terminate_backend(pid) FROM unnest(CAST(:lost AS int[])) AS pid "
                                   "WHERE pid <> pg_backend_pid()"), {"lost": list(lost)})  # fmt: skip
        left = await _backend(session)
    async with visit(engine) as one, visit(engine) as other:
        assert {await _backend(one), await _backend(other)} & lost <= {left}


async def test_a_beginning_that_fails_for_its_own_reason_is_not_tried_again(engine: AsyncEngine) -> None:
    tries: list[int] = []

    async def first(session: Session) -> None:
        tries.append(1)
        await session.execute(text("SELECT 1 / 0"))

    with pytest.raises(DBAPIError):
        async with visit(engine, first):
            pytest.fail("the visit has begun")
    assert tries == [1]


async def test_who_is_impatient_still_comes_as_the_role_that_the_address_names_and_apart_too(database_url: str) -> None:
    engine = engine_for(f"{database_url}&options=-c%20role%3Dqyran_ingest", abandoned_s=3.0)
    shown = "SELECT current_user, current_setting('idle_in_transaction_session_timeout')"
    async with visit(engine) as session:
        assert (await session.execute(text(shown))).one() == ("qyran_ingest", "3s")
    async with await psycopg.AsyncConnection.connect(address_of(engine)) as apart:
        assert await (await apart.execute("SELECT current_user")).fetchone() == ("qyran_ingest",)
    await engine.dispose()


async def _backend(session: Session) -> int:
    return int((await session.execute(text("SELECT pg_backend_pid()"))).scalar_one())

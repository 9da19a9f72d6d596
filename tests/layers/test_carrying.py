"""What carries questions: plans that outlive an undone visit, and a connection that is never left half way."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import BigInteger, Executable, Integer, Text, bindparam, func, literal_column, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from layers import carrying
from layers.asking import ask, ask_each
from layers.database import engine_for, visit

pytestmark = pytest.mark.anyio

TWICE = select((bindparam("of", type_=BigInteger) * 2).label("twice"))
NOUGHT = select((literal_column("1") / bindparam("by", type_=Integer)).label("found"))
LONG = select(func.repeat(bindparam("said", type_=Text), bindparam("times", type_=Integer)).label("whole"))
OURS = text("SELECT name FROM pg_prepared_statements WHERE name LIKE 'qyran_%' ORDER BY prepare_time, name")
HERE = text("SELECT pg_backend_pid() AS pid")


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    engine = engine_for(database_url, size=1)
    yield engine
    await engine.dispose()


async def planned(engine: AsyncEngine) -> list[str]:
    async with visit(engine) as session:
        return [str(name) for name in (await session.execute(OURS)).scalars()]


async def asked_of(engine: AsyncEngine, question: Executable, **told: Any) -> list[Any]:
    async with visit(engine) as session:
        return await ask(session, question, told)


async def test_a_question_is_planned_once_and_an_undone_visit_forgets_no_plan(engine: AsyncEngine) -> None:
    await asked_of(engine, TWICE, of=1)
    first = await planned(engine)
    with pytest.raises(DBAPIError, match="division by zero"):
        async with visit(engine) as session:
            await session.execute(text("SELECT 1"))  # twice: so psycopg has a plan of its own to forget
            await session.execute(text("SELECT 1"))
            await ask(session, NOUGHT, {"by": 0})
    assert first and set(first) < set(await planned(engine)), "the one that failed is planned as well"
    assert (await asked_of(engine, TWICE, of=4))[0].twice == 8
    assert len(await planned(engine)) == len(first) + 1


async def test_a_question_asked_twice_in_a_message_is_planned_once(engine: AsyncEngine) -> None:
    async with visit(engine) as session:
        answers = await ask_each(session, (TWICE, {"of": 1}), (TWICE, {"of": 2}))
    assert [rows[0].twice for rows in answers] == [2, 4]
    assert len(await planned(engine)) == 2, "with what a visit begins with"


async def test_one_that_the_store_cannot_read_is_not_kept_as_planned(engine: AsyncEngine) -> None:
    wrong = text("SELECT nothing AS it FROM nowhere")
    for _ in range(2):
        with pytest.raises(DBAPIError, match="nowhere"):
            await asked_of(engine, wrong)
    assert (await asked_of(engine, TWICE, of=5))[0].twice == 10
    assert len(await planned(engine)) == 2, "with what a visit begins with"


async def test_of_several_the_fault_is_told_and_not_that_the_rest_was_left(engine: AsyncEngine) -> None:
    (before,) = await asked_of(engine, HERE)
    with pytest.raises(DBAPIError, match="division by zero"):
        async with visit(engine) as session:
            await ask_each(session, (TWICE, {"of": 1}), (NOUGHT, {"by": 0}), (HERE, {}), commit=True)
    assert await asked_of(engine, HERE) == [before], "the connection is kept"


async def test_a_value_that_cannot_be_put_leaves_the_visit_as_it_is(engine: AsyncEngine) -> None:
    async with visit(engine) as session:
        await ask(session, text("CREATE TEMPORARY TABLE kept (n int) ON COMMIT DROP"))
        with pytest.raises(DBAPIError, match="NUL"):
            await ask_each(session, (TWICE, {"of": 1}), (LONG, {"said": "a\0b", "times": 1}))
        assert (await ask(session, text("SELECT count(*) AS n FROM kept")))[0].n == 0


async def test_more_plans_than_are_kept_make_room_for_each_other(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carrying, "PLANS_KEPT", 3)
    questions = [select((bindparam("of", type_=BigInteger) + n).label("more")) for n in range(8)]
    for _ in range(2):
        assert [(await asked_of(engine, one, of=10))[0].more for one in questions] == list(range(10, 18))
    assert len(await planned(engine)) <= 3


async def test_what_is_longer_than_a_buffer_goes_and_comes_whole(engine: AsyncEngine) -> None:
    said = "ә" * 200_000
    async with visit(engine) as session:
        answers = await ask_each(session, *[(LONG, {"said": said, "times": 3})] * 20)
    assert [rows[0].whole == said * 3 for rows in answers] == [True] * 20


async def test_whoever_stops_waiting_leaves_a_connection_that_answers(engine: AsyncEngine) -> None:
    async def wait_long() -> None:
        async with visit(engine) as session:
            await ask_each(session, (TWICE, {"of": 1}), (text("SELECT pg_sleep(30)"), {}), (TWICE, {"of": 2}))

    waiting = asyncio.create_task(wait_long())
    await asyncio.sleep(0.3)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        async with asyncio.timeout(10):
            await waiting
    assert (await asked_of(engine, TWICE, of=21))[0].twice == 42


async def test_a_transaction_of_another_kind_begins_as_such(engine: AsyncEngine) -> None:
    async with engine.connect() as session:
        await session.execution_options(isolation_level="REPEATABLE READ")
        (row,) = await ask(session, text("SELECT current_setting('transaction_isolation') AS level"))
    assert row.level == "repeatable read"

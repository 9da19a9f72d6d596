"""Questions that the driver alone carries: the same rows, the same errors and the same transaction as any other."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import BigInteger, Column, MetaData, Table, Text, bindparam, insert, literal, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from layers.asking import BINARY, Reading, as_one, ask, ask_each, together
from layers.database import Last, LastAct, engine_for, last_acts, visit

pytestmark = pytest.mark.anyio

thing = Table("thing", MetaData(), Column("id", BigInteger, primary_key=True), Column("name", Text, nullable=False))
ADD = insert(thing).values(id=bindparam("of"), name=bindparam("called")).inline()
FIND = select(thing).where(thing.c.id == bindparam("of"), thing.c.name.not_in(["none", "nothing"]))
COUNT = text("SELECT count(*) AS n FROM thing")


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    engine = engine_for(database_url, size=1)
    async with visit(engine) as session:
        await session.execute(text("CREATE TABLE thing (id bigint PRIMARY KEY, name text NOT NULL)"))
    yield engine
    async with visit(engine) as session:
        await session.execute(text("DROP TABLE thing"))
    await engine.dispose()


async def counted(engine: AsyncEngine) -> int:
    async with visit(engine) as session:
        return int((await ask(session, COUNT))[0].n)


async def test_a_row_tells_its_columns_by_name_as_sqlalchemy_does(engine: AsyncEngine) -> None:
    async with visit(engine) as session:
        assert await ask(session, ADD, {"of": 1, "called": "Ақ"}) == []
        (row,) = await ask(session, FIND, {"of": 1})
        plain = (await session.execute(FIND, {"of": 1})).one()
    assert (row.id, row.name, dict(row._mapping)) == (plain.id, plain.name, dict(plain._mapping))


async def test_what_is_json_goes_and_comes_as_it_is(engine: AsyncEngine) -> None:
    asked = select(bindparam("told", type_=JSONB).op("||")(literal({"b": None}, JSONB)).label("whole"))
    async with visit(engine) as session:
        (row,) = await ask(session, asked, {"told": {"a": ["ә", 1]}})
    assert row.whole == {"a": ["ә", 1], "b": None}


async def test_a_parameter_that_is_not_told_is_named(engine: AsyncEngine) -> None:
    async with visit(engine) as session:
        with pytest.raises(KeyError, match="called"):
            await ask(session, ADD, {"of": 1})


async def test_what_is_asked_together_is_answered_in_its_order(engine: AsyncEngine) -> None:
    def called(first: list[Any], second: list[Any]) -> list[str]:
        return [row.name for row in (*first, *second)]

    async with visit(engine) as session:
        async with together(session) as asker:
            before = asker(Reading(len, ((COUNT, {}),)))
            asker.act(ADD, {"of": 1, "called": "one"})
            asker.act(ADD, {"of": 2, "called": "two"})
            both = asker(Reading(called, ((FIND, {"of": 2}), (FIND, {"of": 1}))))
        assert (before.value, both.value) == (1, ["two", "one"])
    assert await counted(engine) == 2


@pytest.mark.parametrize("alone", [True, False])
async def test_a_fault_is_sqlalchemys_and_undoes_the_visit(engine: AsyncEngine, alone: bool) -> None:
    twice = (ADD, {"of": 1, "called": "one"}), (ADD, {"of": 1, "called": "again"})
    with pytest.raises(IntegrityError) as fault:
        async with visit(engine) as session:
            if alone:
                for question, told in twice:
                    await ask(session, question, told)
            else:
                await ask_each(session, *twice, (COUNT, {}))
    assert "again" not in str(fault.value), "what callers told stays out of the words of an error"
    assert await counted(engine) == 0


async def test_a_connection_that_was_lost_is_given_up(engine: AsyncEngine) -> None:
    with pytest.raises(DBAPIError) as fault:
        async with visit(engine) as session:
            await ask(session, text("SELECT pg_terminate_backend(pg_backend_pid())"))
    assert fault.value.connection_invalidated
    assert await counted(engine) == 0


async def test_a_session_without_a_transaction_begins_one(engine: AsyncEngine) -> None:
    async with engine.connect() as session:
        await ask(session, ADD, {"of": 1, "called": "one"})
        assert await counted(engine) == 0
        await session.commit()
    assert await counted(engine) == 1


async def test_the_last_message_may_end_the_transaction(engine: AsyncEngine) -> None:
    async with visit(engine) as session:
        await ask_each(session, (ADD, {"of": 1, "called": "one"}), commit=True)
        assert await counted(engine) == 1


async def test_two_acts_are_one_question_and_stand_or_fall_together(engine: AsyncEngine) -> None:
    other = insert(thing).values(id=bindparam("id_of_other"), name=bindparam("name_of_other"))
    both = as_one((ADD, {"of": 1, "called": "one"}), (other, {"id_of_other": 2, "name_of_other": "two"}))
    async with visit(engine) as session:
        await ask(session, *both)
    assert await counted(engine) == 2
    with pytest.raises(IntegrityError):
        async with visit(engine) as session:
            await ask(
                session, *as_one((ADD, {"of": 3, "called": "x"}), (other, {"id_of_other": 2, "name_of_other": "y"}))
            )
    assert await counted(engine) == 2


async def test_what_two_last_acts_ask_is_never_taken_for_one(engine: AsyncEngine) -> None:
    async with visit(engine) as session:
        acts = last_acts(session)
        assert acts is not None
        acts[Last.ENTRY] = LastAct(lambda: [(ADD, {"of": n, "called": str(n)}) for n in (1, 2)])
        acts[Last.RING] = LastAct(list)
    async with visit(engine) as session:
        assert [row.name for row in await ask(session, text("SELECT name FROM thing ORDER BY id"))] == ["1", "2"]


async def test_an_answer_in_the_stores_own_bytes_tells_what_one_in_text_does(engine: AsyncEngine) -> None:
    """Rows of both may stand in one message."""
    columns = "decode('ff00', 'hex') AS bytes, 7::bigint AS number, 1.5::real AS real, 'Ақ' AS word, NULL::text AS no"
    told, packed = text(f"SELECT {columns}"), text(f"SELECT {columns}").execution_options(**{BINARY: True})
    async with visit(engine) as session:
        ((first,), (second,), (third,)) = await ask_each(session, (told, {}), (packed, {}), (told, {}))
    assert tuple(first) == tuple(second) == tuple(third) == (b"\xff\x00", 7, 1.5, "Ақ", None)

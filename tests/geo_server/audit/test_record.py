"""An entry stands in the transaction of what it tells; personal values can be erased and the proof stays."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.audit import record
from geo_server.audit.schema import Entry, commitment, leaf_of, plain
from layers.areas.scope import visit_whole
from layers.database import visit
from layers.values import Role

pytestmark = pytest.mark.anyio
LOOK = Entry(operation="incidents.caller", who="Aigerim", account_id=4, role=Role.DISPATCHER)


async def rows(engine: AsyncEngine, asked: str, **values: Any) -> list[Any]:
    async with visit_whole(engine) as session:
        return list((await session.execute(text(asked), values)).mappings())


async def test_an_entry_is_written_with_its_transaction_and_its_leaf(server: AsyncEngine, engine: AsyncEngine) -> None:
    entry = Entry(
        operation="events.confirm", who="Әсел", account_id=7, role=Role.COMMANDER, layer="events", object_id=3,
        purpose={"kind": "incident", "id": 5}, origin="10.0.0.7", details={"to": 1e16, "b": {"z": 0.1, "a": [None]}},
    )  # fmt: skip
    async with visit(server) as session:
        entry_id = await record.write(session, entry)
        now = (await session.execute(text("SELECT pg_current_xact_id()::text::bigint"))).scalar_one()
    (row,) = await rows(engine, "SELECT * FROM audit")
    assert (row["id"], row["xid"], row["role"], row["outcome"]) == (entry_id, now, "commander", "done")
    assert datetime.now(UTC) - row["at"] < timedelta(minutes=1)
    assert row["leaf"] == leaf_of(row)


async def test_an_entry_goes_with_the_act_that_was_undone(server: AsyncEngine, engine: AsyncEngine) -> None:
    with pytest.raises(RuntimeError, match="undone"):
        async with visit(server) as session:
            await record.write(session, LOOK)
            raise RuntimeError("undone")
    assert await rows(engine, "SELECT * FROM audit") == []


async def test_a_personal_value_stands_apart_and_the_entry_only_commits_to_it(
    server: AsyncEngine, engine: AsyncEngine
) -> None:
    phone = "+7 701 234 56 78"
    for _ in range(2):
        async with visit(server) as session:
            await record.write(session, Entry(operation="x", who="y", personal={"caller_phone": phone}))
    told = await rows(engine, "SELECT * FROM audit")
    kept = await rows(engine, "SELECT * FROM audit_personal ORDER BY audit_id")
    assert phone not in str(told) and [row["value"] for row in kept] == [phone, phone]
    commitments = [row["commitments"]["caller_phone"] for row in told]
    assert commitments == [commitment(bytes(row["salt"]), phone) for row in kept]
    assert commitments[0] != commitments[1], "the same number is not to be found by its hash"


async def test_erasure_takes_the_number_however_it_was_written_and_is_told(
    server: AsyncEngine, engine: AsyncEngine
) -> None:
    async with visit(server) as session:
        for number in ("+7 701 234 56 78", "8 (701) 234-56-78", "+7 701 999 99 99"):
            await record.write(session, Entry(operation="x", who="y", personal={"phone": number}))
    async with visit_whole(server) as session:
        assert await record.erase(session, LOOK, phone="+77012345678") == 2
    assert [row["value"] for row in await rows(engine, "SELECT value FROM audit_personal")] == ["+7 701 999 99 99"]
    (told,) = await rows(engine, "SELECT * FROM audit WHERE operation = 'audit.erase'")
    assert told["who"] == "Aigerim" and len(told["details"]["entries"]) == 2
    assert "7012345678" not in json.dumps(told["details"])


async def test_erasure_by_account_takes_what_that_account_was_shown(server: AsyncEngine, engine: AsyncEngine) -> None:
    async with visit(server) as session:
        for account_id in (4, 5):
            await record.write(session, Entry(operation="x", who="y", account_id=account_id, personal={"n": "Ерлан"}))
    async with visit_whole(server) as session:
        assert await record.erase(session, LOOK, account_id=4) == 1
    (left,) = await rows(engine, "SELECT account_id FROM audit JOIN audit_personal ON audit_id = id")
    assert left["account_id"] == 5


async def test_erasure_reaches_no_farther_than_the_scope(server: AsyncEngine, engine: AsyncEngine) -> None:
    async with visit(server) as session:
        entry_id = await record.write(session, Entry(operation="x", who="y", personal={"phone": "+77010000000"}))
    async with visit(server) as session:
        assert await record.erase(session, LOOK, phone="+77010000000") == 0
        await record.write(session, Entry(operation="audit.erase", who="y", details={"entries": [entry_id]}))
        erased = await session.execute(text("SELECT erase_personal(ARRAY[:id]::bigint[])"), {"id": entry_id})
        assert erased.scalar_one() == 0
    assert len(await rows(engine, "SELECT * FROM audit_personal")) == 1


async def test_the_store_refuses_an_erasure_that_is_not_told(server: AsyncEngine) -> None:
    async with visit(server) as session:
        entry_id = await record.write(session, Entry(operation="x", who="y", personal={"phone": "+77010000000"}))
    with pytest.raises(DBAPIError, match="does not tell"):
        async with visit_whole(server) as session:
            await session.execute(text("SELECT erase_personal(ARRAY[:id]::bigint[])"), {"id": entry_id})


async def test_the_store_erases_no_more_than_was_told(server: AsyncEngine) -> None:
    async with visit(server) as session:
        ids = [await record.write(session, Entry(operation="x", who="y", personal={"n": str(n)})) for n in range(2)]
    with pytest.raises(DBAPIError, match="does not tell"):
        async with visit_whole(server) as session:
            await record.write(session, Entry(operation="audit.erase", who="y", details={"entries": ids[:1]}))
            await session.execute(text("SELECT erase_personal(:ids)"), {"ids": ids})


async def test_one_thing_to_erase_is_asked_for_at_a_time(server: AsyncEngine) -> None:
    async with visit(server) as session:
        with pytest.raises(ValueError, match="account or for a phone"):
            await record.erase(session, LOOK)


REWRITES = ["UPDATE {} SET at = now()", "DELETE FROM {}", "TRUNCATE {} CASCADE"]


@pytest.mark.parametrize("who", ["owner", "server", "replica"])
async def test_nobody_rewrites_the_audit(who: str, server: AsyncEngine, engine: AsyncEngine) -> None:
    async with visit(server) as session:
        await record.write(session, LOOK)
    for asked in (rewrite.format(table) for rewrite in REWRITES for table in ("audit", "audit_checkpoint")):
        with pytest.raises(DBAPIError, match=r"only ever added to|permission denied"):
            async with visit_whole(server if who == "server" else engine) as session:
                if who == "replica":
                    await session.execute(text("SET LOCAL session_replication_role = replica"))
                await session.execute(text(asked))
    assert len(await rows(engine, "SELECT * FROM audit")) == 1


async def test_every_entry_carries_the_identifier_of_the_cluster_that_wrote_it(
    server: AsyncEngine, engine: AsyncEngine
) -> None:
    for _ in range(8):  # from the sixth on the plan is kept, and with it what it was made for
        async with visit(server) as session:
            await record.write(session, LOOK)
    of_cluster = "SELECT system_identifier AS epoch FROM pg_control_system()"
    assert {row["epoch"] for row in await rows(engine, "SELECT epoch FROM audit")} == {
        row["epoch"] for row in await rows(engine, of_cluster)
    }


async def test_the_server_cannot_choose_where_an_entry_stands(server: AsyncEngine) -> None:
    for column in ("id", "xid", "epoch"):
        asked = f"""INSERT INTO audit ({column}, at, who, operation, outcome, details, commitments, leaf)
            VALUES (1, now(), 'x', 'x', 'done', '{{}}', '{{}}', sha256(''))"""
        with pytest.raises(DBAPIError, match="permission denied"):
            async with visit(server) as session:
                await session.execute(text(asked))


async def test_the_server_neither_changes_nor_erases_a_personal_value_itself(server: AsyncEngine) -> None:
    for asked in ("UPDATE audit_personal SET value = 'x'", "DELETE FROM audit_personal"):
        with pytest.raises(DBAPIError, match="permission denied"):
            async with visit_whole(server) as session:
                await session.execute(text(asked))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(JSON)
def test_what_is_made_plain_is_plain_already_and_is_json(value: Any) -> None:
    assert plain(plain(value)) == plain(value)
    assert json.loads(json.dumps(plain(value), allow_nan=False)) == plain(value)


async def test_a_leaf_can_be_made_again_from_whatever_the_store_gives_back(
    server: AsyncEngine, engine: AsyncEngine
) -> None:
    strange: list[Any] = [1e16, 1.5e300, -0.0, 5e-324, 1e-7, 0.1 + 0.2, 2**70, float("nan"), float("-inf"), "\0\ud800"]
    strange += [
        "e\u0301",
        "\u2028",
        "қыран 🦅",
        {"b": 1, "a": 2, "aa": 3, "": None},
        {1: (2,)},
        True,
        datetime.now(UTC),
        Role.PLANNER,
    ]
    async with visit(server) as session:
        for one in strange:
            await record.write(session, Entry(operation="x", who="\0\udfff", details={"one": one}, purpose={"p": one}))
        await record.write(session, Entry(operation="x", who="x", origin="\0", personal={"\0": "\ud812"}))
    told = await rows(engine, "SELECT * FROM audit")
    assert len(told) == len(strange) + 1
    assert all(bytes(row["leaf"]) == leaf_of(row) for row in told)

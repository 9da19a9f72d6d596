"""What waits to be told: one row for whoever is refused alike, bounded, and seen by nobody who merely asks."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from layers.database import INGEST, SERVER, Session, as_role, visit
from layers.refusals import queries
from layers.refusals.schema import Refused
from layers.refusals.table import door_refusal

pytestmark = pytest.mark.anyio
AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
ONE = Refused(door="machines", code="unknown_key", address="192.0.2.1", source_id=None, count=3, since=AT, until=AT)


async def rows(session: Session) -> int:
    return int((await session.execute(select(func.count()).select_from(door_refusal))).scalar_one())


async def test_the_same_refusal_is_one_row_whose_count_and_span_grow(session: Session) -> None:
    late, early = AT + timedelta(seconds=5), AT - timedelta(seconds=5)
    nobody = replace(ONE, address=None)
    await queries.add(session, [ONE, nobody])
    await queries.add(session, [replace(ONE, count=4, since=early, until=late), nobody, replace(ONE, source_id=7)])
    assert (
        await queries.take(session, most=9)
        == [
            replace(ONE, count=7, since=early, until=late),
            replace(nobody, count=6),
            replace(ONE, source_id=7),
        ]
        and await rows(session) == 3
    )


async def test_who_knocks_on_is_told_at_once_and_then_by_the_span(engine: AsyncEngine) -> None:
    async with visit(engine) as session:
        await queries.add(session, [ONE])
    async with visit(engine) as session:
        assert await queries.take(session, most=9) == [ONE]
    later = replace(ONE, count=2, since=AT + timedelta(seconds=9), until=AT + timedelta(seconds=9))
    async with visit(engine) as session:
        await queries.add(session, [later])
        assert await queries.take(session, most=9) == []
        await session.execute(text("UPDATE door_refusal SET told_at = told_at - interval '11 seconds'"))
    async with visit(engine) as session:
        assert await queries.take(session, most=9) == [later]


async def test_what_was_told_is_forgotten_once_nobody_knocks(engine: AsyncEngine) -> None:
    async with visit(engine) as session:
        await queries.add(session, [ONE, replace(ONE, address="192.0.2.2")])
        assert len(await queries.take(session, most=1)) == 1
        await queries.forget(session)
        assert await rows(session) == 2
        await session.execute(text("UPDATE door_refusal SET told_at = told_at - interval '11 seconds'"))
    async with visit(engine) as session:
        await queries.forget(session)
        assert await queries.take(session, most=9) == [replace(ONE, address="192.0.2.2")]


async def test_what_another_server_takes_is_not_taken_twice(engine: AsyncEngine) -> None:
    async with visit(engine) as session:
        await queries.add(session, [replace(ONE, address=f"192.0.2.{n}") for n in range(4)])
    async with visit(engine) as one, visit(engine) as other:
        taken = [*await queries.take(one, most=2), *await queries.take(other, most=9)]
        await queries.forget(other)
    assert sorted(each.address or "" for each in taken) == [f"192.0.2.{n}" for n in range(4)]


async def test_a_full_table_grows_by_counts_alone(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "MOST_ROWS", 3)
    for n in range(5):
        listed = [replace(ONE, address=f"192.0.2.{n}", code=code) for code in ("unknown_key", "no_key")]
        await queries.add(session, listed)
    taken = await queries.take(session, most=99)
    assert len(taken) == 6 and sum(one.count for one in taken) == 30
    assert {one.code: one.count for one in taken if one.address is None} == {"unknown_key": 9, "no_key": 9}


async def test_nothing_to_add_adds_nothing(session: Session) -> None:
    await queries.add(session, [])
    assert await rows(session) == 0


async def test_a_visitor_sees_none_of_it_and_the_west_wing_takes_none_away(database_url: str) -> None:
    with psycopg.connect(database_url) as link:
        link.execute(
            "INSERT INTO door_refusal (door, code, count, since, until) VALUES ('people', 'x', 1, now(), now())"
        )
    with psycopg.connect(as_role(database_url, SERVER)) as link:
        assert link.execute("SELECT 1 FROM door_refusal").fetchall() == []
        link.execute("SELECT enter_whole()")
        assert len(link.execute("SELECT 1 FROM door_refusal").fetchall()) == 1
    for asked in ("DELETE FROM door_refusal", "UPDATE door_refusal SET told_at = now()"):
        with (
            psycopg.connect(as_role(database_url, INGEST)) as link,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            link.execute(asked)

"""Who searches the log finds what the actors of the own area and below did, and nothing else."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.audit import queries, record
from geo_server.audit.schema import Asked, Entry
from layers.areas.scope import visit_as, visit_whole
from layers.database import visit
from layers.values import Role
from tests.geo_server.audit.conftest import viewer_of

pytestmark = pytest.mark.anyio


async def write(server: AsyncEngine, **more: Any) -> int:
    async with visit(server) as session:
        return await record.write(session, replace(Entry(operation="events.confirm", who="Асхат"), **more))


async def ids(server: AsyncEngine, code: str, limit: int = 100, **asked: Any) -> list[int]:
    viewer = await viewer_of(server, code, Role.COMMANDER)
    async with visit_as(server, viewer) as session:
        return [told.id for told in await queries.search(session, Asked(**asked), limit=limit)]


async def test_a_scope_sees_what_was_done_at_or_below_it_and_the_whole_sees_all(server: AsyncEngine) -> None:
    area = {code: (await viewer_of(server, code)).area_id for code in ("KZ", "KZ-75", "KZ-75-MED", "KZ-71")}
    written = {code: await write(server, area_id=area_id) for code, area_id in area.items()}
    nobody = await write(server, area_id=None, operation="session.open", outcome="refused")
    assert await ids(server, "KZ-75-MED") == [written["KZ-75-MED"]]
    assert await ids(server, "KZ-75") == [written["KZ-75-MED"], written["KZ-75"]]
    assert await ids(server, "KZ-71") == [written["KZ-71"]]
    assert await ids(server, "KZ") == sorted([*written.values(), nobody], reverse=True)


async def test_without_a_scope_nothing_is_seen_but_what_the_transaction_wrote_itself(server: AsyncEngine) -> None:
    await write(server)
    async with visit(server) as session:
        assert await queries.search(session, Asked()) == []
        own = await record.write(session, Entry(operation="x", who="y"))
        assert [told.id for told in await queries.search(session, Asked())] == [own]


async def test_personal_values_are_seen_by_whom_sees_their_entry(server: AsyncEngine) -> None:
    medeu = await viewer_of(server, "KZ-75-MED")
    await write(server, area_id=medeu.area_id, personal={"phone": "+77010000000"})
    for code, seen in (("KZ-75-MED", 1), ("KZ-75", 1), ("KZ-71", 0)):
        async with visit_as(server, await viewer_of(server, code)) as session:
            assert (await session.execute(text("SELECT count(*) FROM audit_personal"))).scalar_one() == seen


async def test_a_search_asks_by_anything_an_entry_has(server: AsyncEngine) -> None:
    one = await write(server, layer="events", object_id=7)
    two = await write(server, who="Әсел", layer="units", object_id=7)
    three = await write(server, operation="units.order", outcome="refused", code="not_your_role")
    assert await ids(server, "KZ", who="Әсел") == [two]
    assert await ids(server, "KZ", operation="units.order") == [three]
    assert await ids(server, "KZ", layer="events", object_id=7) == [one]
    assert await ids(server, "KZ", object_id=7) == [two, one]
    assert await ids(server, "KZ", outcome="refused") == [three]
    soon = datetime.now(UTC) + timedelta(minutes=1)
    assert await ids(server, "KZ", since=soon) == [] == await ids(server, "KZ", until=soon - timedelta(hours=1))
    assert await ids(server, "KZ", until=soon, since=soon - timedelta(hours=1), limit=2) == [three, two]
    assert await ids(server, "KZ", after=two) == [one]


async def test_an_entry_is_told_with_the_name_of_its_area(server: AsyncEngine) -> None:
    medeu = await viewer_of(server, "KZ-75-MED")
    await write(server, area_id=medeu.area_id, role=Role.COMMANDER, origin="10.0.0.1", details={"n": 1})
    async with visit_whole(server) as session:
        (told,) = await queries.search(session, Asked())
    assert told.area_name is not None and told.area_name.en
    assert (told.role, told.origin, told.details, told.outcome) == ("commander", "10.0.0.1", {"n": 1}, "done")


def test_what_was_asked_is_kept_without_what_was_left_open() -> None:
    at = datetime(2026, 1, 2, tzinfo=UTC)
    assert Asked(since=at, who="y").as_json() == {"since": "2026-01-02T00:00:00.000000Z", "who": "y"}

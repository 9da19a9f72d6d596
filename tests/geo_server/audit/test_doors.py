"""What the doors refused enters the audit as it leaves their table, a few entries a second at most."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.audit import queries
from geo_server.audit.doors import MOST, OPERATION, Teller
from geo_server.audit.schema import Asked, Told
from layers.areas.scope import visit_as, visit_whole
from layers.refusals import queries as refusals
from layers.refusals.schema import Refused
from layers.sources.queries import add
from tests.geo_server.audit.conftest import Log, viewer_of

pytestmark = pytest.mark.anyio
AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.fixture
def teller(server: AsyncEngine) -> Teller:
    return Teller(server)


async def refuse(log: Log, address: str | None = "192.0.2.1", **more: Any) -> None:
    told = {"door": "machines", "code": "unknown_key", "source_id": None, "count": 3, "since": AT, "until": AT}
    async with visit_whole(log.server) as session:
        await refusals.add(session, [Refused(address=address, **{**told, **more})])


async def entries(log: Log, code: str = "KZ") -> list[Told]:
    async with visit_as(log.server, await viewer_of(log.owner, code)) as session:
        return await queries.search(session, Asked(operation=OPERATION))


async def test_a_refusal_of_nobody_is_told_once_to_the_republic_alone(log: Log, teller: Teller) -> None:
    await refuse(log)
    assert [await teller.look(), await teller.look()] == [1, 0]
    (told,) = await entries(log)
    assert (told.who, told.role, told.area_id, told.layer, told.object_id) == ("", None, None, None, None)
    assert (told.outcome, told.code, told.origin) == ("refused", "unknown_key", "192.0.2.1")
    stamp = "2026-01-02T03:04:05.000000Z"
    assert told.details == {"door": "machines", "count": 3, "from": stamp, "to": stamp}
    assert await entries(log, "KZ-75") == []


async def test_a_key_that_was_somebodys_is_told_to_the_area_of_its_source(log: Log, teller: Teller) -> None:
    area_id = (await viewer_of(log.owner, "KZ-75")).area_id
    async with visit_whole(log.owner) as session:
        source_id = await add(session, name="towers", kind="events", area_id=area_id)
    await refuse(log, code="revoked_key", source_id=source_id)
    await refuse(log, code="revoked_key", source_id=source_id + 1)  # a source that has gone since
    assert await teller.look() == 2
    (told,) = await entries(log, "KZ-75")
    assert (told.who, told.area_id, told.layer, told.object_id) == ("towers", area_id, "sources", source_id)
    assert len(await entries(log)) == 2 and await entries(log, "KZ-71") == []


async def test_a_flood_makes_few_entries_at_a_time_and_every_one_is_told(log: Log, teller: Teller) -> None:
    for n in range(3 * MOST + 1):
        await refuse(log, f"192.0.2.{n}")
    assert [await teller.look() for _ in range(5)] == [MOST, MOST, MOST, 1, 0]
    assert sum(told.details["count"] for told in await entries(log)) == 3 * (3 * MOST + 1)


async def test_what_the_audit_does_not_take_waits_for_it(log: Log, teller: Teller) -> None:
    await refuse(log)
    await log.sql("REVOKE INSERT ON audit FROM qyran_server")
    with pytest.raises(ProgrammingError):
        await teller.look()
    assert await log.sql("SELECT count FROM door_refusal WHERE told_at IS NULL") == [(3,)]
    await log.sql("GRANT INSERT ON audit TO qyran_server")
    assert await teller.look() == 1
    assert [told.details["count"] for told in await entries(log)] == [3]


async def test_what_was_told_is_sealed_and_verified_like_any_entry(log: Log, teller: Teller) -> None:
    await log.sealer.look()
    await refuse(log)
    await teller.look()
    await log.seal()
    assert await log.findings() == []

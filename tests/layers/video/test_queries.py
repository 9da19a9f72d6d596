"""Tickets are good once, for half a minute, while the session holds; what was looked at stays on record."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from layers.database import INGEST, SERVER, as_role, engine_for, visit
from layers.video import queries
from layers.video.schema import NewTicket, digest
from tests.scene import MEDEU, furnish

pytestmark = pytest.mark.anyio
ACCOUNT = """INSERT INTO account (id, name, password_hash, role, area_id)
    SELECT 71, 'desk', 'x', 'dispatcher', id FROM area WHERE code = 'KZ'"""
SESSION = """INSERT INTO account_session (id, token_sha256, account_id, area_id, expires_at)
    SELECT 7, '\\x07', 71, area_id, now() + interval '1 hour' FROM account WHERE id = 71"""


@pytest.fixture
async def camera(engine: AsyncEngine) -> int:
    (spot,) = await furnish(engine, MEDEU)
    async with visit(engine) as session:
        await session.execute(text(ACCOUNT))
        await session.execute(text(SESSION))
    return spot.ids["cameras"]


async def put(engine: AsyncEngine, camera: int, token: str = "t", **other: Any) -> None:
    plain: dict[str, Any] = {"kind": "live", "account_id": 71, "account": "desk", "session_id": 7}
    plain |= {"watermark": "desk", "masked": False, **other}
    async with visit(engine) as session:
        await queries.write_ticket(session, NewTicket(token_sha256=digest(token), camera_id=camera, **plain))


async def test_a_ticket_is_good_once_and_for_what_it_was_asked(engine: AsyncEngine, camera: int) -> None:
    await put(engine, camera)
    async with visit(engine) as session:
        assert await queries.redeem(session, digest("t"), ["mjpeg"]) is None
        found = await queries.redeem(session, digest("t"), ["live"])
        assert found is not None and (found.camera_id, found.account, found.masked) == (camera, "desk", False)
        assert await queries.redeem(session, digest("t"), ["live"]) is None
        assert await queries.is_known(session, digest("t")) and not await queries.is_known(session, digest("u"))


@pytest.mark.parametrize(
    "since",
    [
        "UPDATE video_ticket SET expires_at = now() - interval '1 second'",
        "UPDATE account_session SET ended_at = now()",
        "UPDATE account_session SET expires_at = now()",
    ],
)
async def test_a_ticket_is_no_good_when_it_is_old_or_its_session_has_ended(
    engine: AsyncEngine, camera: int, since: str
) -> None:
    await put(engine, camera)
    async with visit(engine) as session:
        await session.execute(text(since))
        assert await queries.redeem(session, digest("t"), ["live"]) is None


async def test_a_view_is_written_when_it_opens_and_when_it_ends_also_after_a_fall(
    engine: AsyncEngine, camera: int, database_url: str
) -> None:
    await put(engine, camera)
    await put(engine, camera, "u")
    ingest = engine_for(as_role(database_url, INGEST), size=1)
    async with visit(ingest) as session:
        views = []
        for token in ("t", "u"):
            ticket = await queries.redeem(session, digest(token), ["live"])
            assert ticket is not None
            views.append(await queries.open_view(session, ticket))
        await queries.close_view(session, views[0], sent_bytes=9_000, why="left")
        assert await queries.close_left_open(session) == 1
        found = await session.execute(text("SELECT account, bytes, closed_why FROM video_view ORDER BY id"))
        assert [tuple(row) for row in found] == [("desk", 9_000, "left"), ("desk", 0, "door_fell")]
    await ingest.dispose()


GRANTED = """WITH beside AS (INSERT INTO area (parent_id, level, code, name_kk, name_ru, name_en, geom)
        SELECT id, 2, 'T9', 'а', 'б', 'c', ST_Multi(ST_MakeEnvelope(50, 50, 50.1, 50.1, 4326)) FROM area
        WHERE code = 'KZ' RETURNING id), moved AS (UPDATE account SET area_id = (SELECT id FROM beside) WHERE id = 71)
    INSERT INTO area_grant (kind, area_id, to_area_id, reason, given_by, ends_at)
    SELECT 'area', c.area_id, beside.id, 'help', 'x', now() + interval '1 hour' FROM camera c, beside
    WHERE c.id = :camera"""


@pytest.mark.parametrize(
    "since",
    [
        "UPDATE area_grant SET revoked_at = now()",
        "UPDATE area_grant SET begins_at = now() - interval '2 hours', ends_at = now()",
        "UPDATE account SET disabled_at = now()",
        "UPDATE account_session SET ended_at = now()",
    ],
)
async def test_who_watches_by_a_grant_does_so_no_longer_than_it_runs(
    engine: AsyncEngine, camera: int, database_url: str, since: str
) -> None:
    async with visit(engine) as session:
        await session.execute(text(GRANTED), {"camera": camera})
    await put(engine, camera)
    await put(engine, camera, "late")
    ingest = engine_for(as_role(database_url, INGEST), size=1)
    async with visit(ingest) as session:
        ticket = await queries.redeem(session, digest("t"), ["live"])
        assert ticket is not None and await queries.holding(session, [ticket.id, 10**9]) == {ticket.id}
    async with visit(engine) as session:
        await session.execute(text(since))
    async with visit(ingest) as session:
        assert await queries.holding(session, [ticket.id]) == set()
        assert await queries.redeem(session, digest("late"), ["live"]) is None
    await ingest.dispose()


async def test_the_server_sees_tickets_of_its_scope_alone(engine: AsyncEngine, camera: int, database_url: str) -> None:
    await put(engine, camera)
    server = engine_for(as_role(database_url, SERVER), size=1)
    async with visit(server) as session:
        assert (await session.execute(text("SELECT count(*) FROM video_ticket"))).scalar_one() == 0
    await server.dispose()


async def test_a_ticket_goes_after_a_day_and_what_was_looked_at_by_it_stays(
    engine: AsyncEngine, camera: int, database_url: str
) -> None:
    for token in ("unused", "used", "watching", "new"):
        await put(engine, camera, token, kind="playback", masked=token == "used")
    ingest = engine_for(as_role(database_url, INGEST), size=1)
    async with visit(ingest) as session:
        views = []
        for token in ("used", "watching"):
            ticket = await queries.redeem(session, digest(token), ["playback"])
            assert ticket is not None
            views.append(await queries.open_view(session, ticket))
        await queries.close_view(session, views[0], sent_bytes=9, why="left")
    async with visit(engine) as session:
        old = "UPDATE video_ticket SET asked_at = now() - interval '25 h' WHERE token_sha256 <> :new"
        await session.execute(text(old), {"new": digest("new")})
    async with visit(ingest) as session:
        assert await queries.forget_old(session) == 2 and await queries.forget_old(session) == 0
        for token, known in {"unused": False, "used": False, "watching": True, "new": True}.items():
            assert await queries.is_known(session, digest(token)) == known
        seen = await session.execute(text("SELECT ticket_id IS NULL, kind, masked, bytes FROM video_view ORDER BY id"))
        assert [tuple(row) for row in seen] == [(True, "playback", True, 9), (False, "playback", False, 0)]
    await ingest.dispose()

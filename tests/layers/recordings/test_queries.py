import hashlib
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from layers.database import INGEST, Session, as_role, engine_for, visit
from layers.recordings import queries
from layers.recordings.chain import Link, broken
from layers.recordings.schema import Gap, Written

pytestmark = pytest.mark.anyio
START = datetime(2026, 3, 1, 10, tzinfo=UTC)


async def put_up(session: Session, code: str = "C-1") -> int:
    asked = """INSERT INTO camera (code, name_kk, name_ru, name_en, url, reader, record, geom)
        VALUES (:code, 'к', 'р', 'e', 'rtsp://x', 'rtsp', 'continuous', ST_SetSRID(ST_MakePoint(76.94, 43.24), 4326))
        RETURNING id"""
    return int((await session.execute(text(asked), {"code": code})).scalar_one())


def written(camera_id: int, n: int, *, closed: bool = True, retention: str = "public") -> Written:
    begins = START + timedelta(minutes=5 * n)
    return Written(
        camera_id=camera_id, path=f"C/{camera_id}/{n}.mp4", begins_at=begins, ends_at=begins + timedelta(minutes=5),
        size=1000 + n, init_size=10, codec="avc1.640028", index=((0, 10, 1),), retention=retention,
        sha256=hashlib.sha256(bytes([n])).digest() if closed else None,
    )  # fmt: skip


async def test_each_closed_file_takes_in_the_one_before_and_a_deleted_one_keeps_its_place(session: Session) -> None:
    one = await put_up(session)
    await queries.keep(session, [written(one, 0), written(one, 1), written(one, 2, closed=False)])
    await queries.keep(session, [written(one, 2)])
    await queries.keep(session, [written(one, 2)])  # told again, it stays as it is
    first, *_ = await queries.chain_of(session, one)
    assert await queries.mark_deleted(session, [first.id], why="retention") == [first.id]
    chain = await queries.chain_of(session, one)
    assert [(row.number, row.state) for row in chain] == [(1, "deleted"), (2, "closed"), (3, "closed")]
    links = [
        Link(code=row.code, path=row.path, begins_at=row.begins_at, ends_at=row.ends_at, size=row.size,
             sha256=row.sha256 or b"", number=row.number or 0, previous=row.previous_sha256 or b"")
        for row in chain
    ]  # fmt: skip
    told = [row.chain_sha256 or b"" for row in chain]
    assert broken(links, told) is None
    assert broken([links[0], links[2]], [told[0], told[2]]) == 3
    assert broken(links, [told[0], told[1][::-1], told[2]]) == 2


async def test_a_closed_row_is_neither_written_anew_nor_taken_away(session: Session) -> None:
    one = await put_up(session)
    await queries.keep(session, [written(one, 0)])
    for asked in ("UPDATE recording SET bytes = 1", "DELETE FROM recording", "UPDATE recording SET number = 9"):
        with pytest.raises(DBAPIError, match="stays as it is"):
            async with session.begin_nested():
                await session.execute(text(asked))


async def test_what_is_held_is_never_among_what_may_go_and_never_marked_as_gone(session: Session) -> None:
    one, other = await put_up(session), await put_up(session, "C-2")
    await queries.keep(session, [written(camera, n) for camera in (one, other) for n in range(3)])
    hold = """INSERT INTO legal_hold (camera_id, begins_at, ends_at, reason, legal_basis, set_by)
        VALUES (:one, :since, :until, 'r', 'b', 'x')"""
    inside = {"one": one, "since": START + timedelta(minutes=6), "until": START + timedelta(minutes=7)}
    await session.execute(text(hold), inside)
    found = await queries.oldest(session, limit=10)
    assert [row.begins_at for row in found] == sorted(row.begins_at for row in found) and len(found) == 5
    held = [row.id for row in await queries.chain_of(session, one) if row.number == 2]
    assert not set(held) & {row.id for row in found}
    assert await queries.mark_deleted(session, held, why="disk") == []
    await session.execute(text("UPDATE legal_hold SET released_at = now(), released_by = 'y'"))
    assert await queries.mark_deleted(session, held, why="disk") == held


async def test_what_may_go_is_asked_by_class_and_age(session: Session) -> None:
    one = await put_up(session)
    await queries.keep(
        session, [written(one, 0), written(one, 1, retention="operations"), written(one, 2, closed=False)]
    )
    old = await queries.oldest(session, limit=10, before=START + timedelta(days=1), retention="public")
    assert [row.number for row in old] == [1]
    assert await queries.oldest(session, limit=10, before=START, retention="public") == []


async def test_a_gap_is_begun_once_and_ended_once(session: Session) -> None:
    one = await put_up(session)
    for reason in ("disk_full", "no_footage"):
        await queries.begin_gap(session, Gap(camera_id=one, begins_at=START, ends_at=None, reason=reason))
    await queries.end_gap(session, one, START + timedelta(seconds=9))
    await queries.end_gap(session, one, START + timedelta(seconds=99))
    rows = (await session.execute(text("SELECT reason, ends_at - begins_at FROM recording_gap"))).all()
    assert [tuple(row) for row in rows] == [("disk_full", timedelta(seconds=9))]


async def test_the_west_wing_does_all_of_it_in_its_own_role(engine: AsyncEngine, database_url: str) -> None:
    async with visit(engine) as session:
        one = await put_up(session)
    west = engine_for(as_role(database_url, INGEST))
    async with visit(west) as session:
        await queries.keep(session, [written(one, 0, closed=False), written(one, 1)])
        (stale,) = await queries.still_open(session)
        await queries.forget_empty(session, stale.id, START)
        assert [row.state for row in await queries.chain_of(session, one)] == ["closed", "deleted"]
        assert [row.code for row in await queries.chosen(session)] == ["C-1"]
        assert await queries.standing_holds(session) == [] and await queries.faring(session) == {"waiting": 1}
    await west.dispose()


def test_nobody_but_the_owner_deletes_a_row(database_url: str) -> None:
    with psycopg.connect(as_role(database_url, INGEST)) as link, pytest.raises(psycopg.errors.InsufficientPrivilege):
        link.execute("DELETE FROM recording")

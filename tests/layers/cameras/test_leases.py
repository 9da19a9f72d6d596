"""A lease changes hands with a new epoch alone, and while somebody writes under it, it does not change at all."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import LiteralString

import psycopg
import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.door.cluster import Store
from layers.cameras import health, leases
from layers.cameras.health import CameraHealth
from layers.cameras.leases import Lease
from layers.cameras.queries import NewCamera, put_up
from layers.cameras.table import camera_lease
from layers.database import Session, visit
from layers.values import LonLat, Title
from tests.growing import AREA, SPOT, grown

pytestmark = pytest.mark.anyio
CAMERA: LiteralString = f"""INSERT INTO camera (id, code, name_kk, name_ru, name_en, url, reader, geom)
    VALUES (1, 'C-1', 'а', 'б', 'c', 'rtsp://192.168.1.2/sub', 'rtsp', {SPOT})"""

FARES = CameraHealth(
    camera_id=1, at=datetime.now(UTC), shard="a", active=True, frames=1, dropped=0, detections=0, faults=0,
    reconnects=0, gate_ms=None, detector_ms=None, skew_s=None, codec=None, width_px=None, height_px=None,
)  # fmt: skip


async def put(session: Session, *codes: str) -> list[int]:
    new = [
        NewCamera(code=code, title=Title(kk="а", ru="б", en="c"), place=LonLat(lon=76.9, lat=43.2), url="x",
                  reader="rtsp", settings={}) for code in codes
    ]  # fmt: skip
    return await put_up(session, new)


async def test_an_epoch_grows_where_the_shard_changes_and_there_alone(session: Session) -> None:
    one, two = await put(session, "A", "B")
    await leases.take(session, {one: "a", two: "a"})
    await leases.take(session, {one: "b", two: "a", 10**6: "b"})
    found = sorted(await leases.of_all(session), key=lambda lease: lease.camera_id)
    assert found == [Lease(camera_id=one, shard="b", epoch=2), Lease(camera_id=two, shard="a", epoch=1)]


async def test_who_holds_an_older_epoch_or_none_holds_nothing(session: Session) -> None:
    one, two, three = await put(session, "A", "B", "C")
    await leases.take(session, {one: "a", two: "a"})
    await leases.take(session, {one: "b"})
    assert await leases.held(session, {one: 1, two: 1, three: 1}) == {two}
    assert await leases.held(session, {}) == frozenset()


async def test_a_lease_waits_for_what_is_being_written_under_it(engine: AsyncEngine) -> None:
    async with visit(engine) as session:
        (one,) = await put(session, "A")
        await leases.take(session, {one: "a"})

    async def to_b() -> None:
        async with visit(engine) as session:
            await leases.take(session, {one: "b"})

    async with visit(engine) as session:
        assert await leases.held(session, {one: 1}) == {one}
        taking = asyncio.create_task(to_b())
        done, _ = await asyncio.wait([taking], timeout=0.3)
        assert not done
    await taking
    async with visit(engine) as session:
        assert await leases.held(session, {one: 1}) == frozenset()


def test_no_lease_goes_back_in_a_grown_store(store: Store) -> None:
    with grown(store, "0035", [AREA, CAMERA]) as link:
        assert link.execute("SELECT count(*) FROM camera_lease").fetchone() == (0,)
        link.execute("SET ROLE qyran_ingest")
        link.execute("INSERT INTO camera_lease (camera_id, shard, epoch) VALUES (1, 'a', 2)")
        for change in ("epoch = 1", "shard = 'b'"):
            with pytest.raises(psycopg.errors.CheckViolation), link.transaction():
                link.execute(f"UPDATE camera_lease SET {change}".encode())


def test_who_sees_no_camera_sees_no_lease_and_the_server_hands_none_out(store: Store) -> None:
    filled = [AREA, CAMERA]
    with grown(store, "0035", filled) as link:
        link.execute("INSERT INTO camera_lease (camera_id, shard, epoch) VALUES (1, 'a', 1)")
        link.execute("SET ROLE qyran_server")
        assert link.execute("SELECT count(*) FROM camera_lease").fetchone() == (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege), link.transaction():
            link.execute("UPDATE camera_lease SET epoch = 5")


async def test_a_cluster_is_at_work_while_leases_are_new_or_their_holders_tell(session: Session) -> None:
    (one,) = await put(session, "A")
    assert not await leases.at_work(session, 60)
    await leases.take(session, {one: "a"})
    assert await leases.at_work(session, 60)
    long_ago = datetime.now(UTC) - timedelta(hours=1)
    await session.execute(update(camera_lease).values(since=long_ago))
    assert not await leases.at_work(session, 60)
    for shard, works in (("shard-1", False), ("ab/shard-1", False), ("a/shard-1", True)):
        await health.write(session, [replace(FARES, camera_id=one, at=datetime.now(UTC), shard=shard)])
        assert await leases.at_work(session, 60) is works
    await health.write(session, [replace(FARES, camera_id=one, at=long_ago, shard="a/shard-1")])
    assert not await leases.at_work(session, 60)


async def test_a_store_is_told_from_another(session: Session) -> None:
    assert await leases.store(session) == await leases.store(session) != ""

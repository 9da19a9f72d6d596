"""A plate that nobody looks for is driven the whole way and found nowhere; one that is looked for, where it may stand.

The searches are the same for both, so that they can fail.
"""

import asyncio
import logging
import random
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import psycopg
import pytest
from prometheus_client import generate_latest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest import cameras, video_metrics
from ingest.measuring.drawn_plates import vehicle
from ingest.plates.hotlist import LiveHotlist
from ingest.values import Detection, Picture
from layers.cameras.queries import NewCamera, put_up
from layers.database import visit
from layers.events.table import event
from layers.hotlist import queries as hotlist
from layers.hotlist.schema import NewEntry, Wanted
from layers.values import LonLat, Title

pytestmark = pytest.mark.anyio
LISTED, CANARY = "123ABC02", "908HKM13"
PLACE = LonLat(lon=76.97, lat=43.23)
FPS, WIDTH, HEIGHT = 5, 640, 400


class Cars:
    """A detector that takes whatever is not the grey of the empty road for a car."""

    def detect(self, picture: Picture) -> tuple[Detection, ...]:
        y, x = np.nonzero(np.abs(picture.image().astype(int) - 128).max(axis=2) > 24)
        if len(x) < 1000:
            return ()
        box = (float(x.min()), float(y.min()), float(x.max()), float(y.max()))
        return (Detection(label="car", score=0.9, box=box),)


def film(path: Path, plate: str) -> None:
    """A vehicle crosses an empty road: a second of nothing, two of it, a second of nothing."""
    with av.open(str(path), "w") as written:
        stream = written.add_stream("mpeg4", rate=Fraction(FPS))
        stream.width, stream.height, stream.pix_fmt, stream.bit_rate = WIDTH, HEIGHT, "yuv420p", 20_000_000
        car = vehicle(plate, 160, random.Random(1), level=0.2)
        for n in range(4 * FPS):
            scene = np.full((HEIGHT, WIDTH, 3), 128, np.uint8)
            if FPS <= n < 3 * FPS:
                left = 20 + 8 * (n - FPS)
                scene[40 : 40 + car.shape[0], left : left + car.shape[1]] = car
            written.mux(stream.encode(av.VideoFrame.from_ndarray(scene, format="bgr24")))
        written.mux(stream.encode(None))


def camera(code: str) -> NewCamera:
    rules = [{"function": "plate_read", "settings": {"reads_per_s": 10}}]
    title = Title(kk=code, ru=code, en=code)
    return NewCamera(
        code=code, title=title, place=PLACE, url=f"clips/{code}.avi", reader="video_file", settings={"rules": rules}
    )


async def look_for(engine: AsyncEngine, plate: str) -> int:
    async with visit(engine) as session:
        area_id = (await session.execute(text("SELECT id FROM area WHERE code = 'KZ'"))).scalar_one()
        entry = NewEntry(
            plate=plate,
            kind="stolen",
            legal_basis="ERDR 1",
            owner="x",
            area_id=area_id,
            ends_at=datetime.now(UTC) + timedelta(days=1),
        )
        (made,) = await hotlist.add(session, [entry], by="x")
    assert made is not None
    return made


def in_tables(url: str, plate: str) -> list[str]:
    """Name the tables whose dump holds the plate."""
    with psycopg.connect(url) as link:
        tables = link.execute("SELECT format('%I.%I', schemaname, tablename) FROM pg_tables").fetchall()
        return [str(name) for (name,) in tables if plate.encode() in b"".join(_copied(link, str(name)))]


def _copied(link: psycopg.Connection[Any], table: str) -> Iterator[bytes]:
    with link.cursor().copy(f"COPY (SELECT * FROM {table}) TO STDOUT".encode()) as copy:
        yield from (bytes(block) for block in copy)


def in_wal(url: str, plate: str, since: str) -> bool:
    asked = """SELECT bool_or(position(convert_to(%s, 'UTF8') IN pg_read_binary_file('pg_wal/' || name)) > 0)
        FROM pg_ls_waldir() WHERE name BETWEEN pg_walfile_name(%s) AND pg_walfile_name(pg_current_wal_lsn())"""
    with psycopg.connect(url) as link:
        link.execute("SELECT pg_switch_wal()")
        found = link.execute(asked, (plate, since)).fetchone()
    return bool(found and found[0])


def in_files(home: Path, plate: str) -> list[str]:
    files = (path for path in home.rglob("*") if path.is_file() and "fetched" not in path.parts)
    return [path.name for path in files if plate.encode() in path.read_bytes() or plate in path.name]


async def test_a_plate_that_nobody_looks_for_is_kept_nowhere_and_one_that_is_becomes_an_event(
    engine: AsyncEngine,
    database_url: str,
    home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    held_against: set[str] = set()
    wanted = LiveHotlist.wanted
    monkeypatch.setattr(cameras, "_open_detector", lambda _: Cars())

    def asked(self: LiveHotlist, plate: str, camera_id: int, at: datetime) -> tuple[Wanted, ...]:
        held_against.add(plate)
        return wanted(self, plate, camera_id, at)

    monkeypatch.setattr(LiveHotlist, "wanted", asked)
    (tmp_path / "fetched").symlink_to(home / "fetched")
    (tmp_path / "clips").mkdir()
    for code, plate in (("A", LISTED), ("B", CANARY)):
        film(tmp_path / "clips" / f"{code}.avi", plate)
    with psycopg.connect(database_url) as link:
        found = link.execute("SELECT pg_current_wal_lsn()::text").fetchone()
        assert found is not None
        since = str(found[0])
    entry_id = await look_for(engine, LISTED)

    hit = await _driven(engine, tmp_path, held_against)

    assert held_against == {LISTED, CANARY}  # both were read
    assert (hit.details["entry"], hit.details["plate"], hit.source) == (entry_id, LISTED, "camera:A")
    tables = {plate: in_tables(database_url, plate) for plate in (LISTED, CANARY)}
    assert tables == {LISTED: ["public.hotlist_entry", "public.event"], CANARY: []} or tables == {
        LISTED: ["public.event", "public.hotlist_entry"],
        CANARY: [],
    }
    assert in_wal(database_url, LISTED, since) and not in_wal(database_url, CANARY, since)
    said = caplog.text + "".join(capfd.readouterr())
    said += (generate_latest() + generate_latest(video_metrics.REGISTRY)).decode()
    assert "camera_started" in said and CANARY not in said and LISTED not in said
    assert in_files(tmp_path, CANARY) == []
    (tmp_path / "note").write_text(CANARY)
    assert in_files(tmp_path, CANARY) == ["note"]


async def _driven(engine: AsyncEngine, home: Path, held_against: set[str]) -> Any:
    """Run both cameras until both plates were held against the list and the hit is written."""
    async with visit(engine) as session:
        await put_up(session, [camera("A"), camera("B")])
    task = asyncio.create_task(cameras.run_cameras(engine, home, look_s=0.1))
    try:
        for _ in range(600):
            async with visit(engine) as session:
                hit = (await session.execute(select(event).where(event.c.kind == "plate_hit"))).first()
            if hit is not None and len(held_against) > 1:
                return hit
            await asyncio.sleep(0.1)
        raise AssertionError("the plates were not read in time")
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

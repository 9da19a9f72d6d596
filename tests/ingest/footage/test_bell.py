"""Footage hears of cameras by a bell, and whatever of it fails begins anew."""

import asyncio

import psycopg
import pytest

from ingest.footage import lasting
from ingest.footage.bell import Bell
from layers.database import INGEST, as_role, engine_for
from layers.video.schema import CHANNEL

CAMERA = """INSERT INTO camera (code, name_kk, name_ru, name_en, url, reader, geom) VALUES ('C-1', 'к', 'р', 'e',
    'rtsp://x', 'rtsp', ST_SetSRID(ST_MakePoint(76.94, 43.24), 4326))"""


def test_what_is_shown_or_recorded_of_a_camera_rings_and_how_it_fares_does_not(database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as ear, psycopg.connect(database_url, autocommit=True) as store:
        store.execute(CAMERA)
        ear.execute(f"LISTEN {CHANNEL}")
        store.execute("UPDATE camera SET state = 'live', fps = 5, last_frame_at = now(), heading_deg = 3")
        for change in ("masks = '[]'", "record = 'events'", "main_url = 'rtsp://y'", "enabled = false"):
            store.execute(f"UPDATE camera SET {change}")
            assert len(list(ear.notifies(timeout=10, stop_after=1))) == 1
            assert list(ear.notifies(timeout=0)) == []


@pytest.mark.anyio
async def test_the_bell_is_heard_by_all_who_listen_and_counts_as_rung_when_it_begins(
    database_url: str,
) -> None:
    engine = engine_for(as_role(database_url, INGEST))
    bell = Bell(engine)
    ears = [bell.ear(), bell.ear()]
    listening = asyncio.create_task(bell.listen())
    async with asyncio.timeout(20):
        for ear in ears:
            await ear.wait()
            ear.clear()
        async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as store:
            await store.execute(CAMERA)
        for ear in ears:
            await ear.wait()
    listening.cancel()
    await engine.dispose()


@pytest.mark.anyio
async def test_a_part_that_fails_as_nobody_foresaw_is_run_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lasting, "AGAIN_S", 0.0)
    again = asyncio.Event()
    tries = [KeyError("7"), None]

    async def part() -> None:
        if (fault := tries.pop(0)) is not None:
            raise fault
        again.set()
        await asyncio.Event().wait()

    running = asyncio.create_task(lasting.lasting("part", part))
    async with asyncio.timeout(10):
        await again.wait()
    running.cancel()

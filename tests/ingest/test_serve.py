import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, LiteralString

import httpx
import psycopg
import pytest
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest import serve as serving
from ingest.shards.counts import Counts
from layers.areas.queries import by_code
from layers.cameras import leases
from layers.cameras import queries as cameras_of
from layers.cameras.queries import NewCamera, put_up
from layers.cameras.table import camera
from layers.changes import since
from layers.database import engine_for, visit
from layers.sources.queries import create
from layers.units.table import unit
from layers.values import LonLat, Title

UNITS = 8


async def _filled(url: str) -> str:
    engine = engine_for(url)
    async with visit(engine) as session:
        home = await by_code(session, "KZ")
        assert home is not None
        row = {"service": "police", "kind": "car", "home_area_id": home.id}
        await session.execute(insert(unit), [row | {"call_sign": f"{n}", "device": f"{n}"} for n in range(UNITS)])
        key = await create(session, name="trackers", kind="positions", area_id=home.id)
    await engine.dispose()
    return key


@contextmanager
def process(database_url: str, home: Path, *told: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The real process on a free port, ended at the end; its address once it listens."""
    root = Path(serving.__file__).parent.parent
    environment = os.environ | {"QYRAN_DATABASE_URL": database_url, "PYTHONPATH": str(root)}
    command = [sys.executable, "-m", "ingest", "serve", "--home", str(home), "--port", "0", *told]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True, cwd=root) as running:
        try:
            yield running, f"http://127.0.0.1:{_port(running)}"
        finally:
            if running.poll() is None:
                running.kill()


def _port(running: subprocess.Popen[str]) -> int:
    assert running.stderr is not None
    for line in running.stderr:
        if '"door_open"' in line:
            threading.Thread(target=running.stderr.read, daemon=True).start()  # so that its log never fills the pipe
            return int(json.loads(line)["port"])
    raise AssertionError("the door did not open")


def _send(url: str, key: str, device: int, acknowledged: set[tuple[int, int]], stop: threading.Event) -> None:
    """Send fixes one after the other for as long as the door answers; note what it acknowledged."""
    at_ms = round(time.time() * 1000) - 600_000
    with httpx.Client(base_url=url, timeout=30) as client:
        while not stop.is_set():
            at_ms += 1
            asked: dict[str, Any] = {"id": device, "lat": 43.25, "lon": 76.95, "timestamp": at_ms, "key": key}
            try:
                answer = client.get("/", params=asked)
            except httpx.HTTPError:
                return
            if answer.status_code == 200:
                acknowledged.add((device, at_ms))


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_what_was_acknowledged_is_there_after_the_process_is_ended(
    database_url: str, tmp_path: Path, end: signal.Signals
) -> None:
    key = asyncio.run(_filled(database_url))
    acknowledged: set[tuple[int, int]] = set()
    stop = threading.Event()
    with process(database_url, tmp_path, "--no-cameras") as (running, url):
        told = (url, key)
        senders = [threading.Thread(target=_send, args=(*told, n, acknowledged, stop)) for n in range(UNITS)]
        for sender in senders:
            sender.start()
        deadline = time.monotonic() + 60
        while len(acknowledged) < 100 and time.monotonic() < deadline:
            threading.Event().wait(0.01)
        running.send_signal(end)
        running.wait(30)
        stop.set()
        for sender in senders:
            sender.join(60)
    assert len(acknowledged) >= 100
    with psycopg.connect(database_url) as link:
        rows = link.execute(
            "SELECT device::int, round(extract(epoch FROM at) * 1000)::bigint FROM track JOIN unit ON unit.id = unit_id"
        ).fetchall()
    assert acknowledged <= set(rows)
    assert len(rows) == len(set(rows))


def test_a_taken_port_is_one_clear_sentence(database_url: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "ingest", "serve", "--home", str(tmp_path), "--port", port]
        root = Path(serving.__file__).parent.parent
        environment = os.environ | {"QYRAN_DATABASE_URL": database_url, "PYTHONPATH": str(root)}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, cwd=root, timeout=60)
    assert done.returncode == 1
    assert done.stderr == f"The door for machines cannot open on 127.0.0.1:{port}: Address already in use.\n"


@pytest.mark.anyio
async def test_cameras_that_fail_are_started_again_and_hurt_nobody(
    engine: AsyncEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = asyncio.Event()
    times: list[Path] = []

    def no_command(home: Path) -> list[str]:
        times.append(home)
        if len(times) == 3:
            tried.set()
        raise RuntimeError("no shard here")

    monkeypatch.setattr(serving, "shard_command", no_command)
    monkeypatch.setattr(serving, "AGAIN_S", (0.0,))
    keeping = asyncio.create_task(serving.keep_cameras(engine, tmp_path, Counts()))
    await asyncio.wait_for(tried.wait(), 30)
    assert not keeping.done()
    keeping.cancel()
    assert set(times) == {tmp_path}


@pytest.mark.anyio
async def test_a_camera_whose_stream_breaks_its_reader_is_told_to_be_down_and_why(engine: AsyncEngine) -> None:
    title = Title(kk="а", ru="б", en="c")
    new = NewCamera(code="C-1", title=title, place=LonLat(lon=76.94, lat=43.24), url="x", reader="rtsp", settings={})
    async with visit(engine) as session:
        ids = await put_up(session, [new])
    assert await serving.hold_back(engine, frozenset(ids))
    async with visit(engine) as session:
        (told,) = (await session.execute(select(camera.c.state, camera.c.state_reason))).all()
        rung = [(change.layer, change.feature_id) for change in await since(session, 0)]
    assert told == ("down", "The camera's stream breaks its reader; it is tried again by itself.")
    assert ("cameras", ids[0]) in rung


@pytest.mark.anyio
async def test_while_the_store_is_away_the_cameras_named_last_go_on(engine: AsyncEngine) -> None:
    away = serving.Enabled(engine_for("postgresql://nobody@/nothing?host=/nowhere"))
    away._known = {3, 4}
    assert await away() == {3, 4}
    assert await serving.Enabled(engine)() == set()


@pytest.mark.anyio
async def test_while_a_cluster_runs_the_cameras_this_machine_reads_none_and_later_again(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    title = Title(kk="а", ru="б", en="c")
    new = NewCamera(code="C-1", title=title, place=LonLat(lon=76.94, lat=43.24), url="x", reader="rtsp", settings={})
    async with visit(engine) as session:
        (one,) = await put_up(session, [new])
    enabled = serving.Enabled(engine)
    assert await enabled() == {one}
    async with visit(engine) as session:
        await leases.take(session, {one: "a"})
    assert await enabled() == await serving.Enabled(engine)() == set()
    monkeypatch.setattr(serving, "TOLD_S", 0.0)
    assert await enabled() == set()  # a word that stays away for a moment says nothing
    monkeypatch.setattr(enabled, "_shared_until_s", 0.0)
    assert await enabled() == {one}
    async with visit(engine) as session:
        assert [(lease.shard, lease.epoch) for lease in await leases.of_all(session)] == [(leases.ALONE, 2)]
        assert await leases.held(session, {one: 1}) == frozenset(), "a shard that wakes now writes of it too"


@pytest.mark.anyio
async def test_a_camera_whose_pictures_are_posted_stays_with_the_door_that_they_are_posted_to(
    engine: AsyncEngine,
) -> None:
    title, place = Title(kk="а", ru="б", en="c"), LonLat(lon=76.94, lat=43.24)
    put = [
        NewCamera(code=reader, title=title, place=place, url="x", reader=reader, settings={})
        for reader in ("pictures", "rtsp")
    ]
    async with visit(engine) as session:
        posted, other = await put_up(session, put)
        await leases.take(session, {posted: "a", other: "a"})  # by a keeper that knew no better
    assert await serving.Enabled(engine)() == {posted}
    async with visit(engine) as session:
        assert await leases.held(session, {posted: leases.NONE, other: leases.NONE}) == {posted}
        assert await cameras_of.shareable_ids(session) == {other}


def test_cameras_run_in_processes_of_their_own_that_begin_anew_and_end_with_the_door(
    database_url: str, home: Path
) -> None:
    with psycopg.connect(database_url, autocommit=True) as link:
        link.execute(
            "INSERT INTO camera (code, name_kk, name_ru, name_en, url, reader, geom) VALUES"
            " ('C-1', 'а', 'б', 'c', 'fetched/vtest.avi', 'video_file', ST_SetSRID(ST_MakePoint(76.94, 43.24), 4326))"
        )
        with process(database_url, home) as (running, url):
            first = _shards(running.pid, lambda found: len(found) == 1)
            _until(link, "SELECT 1 FROM camera WHERE state = 'live'")
            _until(link, "SELECT 1 FROM camera_health WHERE frames > 0 AND shard LIKE 'shard-%'")
            before = _frames(url)
            os.kill(first[0], signal.SIGKILL)
            again = _shards(running.pid, lambda found: bool(found) and found != first)
            assert _frames(url) >= before > 0
            running.terminate()
            running.wait(30)
        _gone(again[0])


def _frames(url: str) -> float:
    """Wait until the door tells of frames of the camera and return how many."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        told = httpx.get(f"{url}/metrics", timeout=30).text
        if found := re.search(r'^qyran_camera_frames_total{camera="C-1"} (.*)$', told, re.MULTILINE):
            return float(found[1])
        time.sleep(0.05)
    raise AssertionError(told)


def _shards(parent: int, holds: Callable[[list[int]], bool]) -> list[int]:
    """Wait until the process has such children and return their numbers."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        found = [int(n) for n in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]
        if holds(found):
            return found
        time.sleep(0.05)
    raise AssertionError(f"its children are {found}")


def _gone(pid: int) -> None:
    deadline = time.monotonic() + 30
    while Path(f"/proc/{pid}").exists():  # one that had just begun ends as it finds its stdin closed
        assert time.monotonic() < deadline, "the shard outlives the door"
        time.sleep(0.05)


def _until(link: "psycopg.Connection[tuple[Any, ...]]", asked: LiteralString) -> None:
    deadline = time.monotonic() + 60
    while link.execute(asked).fetchone() is None:
        assert time.monotonic() < deadline, asked
        time.sleep(0.1)

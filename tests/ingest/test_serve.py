import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import psycopg
import pytest
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest import serve as serving
from layers.areas.queries import by_code
from layers.database import engine_for, visit
from layers.sources.queries import create
from layers.units.table import unit

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

    async def run_cameras(_: AsyncEngine, home: Path) -> None:
        times.append(home)
        if len(times) == 3:
            tried.set()
        raise RuntimeError("no video here")

    broken: Any = ModuleType("ingest.cameras")
    broken.run_cameras = run_cameras
    monkeypatch.setitem(sys.modules, "ingest.cameras", broken)
    monkeypatch.setattr(serving, "AGAIN_S", (0.0,))
    keeping = asyncio.create_task(serving.keep_cameras(engine, tmp_path))
    await asyncio.wait_for(tried.wait(), 30)
    assert not keeping.done()
    keeping.cancel()
    assert set(times) == {tmp_path}

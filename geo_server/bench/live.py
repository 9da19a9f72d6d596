"""The live bench: 200 sockets with viewports of their own, 20,000 units that report once a second.

The server is a process of its own, the listeners another; the writer here does what ingest's writer does: fixes gather
for 50 ms, then one COPY into the track and one UPDATE of the latest, side by side, ring and commit. The floor is a bare
asyncio server that sends frames of the same sizes to as many sockets, at the same rhythm, with no store behind it.
"""

import asyncio
import contextlib
import os
import secrets
import socket
import struct
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import orjson
from numpy.typing import NDArray
from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.access import queries as accounts
from geo_server.access.accounts import SHIFT, token_sha256
from geo_server.access.cli import write
from geo_server.bench import Figure, Ground
from geo_server.bench.live_sockets import MINUTE_MS
from geo_server.live.messages import RECORD, header
from layers import changes
from layers.areas.table import area
from layers.database import engine_for, visit
from layers.tracks import queries as tracks
from layers.tracks.fixes import FIX
from layers.units import positions
from layers.units.table import unit
from layers.values import Role

UNITS, SOCKETS, PARTS = 20_000, 200, 20  # a part is the units whose second ends at the same twentieth
WARM_S, LISTEN_S, ASKED_MS = 4.0, 10.0, 250.0
WEST, SOUTH, EAST, NORTH = 76.74, 43.03, 77.17, 43.41  # Almaty


async def run(ground: Ground) -> list[Figure]:
    """Measure; the database is empty but for the tables."""
    engine = engine_for(ground.database_url)
    try:
        tokens = await _people_and_units(engine)
        async with _server(ground) as (port, pid):
            writing = asyncio.create_task(_write(engine))
            try:
                told, cpu = await _measured(port, pid, tokens)
            finally:
                writing.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await writing
        floor = await _floor(told)
    finally:
        await engine.dispose()
    return _figures(told, floor, cpu)


def _figures(told: dict[str, float], floor: dict[str, float], cpu: float) -> list[Figure]:
    p50, p99, bare50, bare99 = (round(one[name], 1) for one in (told, floor) for name in ("p50_ms", "p99_ms"))
    holds = p99 <= ASKED_MS and told["lost"] == 0
    return [
        Figure(
            name="live.fix_to_socket.p99", value=p99, unit="ms", floor=bare99, ratio=round(p99 / bare99, 2),
            asked=f"<= {ASKED_MS:.0f} ms, no socket lost", holds=holds,
        ),
        Figure(
            name="live.fix_to_socket.p50", value=p50, unit="ms", floor=bare50, ratio=round(p50 / bare50, 2),
        ),
        Figure(name="live.sockets_lost", value=told["lost"], unit="sockets"),
        Figure(name="live.server_cpu", value=round(cpu * 100, 1), unit="% of a core"),
        Figure(name="live.fixes_to_sockets", value=round(told["fixes_s"]), unit="fixes/s"),
        Figure(name="live.frames", value=round(told["frames_s"]), unit="frames/s"),
        Figure(name="live.bytes", value=round(told["bytes_s"] / 1e6, 2), unit="MB/s"),
    ]  # fmt: skip


# ── what is in the store ──


async def _people_and_units(engine: AsyncEngine) -> list[str]:
    async with visit(engine) as session:
        everywhere = func.ST_Multi(func.ST_MakeEnvelope(46, 40, 88, 56, 4326))
        names = {"name_kk": "Қазақстан", "name_ru": "Казахстан", "name_en": "Kazakhstan"}
        await session.execute(insert(area).values(level=1, code="KZ", geom=everywhere, **names))
        await write(session, "bench", secrets.token_hex(16), Role.COMMANDER, "KZ")
        found = await accounts.by_name(session, "bench", demo=False)
        assert found is not None
        tokens = [secrets.token_urlsafe(32) for _ in range(SOCKETS)]
        for token in tokens:
            await accounts.open_session(session, found[0].id, token_sha256(token), lasts=SHIFT)
        home = {"service": "police", "kind": "patrol", "duty": "on", "home_area_id": found[0].area.id}
        rows = [{"call_sign": f"B{i}", "device": f"b{i}", **home} for i in range(UNITS)]
        await session.execute(insert(unit), rows)
        today = datetime.now(UTC).date()
        await tracks.ensure_partition(session, (today, today + timedelta(days=1)))
    return tokens


@dataclass(slots=True)
class _Fleet:
    """Units that drive about; each part's fixes are made at its own twentieth of a second."""

    fixes: NDArray[np.void]
    chance: np.random.Generator

    @classmethod
    async def of(cls, engine: AsyncEngine) -> "_Fleet":
        async with visit(engine) as session:
            ids = (await session.execute(select(unit.c.id).order_by(unit.c.id))).scalars().all()
            area_id = (await session.execute(select(area.c.id))).scalar_one()
        chance = np.random.default_rng(1)
        fixes = np.zeros(len(ids), FIX)
        fixes["unit_id"], fixes["area_id"] = ids, area_id
        fixes["lon"] = chance.normal((WEST + EAST) / 2, 0.08, len(ids)).clip(WEST, EAST)
        fixes["lat"] = chance.normal((SOUTH + NORTH) / 2, 0.07, len(ids)).clip(SOUTH, NORTH)
        return cls(fixes=fixes, chance=chance)

    def report(self, part: int) -> NDArray[np.void]:
        now = time.time()
        made = self.fixes[part::PARTS]
        made["at"] = made["received_at"] = int(now * 1e6)
        made["lon"] += self.chance.normal(0, 1e-4, len(made))
        made["lat"] += self.chance.normal(0, 1e-4, len(made))
        made["speed_kmh"] = int(now * 1000) % MINUTE_MS / 10
        made["heading_deg"] = self.chance.uniform(0, 359, len(made))
        return made.copy()


async def _write(engine: AsyncEngine) -> None:
    fleet = await _Fleet.of(engine)
    waiting: list[NDArray[np.void]] = []

    async def report() -> None:
        began, n = time.monotonic(), 0
        while True:
            waiting.append(fleet.report(n % PARTS))
            n += 1
            await asyncio.sleep(max(0.0, began + n / PARTS - time.monotonic()))

    reporting = asyncio.create_task(report())
    try:
        while True:
            await asyncio.sleep(0.05)
            batch, waiting[:] = waiting[:], []
            if batch:
                await _store(engine, np.concatenate(batch))
    finally:
        reporting.cancel()


async def _store(engine: AsyncEngine, fixes: NDArray[np.void]) -> None:
    # A batch that took longer than a second may hold a unit twice: the latest is the last one.
    last = fixes[len(fixes) - 1 - np.unique(fixes["unit_id"][::-1], return_index=True)[1]]
    async with visit(engine) as for_track, visit(engine) as session:
        number = await changes.ring_positions(session)
        await asyncio.gather(tracks.append(for_track, fixes), positions.move(session, last, number))


# ── the processes ──


@asynccontextmanager
async def _server(ground: Ground) -> AsyncIterator[tuple[int, int]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    told = {"QYRAN_DATABASE_URL": ground.database_url, "QYRAN_HOME": str(ground.home), "QYRAN_PORT": str(port)}
    code = "from geo_server.app import serve; serve()"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, env=os.environ | told | {"QYRAN_DEMO": "0"}, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        await _until_up(process, port)
        yield port, process.pid
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()


async def _until_up(process: asyncio.subprocess.Process, port: int) -> None:
    async with httpx.AsyncClient() as client:
        for _ in range(200):
            if process.returncode is not None:
                raise RuntimeError("the server ended as it began")
            with contextlib.suppress(httpx.TransportError):
                await client.get(f"http://127.0.0.1:{port}/api/health")
                return
            await asyncio.sleep(0.1)
    raise TimeoutError("the server did not come up in 20 s")


async def _measured(port: int, pid: int, tokens: list[str]) -> tuple[dict[str, float], float]:
    chance = np.random.default_rng(2)
    asked = {"port": port, "tokens": tokens, "boxes": [_viewport(chance) for _ in tokens]}
    asked |= {"warm_s": WARM_S, "listen_s": LISTEN_S}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "geo_server.bench.live_sockets",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(orjson.dumps(asked))
        process.stdin.close()
        await process.stdout.readline()  # it listens now
        before, began = _cpu_s(pid), time.monotonic()
        told = await process.stdout.readline()
        cpu = (_cpu_s(pid) - before) / (time.monotonic() - began)
        await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if not told:
        raise RuntimeError("the listeners ended without an answer")
    answer: dict[str, float] = orjson.loads(told)
    return answer, cpu


def _viewport(chance: np.random.Generator) -> list[float]:
    """Return a viewport of 15 to 45 per cent of the city's width and height."""
    part = float(chance.uniform(0.15, 0.45))
    wide, high = (EAST - WEST) * part, (NORTH - SOUTH) * part
    west, south = float(chance.uniform(WEST, EAST - wide)), float(chance.uniform(SOUTH, NORTH - high))
    return [west, south, west + wide, south + high]


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


# ── the floor ──


async def _floor(told: dict[str, float]) -> dict[str, float]:
    """Send frames of the mean size, as often, to as many bare sockets."""
    writers: list[asyncio.StreamWriter] = []
    per_socket_s = max(told["frames_s"] / SOCKETS, 1.0)
    count = max(1, round(told["fixes_s"] / max(told["frames_s"], 1)))

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 101 Switching Protocols\r\n\r\n")
        writers.append(writer)

    async def send() -> None:
        while True:
            frame = _bare_frame(count)
            for writer in writers:
                writer.write(frame)
            await asyncio.sleep(1 / per_socket_s)

    server = await asyncio.start_server(meet, "127.0.0.1", 0)
    sending = asyncio.create_task(send())
    try:
        answer, _ = await _measured(server.sockets[0].getsockname()[1], os.getpid(), ["bare"] * SOCKETS)
    finally:
        sending.cancel()
        server.close()
    return answer


def _bare_frame(count: int) -> bytes:
    made: NDArray[Any] = np.zeros(count, RECORD)
    made["speed"] = int(time.time() * 1000) % MINUTE_MS
    body = header(count, sent_at=time.time()) + made.tobytes()
    short = len(body) < 65_536
    return (struct.pack("!BBH", 0x82, 126, len(body)) if short else struct.pack("!BBQ", 0x82, 127, len(body))) + body

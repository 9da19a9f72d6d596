"""The live bench: 200 sockets with viewports of their own, 20,000 units that report once a second.

Both wings run as processes of their own, as in the product, and the listeners are a third. A gateway here posts
batches of 1,000 fixes over HTTP to ingest's door, twenty times a second. The floor is a bare asyncio server that sends
frames of the same sizes to as many sockets, at the same rhythm, with no store behind it.
"""

import asyncio
import os
import secrets
import struct
import sys
import time
from collections.abc import Sequence
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray
from sqlalchemy import func, insert
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.access import queries as accounts
from geo_server.access.accounts import SHIFT, token_sha256
from geo_server.access.cli import write
from geo_server.bench import Figure, Ground
from geo_server.bench.fleet import EAST, NORTH, SOUTH, WEST, Fleet, gateway, rows
from geo_server.bench.live_sockets import BARE
from geo_server.bench.wings import Process, wing
from geo_server.live.messages import RECORD, header
from layers.areas.table import area
from layers.database import engine_for, visit
from layers.sources import queries as sources
from layers.units.table import unit
from layers.values import Role

UNITS, SOCKETS = 20_000, 200
WARM_S, LISTEN_S, ASKED_MS = 4.0, 10.0, 250.0


async def run(ground: Ground) -> list[Figure]:
    """Measure; the database is empty but for the tables."""
    engine = engine_for(ground.database_url)
    try:
        tokens, key = await _people_and_units(engine)
    finally:
        await engine.dispose()
    async with (
        wing(ground, "geo_server") as server,
        wing(ground, "ingest") as door,
        gateway(door.port, key, Fleet.spread(UNITS)) as fleet,
    ):
        told, cpu = await _measured(server, tokens)
    if fleet.refused:
        raise RuntimeError(f"ingest's door did not take all: {fleet.refused}")
    return _figures(told, await _floor(told), cpu)


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


async def _people_and_units(engine: AsyncEngine) -> tuple[list[str], str]:
    async with visit(engine) as session:
        everywhere = func.ST_Multi(func.ST_MakeEnvelope(46, 40, 88, 56, 4326))
        names = {"name_kk": "Қазақстан", "name_ru": "Казахстан", "name_en": "Kazakhstan"}
        await session.execute(insert(area).values(level=1, code="KZ", geom=everywhere, **names))
        await write(session, "bench", secrets.token_hex(16), Role.COMMANDER, "KZ")
        found = await accounts.by_name(session, "bench", demo=False)
        assert found is not None
        tokens = [secrets.token_urlsafe(32) for _ in range(SOCKETS)]
        for token in tokens:
            came = {"means": "password"}
            await accounts.open_session(session, found[0].id, token_sha256(token), lasts=SHIFT, came=came)
        await session.execute(insert(unit), rows(UNITS, home_area_id=found[0].area.id))
        key = await sources.create(session, name="gateway", kind="positions", area_id=found[0].area.id)
    return tokens, key


# ── the listeners ──


async def _measured(server: Process, tokens: Sequence[str]) -> tuple[dict[str, float], float]:
    chance = np.random.default_rng(2)
    asked = {"port": server.port, "tokens": tokens, "boxes": [_viewport(chance) for _ in tokens]}
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
        before, began = server.cpu_s(), time.monotonic()
        told = await process.stdout.readline()
        cpu = (server.cpu_s() - before) / (time.monotonic() - began)
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
        bare = Process(port=server.sockets[0].getsockname()[1], pid=os.getpid())
        answer, _ = await _measured(bare, [BARE] * SOCKETS)
    finally:
        sending.cancel()
        server.close()
    return answer


def _bare_frame(count: int) -> bytes:
    made: NDArray[Any] = np.zeros(count, RECORD)
    ms = int(time.time() * 1000)
    made["at"], made["speed"] = ms // 1000, ms % 1000
    body = header(count, sent_at=time.time()) + made.tobytes()
    short = len(body) < 65_536
    return (struct.pack("!BBH", 0x82, 126, len(body)) if short else struct.pack("!BBQ", 0x82, 127, len(body))) + body

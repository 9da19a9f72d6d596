"""The dispatch bench: 100 dispatchers, 2,000 units at 1 Hz and five calls a second, from the ringing to the end.

Both wings are processes of their own, the dispatchers with their sockets are a third, the units' gateway stands here.
The floor of an act is an endpoint of the same server, at the same time, that asks nothing of the store.
"""

import asyncio
import secrets
import sys
from collections.abc import Sequence
from typing import Any

import orjson
from anyio import to_thread
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.access import queries as accounts
from geo_server.access.accounts import SHIFT, token_sha256
from geo_server.access.cli import write
from geo_server.bench import Figure, Ground, queries
from geo_server.bench.fleet import Fleet, gateway, rows
from geo_server.bench.plain_http import Connection
from geo_server.bench.wings import ingest, wing
from layers.areas.table import area
from layers.database import engine_for, visit
from layers.sources import queries as sources
from layers.units.table import unit
from layers.values import Role

UNITS, DISPATCHERS, CALLS_S = 2_000, 100, 5.0
CREWS = (("police", "patrol"), ("ambulance", "line"))
WARM_S, LAST_S, READY_S = 30.0, 40.0, 120
SCREEN_MS, ACT_MS = 1_000.0, 300.0
LEAST = 0.9  # of the calls that rang are taken, and of those that are taken somebody is sent to
BOX = [76.85, 43.18, 76.98, 43.28]  # the middle of the demo city: west, south, east, north


async def run(ground: Ground) -> Sequence[Figure]:
    """Import the demo city, let everybody work, and tell how late the screens knew and how long the acts took."""
    for words in (("areas",), ("city", "generate")):
        await to_thread.run_sync(ingest, ground, words)
    engine = engine_for(ground.database_url)
    try:
        tokens, positions, exchange = await _people_and_units(engine)
    finally:
        await engine.dispose()
    await queries.settle(ground.database_url)
    async with (
        wing(ground, "geo_server") as server,
        wing(ground, "ingest") as door,
        gateway(door.port, positions, Fleet.spread(UNITS)) as fleet,
    ):
        await _roads_read(server.port)
        before = server.cpu_s()
        told = await _worked(server.port, door.port, exchange, tokens)
        cpu = (server.cpu_s() - before) / (WARM_S + LAST_S)
    if fleet.refused or told["refusals"]:
        raise RuntimeError(f"not all was taken: {fleet.refused[:3]} {told['refused']}")
    return _figures(told, cpu)


async def _roads_read(port: int) -> None:
    """Wait until the server's parts are all there: its first minute, in which it reads the roads, is no shift's."""
    connection = Connection(port, {})
    for _ in range(READY_S):
        _, told = await connection.ask("GET", "/api/health")
        if any(part["name"] == "roads" and part["state"] == "ok" for part in orjson.loads(told)["parts"]):
            return connection.close()
        await asyncio.sleep(1)
    raise TimeoutError(f"the roads were not read in {READY_S} s")


async def _people_and_units(engine: AsyncEngine) -> tuple[list[str], str, str]:
    async with visit(engine) as session:
        await write(session, "bench", secrets.token_hex(16), Role.COMMANDER, "KZ")
        found = await accounts.by_name(session, "bench", demo=False)
        assert found is not None
        tokens = [secrets.token_urlsafe(32) for _ in range(DISPATCHERS)]
        for token in tokens:
            await accounts.open_session(
                session, found[0].id, token_sha256(token), lasts=SHIFT, came={"means": "password"}
            )
        home = (await session.execute(select(area.c.id).where(area.c.code == "KZ"))).scalar_one()
        await session.execute(insert(unit), rows(UNITS, home, CREWS))
        positions = await sources.create(session, name="gateway", kind="positions", area_id=home)
        exchange = await sources.create(session, name="exchange", kind="exchange", area_id=home)
    return tokens, positions, exchange


async def _worked(port: int, door: int, key: str, tokens: Sequence[str]) -> dict[str, Any]:
    asked = {"port": port, "door": door, "key": key, "tokens": tokens, "box": BOX}
    asked |= {"calls_s": CALLS_S, "warm_s": WARM_S, "last_s": LAST_S}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "geo_server.bench.dispatchers",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    told, _ = await process.communicate(orjson.dumps(asked))
    if process.returncode:
        raise RuntimeError("the dispatchers ended without an answer")
    answer: dict[str, Any] = orjson.loads(told)
    return answer


def _figures(told: dict[str, Any], cpu: float) -> list[Figure]:
    floor, acts = told["empty"], told["acts"]
    slowest = max((took["p95"] for took in acts.values()), default=float("inf"))
    screen_holds = told["screen"]["p99"] <= SCREEN_MS and not told["unseen"] and not told["lost"]
    return [
        _figure("dispatch.call_to_screen.p99", told["screen"]["p99"], floor["p99"], SCREEN_MS, holds=screen_holds),
        _figure("dispatch.call_to_screen.p50", told["screen"]["p50"], floor["p50"]),
        # That of the slowest act: many cheap ones beside it would hide it in a pool.
        _figure("dispatch.slowest_act.p95", slowest, floor["p95"], ACT_MS, holds=slowest <= ACT_MS),
        *(_figure(f"dispatch.{name}.p95", took["p95"], floor["p95"]) for name, took in acts.items()),
        *(_figure(f"dispatch.read.{name}.p95", took["p95"], floor["p95"]) for name, took in told["reads"].items()),
        _share("dispatch.calls_taken", told["taken"], told["rung"]),
        _share("dispatch.calls_sent_to", told["sent"], told["taken"]),
        Figure(name="dispatch.acts", value=sum(took["count"] for took in acts.values()), unit="acts"),
        Figure(name="dispatch.told_busy", value=told["busy"], unit="orders"),
        Figure(name="dispatch.screens_unseen", value=told["unseen"], unit="calls on a screen"),
        Figure(name="dispatch.sockets_lost", value=told["lost"], unit="sockets", floor=DISPATCHERS),
        Figure(name="dispatch.server_cpu", value=round(cpu * 100, 1), unit="% of a core"),
    ]


def _share(name: str, count: int, of: int) -> Figure:
    asked = f">= {LEAST:.0%} of {of}"
    return Figure(name=name, value=count, unit="calls", floor=of, asked=asked, holds=0 < of * LEAST <= count)


def _figure(
    name: str, value_ms: float, floor_ms: float, asked_ms: float | None = None, *, holds: bool | None = None
) -> Figure:
    asked = None if asked_ms is None else f"<= {asked_ms:g} ms"
    ratio = round(value_ms / floor_ms, 1) if floor_ms else None
    return Figure(
        name=name, value=round(value_ms, 1), unit="ms", floor=round(floor_ms, 1), ratio=ratio, asked=asked, holds=holds
    )

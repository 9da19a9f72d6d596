import asyncio
import json
import socket
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
import uvicorn
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest.demo import calls, traffic
from ingest.demo.live import load
from ingest.demo.past import Address
from ingest.demo.seed import seed
from ingest.demo.traffic import Door
from ingest.demo.units import SILENT
from ingest.door import door_app
from layers.database import visit
from layers.values import LonLat

pytestmark = pytest.mark.anyio
KINDS = json.loads((Path(__file__).parents[3] / "data" / "event_kinds.json").read_text(encoding="utf-8"))
PATIENCE_S = 60


@pytest.fixture
async def door_url(small_city: AsyncEngine) -> AsyncIterator[str]:
    """The real door for machines, on a port of its own."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(door_app(small_city, KINDS), access_log=False, log_level="warning"))
        serving = asyncio.create_task(server.serve([listening]))
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        await serving


async def _until(engine: AsyncEngine, sql: str, wanted: object) -> None:
    found: object = None
    async with asyncio.timeout(PATIENCE_S):
        while found != wanted:
            async with visit(engine) as session:
                found = (await session.execute(text(sql))).scalar_one()
            await asyncio.sleep(0.05)


async def test_every_tracker_but_the_silent_ones_sends_through_the_door(
    small_city: AsyncEngine, door_url: str, tmp_path: Path
) -> None:
    await seed(small_city, tmp_path, past=10)
    world = await load(tmp_path, small_city)
    sending = asyncio.create_task(traffic.run(world.fleet, Door(url=door_url, key=world.positions_key)))
    try:
        await _until(small_city, "SELECT count(DISTINCT unit_id) FROM track", 200 - len(SILENT))
        silent = "SELECT count(*) FROM track t JOIN unit u ON u.id = t.unit_id WHERE u.device = ANY(ARRAY[{}])"
        await _until(small_city, silent.format(", ".join(f"'{device}'" for device in sorted(SILENT))), 0)
    finally:
        sending.cancel()


async def test_calls_ring_at_the_door_are_placed_by_their_handset_answered_and_end(
    small_city: AsyncEngine, door_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("FIRST_AFTER_S", 0.0), ("PAUSE_S", (0.0, 0.1)), ("WITH_AML", 1.0), ("HANGS_UP", 0.0)):
        monkeypatch.setattr(calls, name, value)
    for name in ("_AML_AFTER_S", "_ANSWERED_AFTER_S", "_LASTS_S"):
        monkeypatch.setattr(calls, name, (0.1, 0.2))
    await seed(small_city, tmp_path, past=10)
    world = await load(tmp_path, small_city)
    door = Door(url=door_url, key=world.exchange_key)
    calling = asyncio.create_task(calls.run(world.houses, world.crossings, door))
    try:
        ended = "SELECT count(*) >= 3 FROM call WHERE exchange_id NOT LIKE 'past-%' AND state = 'ended' AND "
        whole = "outcome IS NULL AND placed_by = 'aml' AND radius_m > 0 AND said <> '' AND NOT outside"
        await _until(small_city, ended + whole, True)
        await _until(small_city, "SELECT count(*) FROM event WHERE state = 'new'", 0)
    finally:
        calling.cancel()


def test_what_an_exchange_says_of_a_call_is_in_order_and_mostly_has_a_place() -> None:
    rng, at = Random(5), datetime(2026, 11, 1, tzinfo=UTC)
    where = [Address(words="Абай, 1", place=LonLat(lon=76.95, lat=43.25))]
    scripts = [calls.script(rng, calls.invent_call(rng, where, where), at) for _ in range(300)]
    for told in scripts:
        states = [message.fields["state"] for message in told]
        assert (states[0], states[-1]) == ("ringing", "ended")
        assert [message.after_s for message in told] == sorted(message.after_s for message in told)
    with_aml = sum(any("position" in message.fields for message in told) for told in scripts)
    answered = sum(any(message.fields["state"] == "answered" for message in told) for told in scripts)
    assert 180 < with_aml < 270 and 240 < answered < 300


async def test_calls_come_from_everywhere_and_are_never_the_same(small_city: AsyncEngine, tmp_path: Path) -> None:
    await seed(small_city, tmp_path, past=10)
    world, rng = await load(tmp_path, small_city), Random(1)
    invented = [calls.invent_call(rng, world.houses, world.crossings) for _ in range(300)]
    assert len({call.id for call in invented}) == 300
    assert len({call.category for call in invented}) > 6
    assert all(" / " in call.where.words for call in invented if call.category == "road_accident")

"""What the audit costs: acts a second with their entry in the same transaction, against the same acts without.

An act is a dispatcher's note on an incident: the scope entered, the incident found, the note written, the bell rung.
Both ways run in turns on one store, so that whatever else the machine does falls on both.
"""

import asyncio
import time
from collections.abc import Sequence
from statistics import median

from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.audit import record
from geo_server.audit.schema import Entry
from geo_server.audit.sealing import Sealer
from geo_server.bench import Figure, Ground, queries
from layers.areas.scope import visit_as
from layers.changes import ring
from layers.database import SERVER, Session, as_role, engine_for, visit
from layers.incidents import queries as incidents
from layers.values import BBox, Role
from layers.viewer import Viewer

WRITERS, TURNS, TURN_S = 8, 8, 1.5
ASKED = 0.15  # of the throughput at most
BOX = BBox(west=76.80, south=43.15, east=77.05, north=43.33)


async def run(ground: Ground, *, turns: int = TURNS, turn_s: float = TURN_S) -> Sequence[Figure]:
    """Let eight writers act in turns with and without the audit, while it is sealed; the median turn counts."""
    owner = engine_for(ground.database_url, size=1)
    engine = engine_for(as_role(ground.database_url, SERVER), size=WRITERS + 2)
    try:
        async with visit(owner) as session:
            area_id = await queries.one_area(session)
            await queries.past_incidents(session, 10 * WRITERS, BOX, [area_id])
        sealer = asyncio.create_task(Sealer(engine, ground.home / "bench").run())
        viewer = Viewer(account_id=1, name="bench", role=Role.DISPATCHER, area_id=area_id, own_area_id=area_id)
        rates = await _in_turns(engine, viewer, turns, turn_s)
        sealer.cancel()
        await asyncio.gather(sealer, return_exceptions=True)
    finally:
        await engine.dispose()
        await owner.dispose()
    return figures(rates[True], rates[False])


def figures(audited: Sequence[float], bare: Sequence[float]) -> list[Figure]:
    """Return acts a second with the audit beside those without, and the share that it costs."""
    value, floor = median(audited), median(bare)
    cost, ratio = 1 - value / floor, round(value / floor, 3)
    rate = Figure(name="audit_acts", value=round(value, 1), unit="acts/s", floor=round(floor, 1), ratio=ratio)
    asked = f"<= {ASKED:.0%}"
    return [rate, Figure(name="audit_cost", value=round(100 * cost, 1), unit="%", asked=asked, holds=cost <= ASKED)]


async def _in_turns(engine: AsyncEngine, viewer: Viewer, turns: int, turn_s: float) -> dict[bool, list[float]]:
    rates: dict[bool, list[float]] = {True: [], False: []}
    for turn in range(2 * turns + 2):
        audited = turn % 2 == 0
        rate = await _turn(engine, viewer, turn_s, audited=audited)
        if turn >= 2:  # the first of each warms the connections and the store's cache
            rates[audited].append(rate)
    return rates


async def _turn(engine: AsyncEngine, viewer: Viewer, turn_s: float, *, audited: bool) -> float:
    began = time.perf_counter()
    writers = [_write(engine, viewer, 1 + 10 * n, began + turn_s, audited=audited) for n in range(WRITERS)]
    acts = sum(await asyncio.gather(*writers))
    return acts / (time.perf_counter() - began)


async def _write(engine: AsyncEngine, viewer: Viewer, incident_id: int, until: float, *, audited: bool) -> int:
    acts = 0
    while time.perf_counter() < until:
        async with visit_as(engine, viewer) as session:
            await _act(session, viewer, incident_id)
            if audited:
                await record.write(session, _entry(viewer, incident_id))
        acts += 1
    return acts


async def _act(session: Session, viewer: Viewer, incident_id: int) -> None:
    assert await incidents.find(session, viewer, incident_id) is not None
    await incidents.add_entry(session, incident_id, "note", viewer, {"text": "The gate is locked."})
    await ring(session, {"incidents": [incident_id]})


def _entry(viewer: Viewer, incident_id: int) -> Entry:
    return Entry(
        operation="incidents.note",
        who=viewer.name,
        account_id=viewer.account_id,
        role=viewer.role,
        area_id=viewer.area_id,
        layer="incidents",
        object_id=incident_id,
        origin="127.0.0.1",
    )

"""What the audit costs: acts a second with their entry in the same transaction, against the same acts without.

An act is a dispatcher's note on an incident as the door does it, from the session's token to the answer, without HTTP
alone. Beside it stands the barest write there is: the scope entered, the incident found, a line written, the bell rung;
the same is asked of both. Both ways run in turns on one store, so that whatever else the machine does falls on both.
"""

import asyncio
import itertools
import secrets
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.access import queries as accounts
from geo_server.access.accounts import SHIFT, Gate, token_sha256
from geo_server.access.cli import write
from geo_server.access.policy import POLICY
from geo_server.access.visiting import ToldOnce, Visiting
from geo_server.api import incidents as door
from geo_server.api import models
from geo_server.audit import unwritten
from geo_server.audit.schema import Entry
from geo_server.audit.sealing import Sealer
from geo_server.bench import Figure, Ground, queries
from layers.areas.scope import visit_as
from layers.areas.table import area
from layers.changes import ring
from layers.database import SERVER, as_role, engine_for, visit
from layers.incidents import queries as incidents
from layers.values import BBox, Role
from layers.viewer import Viewer

NOTE = "incidents.note"
WRITERS, TURNS, TURN_S = 8, 8, 1.5
EACH = 250  # incidents a writer goes about: a timeline that grows without end is no dispatcher's
ASKED = 0.15  # of the throughput at most
BOX = BBox(west=76.80, south=43.15, east=77.05, north=43.33)
Act = Callable[[int, bool], Awaitable[object]]  # on an incident, with its entry or without


async def run(ground: Ground, *, turns: int = TURNS, turn_s: float = TURN_S) -> Sequence[Figure]:
    """Let eight writers act in turns with and without the audit, while it is sealed; the median turn counts."""
    owner = engine_for(ground.database_url, size=1)
    engine = engine_for(as_role(ground.database_url, SERVER), size=WRITERS + 2)
    try:
        token = secrets.token_urlsafe(32)
        viewer = await _desk(owner, token)
        async with _sealed(engine, ground.home):
            whole = await _in_turns(partial(_note, engine, token), turns, turn_s)
            bare = await _in_turns(partial(_write, engine, viewer), turns, turn_s)
    finally:
        await engine.dispose()
        await owner.dispose()
    return [*figures(whole[True], whole[False]), *of_bare(bare[True], bare[False])]


def figures(audited: Sequence[float], bare: Sequence[float]) -> list[Figure]:
    """Return acts a second with the audit beside those without, and the share that it costs."""
    value, floor = median(audited), median(bare)
    cost, ratio = 1 - value / floor, round(value / floor, 3)
    rate = Figure(name="audit_acts", value=round(value, 1), unit="acts/s", floor=round(floor, 1), ratio=ratio)
    asked = f"<= {ASKED:.0%}"
    return [rate, Figure(name="audit_cost", value=round(100 * cost, 1), unit="%", asked=asked, holds=cost <= ASKED)]


def of_bare(audited: Sequence[float], bare: Sequence[float]) -> list[Figure]:
    """Return the same of the barest write."""
    rate, cost = figures(audited, bare)
    return [
        replace(rate, name="audit_bare_writes", unit="writes/s"),
        replace(cost, name="audit_cost_of_bare"),
    ]


@asynccontextmanager
async def _sealed(engine: AsyncEngine, home: Path) -> AsyncIterator[None]:
    """Seal while the block runs, with a key and heads of this run's own: those of another store would call it bent."""
    with tempfile.TemporaryDirectory(dir=home) as folder:
        sealer = asyncio.create_task(Sealer(engine, Path(folder)).run())
        try:
            yield
        finally:
            sealer.cancel()
            await asyncio.gather(sealer, return_exceptions=True)


async def _desk(owner: AsyncEngine, token: str) -> Viewer:
    """Make the incidents, and a dispatcher of their area with a session; return who that is."""
    async with visit(owner) as session:
        area_id = await queries.one_area(session)
        await queries.past_incidents(session, EACH * WRITERS, BOX, [area_id])
        code = (await session.execute(select(area.c.code).where(area.c.id == area_id))).scalar_one()
        await write(session, "bench", secrets.token_hex(16), Role.DISPATCHER, code)
        found = await accounts.by_name(session, "bench", demo=False)
        assert found is not None
        came = {"means": "password"}
        await accounts.open_session(session, found[0].id, token_sha256(token), lasts=SHIFT, came=came)
    return Viewer(account_id=found[0].id, name="bench", role=Role.DISPATCHER, area_id=area_id, own_area_id=area_id)


async def _in_turns(act: Act, turns: int, turn_s: float) -> dict[bool, list[float]]:
    rates: dict[bool, list[float]] = {True: [], False: []}
    for turn in range(2 * turns + 2):
        audited = turn % 2 == 0
        rate = await _turn(act, turn_s, audited=audited)
        if turn >= 2:  # the first of each warms the connections and the store's cache
            rates[audited].append(rate)
    return rates


async def _turn(act: Act, turn_s: float, *, audited: bool) -> float:
    began = time.perf_counter()
    writers = [_acts(act, 1 + EACH * n, began + turn_s, audited=audited) for n in range(WRITERS)]
    acts = sum(await asyncio.gather(*writers))
    return acts / (time.perf_counter() - began)


async def _acts(act: Act, first_id: int, until: float, *, audited: bool) -> int:
    for acts in itertools.count():
        if time.perf_counter() >= until:
            return acts
        await act(first_id + acts % EACH, audited)
    raise AssertionError


async def _note(engine: AsyncEngine, token: str, incident_id: int, audited: bool) -> None:
    session = await Gate(engine=engine, demo=False).by_token(token)
    assert session is not None
    rule = POLICY[NOTE] if audited else replace(POLICY[NOTE], audit="never")
    visiting = Visiting(
        operation=NOTE, rule=rule, open_session=session, engine=engine, told_once=ToldOnce(), origin="127.0.0.1"
    )
    await door.note(incident_id, models.Note(text="The gate is locked."), visiting)


async def _write(engine: AsyncEngine, viewer: Viewer, incident_id: int, audited: bool) -> None:
    async with visit_as(engine, viewer) as session:
        assert await incidents.find(session, viewer, incident_id) is not None
        await incidents.add_entry(session, incident_id, "note", viewer, {"text": "The gate is locked."})
        await ring(session, {"incidents": [incident_id]})
        if audited:
            await unwritten.write(session, _entry(viewer, incident_id))


def _entry(viewer: Viewer, incident_id: int) -> Entry:
    return Entry(
        operation=NOTE,
        who=viewer.name,
        account_id=viewer.account_id,
        role=viewer.role,
        area_id=viewer.area_id,
        layer="incidents",
        object_id=incident_id,
        origin="127.0.0.1",
    )

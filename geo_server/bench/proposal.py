"""Who should go, for a plan of twenty units among 2,000: reading, cover, ranking and reasons, against the bare search.

Warm is as the server works: the cover was reckoned a moment ago, for another incident. Cold is the first proposal
after the start, or the first in a while: it reckons the cover too.

The floor is one nearest-units search a need on the same roads, with the units at hand: no store, cover, lines or words.
"""

import time
from collections.abc import Sequence

import numpy as np
from anyio import to_thread
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.bench import Figure, Ground, queries
from geo_server.bench.wings import ingest
from geo_server.operations import sending
from geo_server.operations.choosing import OFFERED
from geo_server.operations.covers import Covers
from geo_server.operations.sending import Proposals
from geo_server.routing.roads import RoadsNow
from geo_server.routing.router import Stands
from layers.areas.scope import visit_as
from layers.database import SERVER, Session, as_role, engine_for, visit
from layers.incidents import queries as incidents
from layers.units import queries as units
from layers.units.rules import Availability
from layers.values import Role
from layers.viewer import Viewer

UNITS, INCIDENTS, WARMING, COLD = 2_000, 60, 5, 10
ASKED_MS = 30.0


async def run(ground: Ground) -> Sequence[Figure]:
    """Import the demo city, spread units, and propose for large fires all over it, in ms."""
    for words in (("areas",), ("city", "generate")):
        await to_thread.run_sync(ingest, ground, words)
    owner, server = engine_for(ground.database_url, size=1), engine_for(as_role(ground.database_url, SERVER), size=2)
    try:
        async with visit(owner) as session:
            await queries.fleet(session, UNITS)
            fires = await queries.large_fires(session, COLD + INCIDENTS + WARMING)
            top = await queries.republic(session)
        await queries.settle(ground.database_url)
        viewer = Viewer(account_id=1, name="bench", role=Role.COMMANDER, area_id=top, own_area_id=top)
        return await _measured(server, viewer, fires)
    finally:
        await owner.dispose()
        await server.dispose()


async def _measured(engine: AsyncEngine, viewer: Viewer, fires: Sequence[int]) -> list[Figure]:
    roads = RoadsNow()
    await roads.load(engine)
    cold = [await _cold(engine, viewer, roads, fire) for fire in fires[:COLD]]
    covers = Covers(engine, roads)
    whole, ranking, floor = list[float](), list[float](), list[float]()
    for fire in fires[COLD:]:
        async with visit_as(engine, viewer) as session:
            began = time.perf_counter()
            found = await sending.propose(session, viewer, roads, covers, fire)
            whole.append((time.perf_counter() - began) * 1000)
            ranking.append(found.took_ms)
            floor.append(await _searched(session, viewer, roads, fire, found))
    return [
        _figure("proposal.warm.p50", whole[WARMING:], floor[WARMING:], 50, ASKED_MS),
        _figure("proposal.warm.p95", whole[WARMING:], floor[WARMING:], 95, None),
        _figure("proposal.cold.p50", cold[1:], floor[WARMING:], 50, None),  # the first one plans the questions
        _figure("proposal.cold.p95", cold[1:], floor[WARMING:], 95, None),
        _figure("proposal.ranking.p50", ranking[WARMING:], floor[WARMING:], 50, None),
    ]


async def _cold(engine: AsyncEngine, viewer: Viewer, roads: RoadsNow, fire: int) -> float:
    covers = Covers(engine, roads)
    async with visit_as(engine, viewer) as session:
        began = time.perf_counter()
        await sending.propose(session, viewer, roads, covers, fire)
        return (time.perf_counter() - began) * 1000


async def _searched(session: Session, viewer: Viewer, roads: RoadsNow, fire: int, found: Proposals) -> float:
    incident = await incidents.find(session, viewer, fire)
    assert incident is not None
    router = await roads.router(session, incident.place)
    free = {
        service: Stands.of([(u.id, u.place) for u in await units.of_services(session, viewer, [service])
                            if u.place is not None and u.availability is Availability.FREE])
        for service in found.services
    }  # fmt: skip
    began = time.perf_counter()
    for need in found.needs:
        router.times(incident.place, free[need.service], OFFERED + need.count)
    return (time.perf_counter() - began) * 1000


def _figure(
    name: str, value_ms: Sequence[float], floor_ms: Sequence[float], percentile: float, asked_ms: float | None
) -> Figure:
    value, floor = (float(np.percentile(one, percentile)) for one in (value_ms, floor_ms))
    return Figure(
        name=name,
        value=round(value, 3),
        unit="ms",
        floor=round(floor, 3),
        ratio=round(value / floor, 2),
        asked=None if asked_ms is None else f"<= {asked_ms:g} ms",
        holds=None if asked_ms is None else value <= asked_ms,
    )

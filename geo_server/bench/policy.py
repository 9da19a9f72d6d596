"""What the store's policies cost: the same questions in a district's scope and, of the owner, without any policy.

A million incidents lie over eight districts. Every box that is asked lies within one district, so that both sides find
the very same rows; the floor has neither the policy nor the application's own condition.
"""

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

import numpy as np
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.bench import Figure, Ground, queries
from layers import features, tiles
from layers.areas.scope import visit_as
from layers.database import SERVER, Session, as_role, engine_for, visit
from layers.features import Asked
from layers.incidents.layer import LAYER as INCIDENTS
from layers.layer import Layer
from layers.tiles import Tile
from layers.units import queries as units
from layers.values import BBox, Role, Service
from layers.viewer import Viewer

COUNT, UNITS, QUESTIONS, ASKED = 1_000_000, 2_000, 200, 3.0
BOX = BBox(west=76.80, south=43.15, east=77.05, north=43.33)
DISTRICTS, DISTRICT = 8, 3
WIDE_DEG = (BOX.east - BOX.west) / DISTRICTS
ZOOM = 15  # a tile is some 800 m wide here
Ask = Callable[[Session, Layer, Viewer, BBox], Awaitable[object]]

EVERYTHING = replace(INCIDENTS, current=None)  # the past as well
UNBOUND = replace(EVERYTHING, ground=True)  # and no condition on the area


async def run(ground: Ground) -> Sequence[Figure]:
    """Write the rows, then ask each question of both in turn; the ratio is that of the medians."""
    owner, server = engine_for(ground.database_url, size=1), engine_for(as_role(ground.database_url, SERVER), size=1)
    try:
        viewer = await _written(owner)
        await queries.settle(ground.database_url)
        asked: tuple[tuple[str, Ask], ...] = (("list", _list), ("tile", _tile), ("nearest_unit", _nearest))
        return [await _measured(name, ask, owner, server, viewer) for name, ask in asked]
    finally:
        await owner.dispose()
        await server.dispose()


async def _measured(name: str, ask: Ask, owner: AsyncEngine, server: AsyncEngine, viewer: Viewer) -> Figure:
    value_ms: list[float] = []
    floor_ms: list[float] = []
    for box in _boxes(QUESTIONS + 20):
        async with visit(owner) as session:
            floor_ms.append(await _timed(ask(session, UNBOUND, viewer, box)))
        async with visit_as(server, viewer) as session:
            value_ms.append(await _timed(ask(session, EVERYTHING, viewer, box)))
    value, floor = (float(np.median(one[20:])) for one in (value_ms, floor_ms))  # the first ones warm both
    ratio = value / floor
    return Figure(
        name=f"policy.{name}",
        value=round(value, 3),
        unit="ms",
        floor=round(floor, 3),
        ratio=round(ratio, 2),
        asked=f"ratio <= {ASKED:g}",
        holds=ratio <= ASKED,
    )


async def _timed(asked: Awaitable[object]) -> float:
    began = time.perf_counter()
    await asked
    return (time.perf_counter() - began) * 1000


async def _list(session: Session, layer: Layer, viewer: Viewer, box: BBox) -> object:
    return await features.page(session, layer, viewer, Asked(bbox=box, limit=100))


async def _tile(session: Session, layer: Layer, viewer: Viewer, box: BBox) -> object:
    return await tiles.tile(session, layer, viewer, _tile_at(box))


async def _nearest(session: Session, layer: Layer, viewer: Viewer, box: BBox) -> object:
    return await units.of_services(session, viewer, [Service.POLICE])


def _tile_at(box: BBox) -> Tile:
    lon, lat = (box.west + box.east) / 2, np.radians((box.south + box.north) / 2)
    across = 2**ZOOM
    x = int((lon + 180) / 360 * across)
    y = int((1 - np.arcsinh(np.tan(lat)) / np.pi) / 2 * across)
    return Tile(z=ZOOM, x=x, y=y)


def _boxes(count: int) -> list[BBox]:
    """Return boxes of some 800 m within the district, away from its edges."""
    chance = np.random.default_rng(7)
    west = BOX.west + DISTRICT * WIDE_DEG
    lon = chance.uniform(west + 0.012, west + WIDE_DEG - 0.012, count)
    lat = chance.uniform(BOX.south + 0.02, BOX.north - 0.02, count)
    return [
        BBox(west=x - 0.005, south=y - 0.004, east=x + 0.005, north=y + 0.004) for x, y in zip(lon, lat, strict=True)
    ]


async def _written(owner: AsyncEngine) -> Viewer:
    async with visit(owner) as session:
        republic = await queries.one_area(session)
        districts = await queries.districts(session, republic, BOX, DISTRICTS)
        await queries.past_incidents(session, COUNT, BOX, districts)
        await queries.units_about(session, UNITS, districts)
        await session.execute(text("ANALYZE"))
    area_id = districts[DISTRICT]
    return Viewer(account_id=1, name="bench", role=Role.DISPATCHER, area_id=area_id, own_area_id=area_id)

"""100 cameras among 10,000 spots of a town: from the question in the store to the plan in it.

The floor is the kernel alone: the same ways to hang a camera, swept past the same houses in the same run.
"""

import time
from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.bench import Figure, Ground
from geo_server.planning.placement import queries
from geo_server.planning.placement.kinds import Kind
from geo_server.planning.placement.looking import seen_from
from geo_server.planning.placement.question import Question
from geo_server.planning.placement.scene import scene_of
from geo_server.planning.placement.schema import Asked
from geo_server.planning.placement.spots import spots
from geo_server.planning.placement.trying import AT_A_TIME, worth_trying
from geo_server.planning.placement.ways import ways
from geo_server.planning.placement.wishing import Wish, at_the_shell, usual
from geo_server.planning.placement.working import asked_of, work_off
from layers.areas.scope import visit_whole
from layers.database import SERVER, as_role, engine_for, visit

CHOSEN, SPOTS = 100, 10_000
BLOCKS, INCIDENTS, CAMERAS = 26, 3_000, 150
_TOWN_ID = 2
_WEST, _SOUTH, _WIDE, _HIGH = 76.90, 43.22, 0.00123, 0.0009  # degrees: a block is 100 m by 100 m
_AREA = """
INSERT INTO area (level, code, name_kk, name_ru, name_en, geom)
VALUES (1, 'KZ', 'к', 'р', 'e', ST_Multi(ST_MakeEnvelope(70, 40, 80, 50, 4326)))"""
_TOWN = """
INSERT INTO area (parent_id, level, code, name_kk, name_ru, name_en, geom)
SELECT id, 3, 'KZ-B', 'к', 'р', 'e', ST_Multi(ST_Expand(ST_MakeEnvelope(:west, :south, :west + :blocks * :wide,
       :south + :blocks * :high, 4326), 0.0003)) FROM area"""
_STREETS = """
INSERT INTO road (osm_id, class, from_node, to_node, speed_kmh, length_m, geom)
SELECT row_number() OVER (), 'residential', 1, 2, 40, 100, ST_SetSRID(ST_MakeLine(
         ST_MakePoint(:west + x * :wide, :south + y * :high),
         ST_MakePoint(:west + (x + 1 - up) * :wide, :south + (y + up) * :high)), 4326)
  FROM generate_series(0, :blocks) x, generate_series(0, :blocks) y, generate_series(0, 1) up
 WHERE CASE up WHEN 0 THEN x ELSE y END < :blocks"""
# Two houses to a block, of one to nine storeys, with an address each.
_HOUSES = """
INSERT INTO building (osm_id, kind, height_m, geom)
SELECT row_number() OVER (), 'apartments', 3 * (1 + (x * 7 + y * 3 + half) % 9), ST_SetSRID(ST_Multi(ST_MakeEnvelope(
         :west + (x + 0.15 + 0.4 * half) * :wide, :south + (y + 0.2) * :high,
         :west + (x + 0.45 + 0.4 * half) * :wide, :south + (y + 0.8) * :high)), 4326)
  FROM generate_series(0, :blocks - 1) x, generate_series(0, :blocks - 1) y, generate_series(0, 1) half"""
_ADDRESSES = """
INSERT INTO address (osm_id, street, house, geom) SELECT osm_id, 'b', osm_id::text, ST_Centroid(geom) FROM building"""
_INCIDENTS = """
INSERT INTO incident (number, category, priority, state, opened_at, opened_by, geom)
SELECT 'b-' || n, (ARRAY['theft', 'road_accident', 'public_order'])[1 + n % 3], 3, 'pending', now(), 'bench',
       ST_LineInterpolatePoint((SELECT geom FROM road WHERE osm_id = 1 + (n * n * 13) % :roads), random())
  FROM generate_series(1, :incidents) n"""
# Some stand already, each on a pole that carries more.
_CAMERAS = """
INSERT INTO camera (code, name_kk, name_ru, name_en, url, reader, kind, height_m, heading_deg, tilt_deg, hfov_deg,
                    width_px, height_px, range_m, pole, geom)
SELECT 'B-' || n, 'к', 'р', 'e', 'rtsp://x', 'rtsp', 'fixed', 6, (n * 37) % 360, 10, 60, 1920, 1080, 100, 'P-' || n,
       ST_LineInterpolatePoint((SELECT geom FROM road WHERE osm_id = 1 + (n * 7919) % :roads), 0.3)
  FROM generate_series(1, :cameras) n"""


async def run(ground: Ground) -> Sequence[Figure]:
    """Write the town, have a plan reckoned, and then only sweep what it swept."""
    engine, server = engine_for(ground.database_url), engine_for(as_role(ground.database_url, SERVER))
    try:
        await _write(engine)
        await _planned(server, 1)  # all is compiled, or read from where that is kept
        took, found, asked = await _planned(server, CHOSEN)
    finally:
        await engine.dispose()
        await server.dispose()
    floor = _swept(asked)
    assert found["cameras"] == CHOSEN and found["spots_tried"] >= 0.95 * SPOTS
    gap = 1 - found["value"] / found["bound"]
    return [
        Figure(
            name=f"cover: {CHOSEN} of {found['candidates']:,} ways at {found['spots_tried']:,} spots, store to store",
            value=round(took, 1),
            unit="s",
            floor=round(floor, 1),
            ratio=round(took / floor, 1),
            asked="<= 30 s",
            holds=took <= 30,
        ),
        Figure(name="cover: how far that is from the bound at most", value=round(100 * gap, 1), unit="%"),
    ]


async def _planned(server: AsyncEngine, number: int) -> tuple[float, dict[str, Any], Asked]:
    """Ask for so many cameras; return how long it took from asking, the figures, and what it was reckoned from."""
    begun = time.perf_counter()
    wish = Wish(area="KZ-B", question=_question(number), drawn=None, name=f"b-{number}")
    plan_id = await wish.written(server)
    await work_off(server)
    took = time.perf_counter() - begun
    async with visit_whole(server) as session:
        plan = await queries.find(session, at_the_shell(_TOWN_ID), plan_id)
        assert plan is not None and plan.figures is not None
        return took, plan.figures, await asked_of(session, plan)


def _question(number: int) -> Question:
    """Return the question: two kinds with two lenses each, at two heights, so that no spot is left out."""
    usually = usual("situation", "number", number)
    kinds = tuple(_plain(one) for one in usually.kinds if one.name in ("fixed_4mp", "fixed_8mp"))
    return msgspec.structs.replace(usually, kinds=kinds)


def _plain(kind: Kind) -> Kind:
    return msgspec.structs.replace(kind, lenses_deg=(30.0, 60.0), heights_m=(4.0, 6.0))


def _swept(asked: Asked) -> float:
    """Return how long the kernel alone takes for every way that is tried."""
    scene = scene_of(asked)
    tried = worth_trying(scene, spots(scene.land, asked.question.sources, asked.question.step_m))
    every = ways(asked.question, tried)
    places = np.array([(one.east_m, one.north_m) for one in tried])[every.spot]
    begun = time.perf_counter()
    for first in range(0, len(every), AT_A_TIME):
        some = slice(first, first + AT_A_TIME)
        seen_from(scene.setting, places[some], every[some])
    return time.perf_counter() - begun


async def _write(engine: AsyncEngine) -> None:
    grid = {"west": _WEST, "south": _SOUTH, "wide": _WIDE, "high": _HIGH, "blocks": BLOCKS}
    roads = 2 * BLOCKS * (BLOCKS + 1)
    async with visit(engine) as session:
        await session.execute(text("SELECT setseed(0.5)"))
        await session.execute(text(_AREA))
        for written in (_TOWN, _STREETS, _HOUSES):
            await session.execute(text(written), grid)
        await session.execute(text(_ADDRESSES))
        await session.execute(text(_INCIDENTS), {"incidents": INCIDENTS, "roads": roads})
        await session.execute(text(_CAMERAS), {"cameras": CAMERAS, "roads": roads})
        for table in ("road", "building", "address", "incident", "camera"):
            await session.execute(text(f"ANALYZE {table}"))

"""Measures the writer of positions against `psql` copying the same rows, binary, into an equal table, in one run.

20,000 units send 10 fixes each, by requests of 20,000 fixes from 20,000 different units: the dearest order, because
every request moves every unit. `positions` is what the writer stores durably while requests keep coming: it stores what
gathered meanwhile as one batch, so that five requests share one UPDATE of the latest.
`positions_one_at_a_time` waits for each request before the next, so that each pays a whole UPDATE, which costs more
than its COPY: nothing is asked of it, it is told so that the price of the latest is seen. `positions_track_only` leaves
the UPDATE out.
The floor is one psql, one transaction, by its own `\\timing`, without the start of the program.
"""

import asyncio
import os
import re
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import numpy as np
import psycopg
from numpy.typing import NDArray
from psycopg import sql
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest.positions import PositionWriter
from layers.database import engine_for, visit
from layers.migrations.run import migrate
from layers.tracks import queries as tracks
from layers.tracks.fixes import FIX, days_of, in_order, packed

UNITS, FIXES, ROUNDS = 20_000, 10, 5
ASKED = 0.7
_GROUND = """
INSERT INTO area (level, code, name_kk, name_ru, name_en, geom)
VALUES (1, 'KZ', 'Қазақстан', 'Казахстан', 'Kazakhstan', ST_Multi(ST_Buffer(ST_Point(67, 48, 4326), 22, 500)));
INSERT INTO area (parent_id, level, code, name_kk, name_ru, name_en, geom)
SELECT 1, 2, 'KZ-' || n, 'o', 'o', 'o', ST_Multi(ST_Buffer(ST_Point(48 + 2 * n, 43.2, 4326), 1, 500))
  FROM generate_series(1, 20) n;
INSERT INTO area (parent_id, level, code, name_kk, name_ru, name_en, geom)
SELECT 15, 4, 'KZ-14-' || n, 'd', 'd', 'd', ST_Multi(ST_Buffer(ST_Point(76.6 + 0.1 * n, 43.2, 4326), 0.05, 50))
  FROM generate_series(1, 8) n;
INSERT INTO unit (call_sign, device, service, kind, home_area_id)
SELECT 'U' || n, 'u' || n, 'police', 'car', 1 FROM generate_series(1, 20000) n;
CREATE TABLE floor (LIKE track INCLUDING ALL) PARTITION BY RANGE (at);
"""
_CLEAR = ("TRUNCATE track, floor", "VACUUM unit_position", "CHECKPOINT")


def figures(database_url: str) -> list[dict[str, Any]]:
    """Measure beside the named database, in one of its own that is dropped after; one dict a figure."""
    return asyncio.run(_measured(database_url))


async def _measured(cluster_url: str) -> list[dict[str, Any]]:
    ways = {"positions": _stored, "positions_one_at_a_time": _one_at_a_time, "positions_track_only": _track_only}
    took: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    async with _own_database(cluster_url) as url, _engine(url) as engine, _running(engine) as writer:
        for number in range(-len(ways), ROUNDS * len(ways)):  # the first round of each warms up and is not counted
            name, way = list(ways.items())[number % len(ways)]
            rows = _rows(number)
            await _make_days(engine, rows)
            floor = await asyncio.to_thread(_psql, url, rows)
            began = time.perf_counter()
            await way(engine, writer, rows)
            if number >= 0:
                took[name].append((time.perf_counter() - began, floor))
            await asyncio.to_thread(_clear, url)
    return [_figure(name, pairs) for name, pairs in took.items()]


async def _stored(_: AsyncEngine, writer: PositionWriter, rows: NDArray[np.void]) -> None:
    await asyncio.gather(*(writer.store(sent) for sent in np.split(rows, FIXES)))


async def _one_at_a_time(_: AsyncEngine, writer: PositionWriter, rows: NDArray[np.void]) -> None:
    for sent in np.split(rows, FIXES):
        await writer.store(sent)


async def _track_only(engine: AsyncEngine, _: PositionWriter, rows: NDArray[np.void]) -> None:
    for sent in np.split(rows, FIXES):
        async with visit(engine) as session:
            await tracks.append(session, in_order(sent))


def _figure(name: str, pairs: list[tuple[float, float]]) -> dict[str, Any]:
    """Tell medians: each floor was taken right before its value, so that both met the same machine."""
    value, floor = (UNITS * FIXES / statistics.median(seconds) for seconds in zip(*pairs, strict=True))
    asked = name == "positions"
    return {
        "name": name,
        "value": round(value),
        "unit": "rows/s",
        "floor": round(floor),
        "ratio": round(value / floor, 3),
        "asked": f"ratio >= {ASKED}" if asked else None,
        "holds": value / floor >= ASKED if asked else None,
    }


def _rows(number: int) -> NDArray[np.void]:
    """Return fixes in the order they would be sent, each round's a minute after those of the one before."""
    chance = np.random.default_rng(number + 3)
    rows = np.zeros(UNITS * FIXES, FIX)
    start = round(time.time() - 3600) * 1_000_000 + (number + 3) * 60_000_000
    rows["unit_id"] = np.tile(np.arange(1, UNITS + 1), FIXES)
    rows["at"] = start + np.repeat(np.arange(FIXES), UNITS) * 1_000_000
    rows["received_at"], rows["area_id"] = start, 1
    # Each unit drives on from its own place by some 10 m a second: its area changes as seldom as on the road.
    steps = np.cumsum(chance.normal(0, 1e-4, (2, FIXES, UNITS)), axis=1)
    home = np.random.default_rng(0).normal(0, (0.1, 0.05), (UNITS, 2)).T[:, None, :]
    rows["lon"], rows["lat"] = (np.array([76.9, 43.2])[:, None, None] + home + steps).reshape(2, -1)
    rows["speed_kmh"], rows["heading_deg"] = chance.uniform(0, 90, len(rows)), chance.uniform(0, 360, len(rows))
    return rows


def _psql(url: str, rows: NDArray[np.void]) -> float:
    """Return the seconds psql's own clock gives for the COPY."""
    with tempfile.NamedTemporaryFile(suffix=".pgcopy") as file:
        file.write(packed(rows))
        file.flush()
        copy = rf"\copy floor FROM '{file.name}' WITH (FORMAT binary)"
        command = [_program(), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-c", r"\timing on", "-c", copy, url]
        said = subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ | {"LC_ALL": "C"})
    found = re.search(r"Time: ([\d.]+) ms", said.stdout)
    assert found, said.stdout
    return float(found[1]) / 1000


def _program() -> str:
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/psql"))
    return shutil.which("psql") or str(installed[-1])


async def _make_days(engine: AsyncEngine, rows: NDArray[np.void]) -> None:
    async with visit(engine) as session:
        await tracks.ensure_partition(session, days_of(rows))
        driver = await tracks.driver(session)
        for day in days_of(rows):
            edges = f"FROM ('{day} 00:00+00') TO ('{day} 24:00+00')"
            await driver.execute(f"CREATE TABLE IF NOT EXISTS floor_{day:%Y%m%d} PARTITION OF floor FOR VALUES {edges}")


def _clear(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as link:
        for statement in _CLEAR:
            link.execute(statement)


@asynccontextmanager
async def _running(engine: AsyncEngine) -> AsyncIterator[PositionWriter]:
    writer = PositionWriter(engine)
    task = asyncio.create_task(writer.run())
    yield writer
    writer.close()
    await task


@asynccontextmanager
async def _engine(url: str) -> AsyncIterator[AsyncEngine]:
    engine = engine_for(url)
    yield engine
    await engine.dispose()


@asynccontextmanager
async def _own_database(cluster_url: str) -> AsyncIterator[str]:
    name = f"qyran_bench_writer_{os.getpid()}"
    with psycopg.connect(cluster_url, autocommit=True) as link:
        link.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        parts = urlsplit(cluster_url)
        url = urlunsplit(parts._replace(path=f"/{name}"))
        if not parts.netloc:
            url = url.replace(":/", ":///", 1)
        await asyncio.to_thread(migrate, url)
        with psycopg.connect(url, autocommit=True) as link:
            link.execute(_GROUND)
        yield url
    finally:
        with psycopg.connect(cluster_url, autocommit=True) as link:
            link.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

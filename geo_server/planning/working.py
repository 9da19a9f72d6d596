"""Works off the tiles that wait: reads what stands in each, has it reckoned elsewhere, writes what was found."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import Executor

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.planning import asking
from geo_server.planning.reckoning import reckoned
from layers import faults
from layers.areas.scope import visit_whole
from layers.changes import ring
from layers.coverage import queries as coverage
from layers.coverage.schema import Stirred

log = structlog.get_logger()

RUNG = ("coverage", "gaps")  # their tiles on the map are others now
AT_A_TIME = 8  # tiles between two looks at who called off what


class NotReckoned(Exception):
    """Some tiles could not be reckoned; its text is a sentence."""


async def work_off(engine: AsyncEngine, workers: Executor) -> int | None:
    """Reckon until nothing waits; returns how many tiles were reckoned, and None where another process is at it.

    Raises NotReckoned where some could not be: the log says why, and they wait.
    """
    async with engine.connect() as alone:
        if not await coverage.may_reckon(alone):
            return None
        done, given_up = 0, set[int]()
        while True:
            jobs_left = await asking.take_up(engine)
            async with visit_whole(engine) as session:
                # the first alone: where nothing is compiled yet, one process does it and the others find it done
                found = await coverage.waiting(session, AT_A_TIME if done else 1, given_up)
            if not found and jobs_left and not given_up:
                continue  # one has just ended, and the next is to begin
            if not found:
                break
            bad = await _reckon(engine, workers, found)
            given_up |= bad
            done += len(found) - len(bad)
            async with visit_whole(engine) as session:
                await ring(session, {layer: [tile.id for tile in found if tile.id not in bad] for layer in RUNG})
    if given_up:
        await asking.give_up(engine, len(given_up))
        raise NotReckoned(f"{len(given_up)} tiles could not be reckoned; the log says why.")
    return done


async def _reckon(engine: AsyncEngine, workers: Executor, tiles: Sequence[Stirred]) -> set[int]:
    """Reckon some tiles beside each other; returns the ids of those that failed."""
    ends = await asyncio.gather(*(_reckon_one(engine, workers, tile) for tile in tiles), return_exceptions=True)
    bad: set[int] = set()
    for tile, end in zip(tiles, ends, strict=True):
        if isinstance(end, Exception):
            bad.add(tile.id)
            log.error("tile_not_reckoned", tile=tile.id, error=faults.told(end))
        elif isinstance(end, BaseException):
            raise end
    return bad


async def _reckon_one(engine: AsyncEngine, workers: Executor, tile: Stirred) -> None:
    async with visit_whole(engine) as session:
        standing = await coverage.standing(session, tile.id)
    found = await asyncio.get_running_loop().run_in_executor(workers, reckoned, tile, standing)
    async with visit_whole(engine) as session:
        await coverage.write(session, tile, found)

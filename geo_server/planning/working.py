"""Works off the tiles that wait: reads what stands in each, has it reckoned elsewhere, writes what was found."""

import asyncio
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Executor

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.planning import asking
from geo_server.planning.reckoning import reckoned
from layers import faults
from layers.areas.scope import visit_whole
from layers.changes import ring
from layers.coverage import queries as coverage
from layers.coverage.schema import Reckoned, Stirred
from layers.coverage.writing import Found, write

log = structlog.get_logger()
_InHand = tuple[set[int], asyncio.Task[set[int]]]

RUNG = ("coverage", "gaps")  # their tiles on the map are others now
AT_A_TIME = 32  # tiles between two looks at who called off what
TOGETHER = 4  # tiles that are read, and written, in one visit
IN_HAND = 2  # times so many: the last of the one are reckoned while the first of the other are read
LOOK_AGAIN_S = 0.2
UNDER_WAY = 3  # visits for a few of them: while one is read and one is written the cores have a third


class NotReckoned(Exception):
    """Some tiles could not be reckoned; its text is a sentence."""


async def work_off(engine: AsyncEngine, workers: Executor) -> int | None:
    """Reckon until nothing waits; returns how many tiles were reckoned, and None where another process is at it.

    Raises NotReckoned where some could not be: the log says why, and they wait.
    """
    async with engine.connect() as alone:
        if not await coverage.may_reckon(alone):
            return None
        done, given_up = await _work_off(engine, workers)
    if given_up:
        await asking.give_up(engine, len(given_up))
        raise NotReckoned(f"{len(given_up)} tiles could not be reckoned; the log says why.")
    return done


async def _work_off(engine: AsyncEngine, workers: Executor) -> tuple[int, set[int]]:
    """Take some tiles in hand while those before are reckoned; returns how many were, and the ids that failed."""
    done, given_up, in_hand, room = 0, set[int](), deque[_InHand](), asyncio.Semaphore(UNDER_WAY)
    try:
        while True:
            jobs_left = await asking.take_up(engine)
            taken = given_up.union(*(tiles for tiles, _ in in_hand))
            async with visit_whole(engine) as session:
                # the first alone: where nothing is compiled yet, one process does it and the others find it done
                found = await coverage.waiting(session, AT_A_TIME if done else 1, taken)
            if found:
                task = asyncio.create_task(_reckon(engine, workers, found, room))
                in_hand.append(({tile.id for tile in found}, task))
            elif not in_hand:
                if given_up or not jobs_left:
                    return done, given_up
                await asyncio.sleep(LOOK_AGAIN_S)  # the next is to begin, or somebody holds what is left of this one
            if in_hand and (not found or len(in_hand) == IN_HAND or not done):
                tiles, task = in_hand.popleft()
                bad = await task
                given_up |= bad
                done += len(tiles) - len(bad)
                await _tell(engine, tiles - bad)
    finally:
        for _, task in in_hand:
            task.cancel()
        await asyncio.gather(*(task for _, task in in_hand), return_exceptions=True)


async def _tell(engine: AsyncEngine, tiles: set[int]) -> None:
    async with visit_whole(engine) as session:
        await ring(session, {layer: sorted(tiles) for layer in RUNG})


async def _reckon(
    engine: AsyncEngine, workers: Executor, tiles: Sequence[Stirred], room: asyncio.Semaphore
) -> set[int]:
    """Reckon some tiles, a few read and written at once while others are reckoned; returns the ids that failed."""
    some = [tiles[first : first + TOGETHER] for first in range(0, len(tiles), TOGETHER)]

    async def one(few: Sequence[Stirred]) -> set[int]:
        async with room:
            return await _reckon_few(engine, workers, few)

    return set().union(*await asyncio.gather(*(one(few) for few in some)))


async def _reckon_few(engine: AsyncEngine, workers: Executor, tiles: Sequence[Stirred]) -> set[int]:
    bad: set[int] = set()
    async with visit_whole(engine) as session:
        standing = [await coverage.standing(session, tile.id) for tile in tiles]
    loop = asyncio.get_running_loop()
    under_way = (loop.run_in_executor(workers, reckoned, *pair) for pair in zip(tiles, standing, strict=True))
    found = []
    for tile, end in zip(tiles, await asyncio.gather(*under_way, return_exceptions=True), strict=True):
        if isinstance(end, Reckoned):
            found.append((tile, end))
        else:
            _note(tile, end, bad)
    await _write(engine, found, bad)
    return bad


async def _write(engine: AsyncEngine, found: Sequence[Found], bad: set[int]) -> None:
    """Write what was found; where the store refuses it, tile by tile, so that one spoils no other."""
    if not found:
        return
    try:
        async with visit_whole(engine) as session:
            await write(session, found)
    except DBAPIError as refused:
        if len(found) == 1:
            _note(found[0][0], refused, bad)
            return
        for one in found:
            await _write(engine, [one], bad)


def _note(tile: Stirred, end: BaseException, bad: set[int]) -> None:
    if not isinstance(end, Exception):
        raise end
    bad.add(tile.id)
    log.error("tile_not_reckoned", tile=tile.id, error=faults.told(end))

"""Makes the file of a report: gathers within the viewer's scope, then writes, telling each step."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.planning.purposes import purposes
from geo_server.planning.reports import geodata, page
from geo_server.planning.reports.gathering import STEPS, gathered
from geo_server.planning.reports.schema import Told, Wanted
from geo_server.record.pdf import printed
from layers.areas.scope import visit_as
from layers.viewer import Viewer

Tell = Callable[[int, int], Awaitable[None]]  # done, of how many; raises where it is called off


async def make(engine: AsyncEngine, viewer: Viewer, wanted: Wanted, path: Path, tell: Tell) -> None:
    """Write the report of the viewer's area; all of it is of one moment of the store.

    Raises LookupError where the area is no more, and whatever `tell` raises.
    """
    of_one_moment = engine.execution_options(isolation_level="REPEATABLE READ")
    if wanted.format in geodata.SINKS:
        await _data(of_one_moment, viewer, wanted, path, tell)
    else:
        await _page(of_one_moment, viewer, wanted, path, tell)


async def _page(engine: AsyncEngine, viewer: Viewer, wanted: Wanted, path: Path, tell: Tell) -> None:
    steps = _Steps(tell, STEPS + 1)
    async with visit_as(engine, viewer) as session:
        told = await gathered(session, viewer, wanted, datetime.now(UTC), steps.step)
    await asyncio.to_thread(_write, told, path)
    await steps.step()


def _write(told: Told, path: Path) -> None:
    if told.wanted.format == "pdf":
        path.write_bytes(printed(page.paper(told)))
    else:
        path.write_text(page.html(told), encoding="utf-8")


async def _data(engine: AsyncEngine, viewer: Viewer, wanted: Wanted, path: Path, tell: Tell) -> None:
    async with visit_as(engine, viewer) as session:
        steps = _Steps(tell, await geodata.steps(session, viewer))
        with geodata.SINKS[wanted.format](path) as sink:
            async for batch in geodata.batches(session, viewer, purposes(), steps.step):
                await asyncio.to_thread(sink.take, batch)


class _Steps:
    """Counts what is done; of more steps than were foreseen the last stays to be done."""

    def __init__(self, tell: Tell, total: int) -> None:
        self._tell, self._total, self._done = tell, total, 0

    async def step(self) -> None:
        self._done = min(self._done + 1, self._total)
        await self._tell(self._done, self._total)

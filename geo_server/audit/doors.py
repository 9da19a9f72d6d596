"""What the doors refused to nobody known, told: it leaves their table and enters the audit in one transaction."""

import asyncio
import time
from dataclasses import dataclass

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.audit import record
from geo_server.audit.schema import Entry
from layers import faults
from layers.areas.scope import visit_whole
from layers.refusals import queries as refusals
from layers.refusals.schema import Refused
from layers.sources import queries as sources
from layers.sources.schema import Source

log = structlog.get_logger()

OPERATION = "door.refuse"
EVERY_S = 1.0
PATIENT_S = 20.0  # for one pass
SAID_S = 60.0  # between two lines of the log about the same fault
MOST = 20  # entries a second: a flood grows their counts, and fills no log


@dataclass(slots=True)
class Teller:
    """Tells what both doors counted; with several servers on a store, each takes what the others do not."""

    engine: AsyncEngine
    _fault: str = ""
    _said: float = float("-inf")

    @property
    def trouble(self) -> str:
        """Say in a sentence for health that the audit does not take it; nothing where it does."""
        return f"refusals at the doors wait to be told ({self._fault})" if self._fault else ""

    async def run(self) -> None:
        """Tell each second for as long as the server lives; a fault is logged, tells in health, and is tried again."""
        while True:
            try:
                async with asyncio.timeout(PATIENT_S):
                    await self.look()
            except Exception as error:  # noqa: BLE001 - whatever it is, the rows wait and the next pass takes them
                self._failed(error)
            else:
                self._fault = ""
            await asyncio.sleep(EVERY_S)

    async def look(self) -> int:
        """Tell what is due and return how many entries that made; raises SQLAlchemyError with nothing taken."""
        async with visit_whole(self.engine) as session:
            due = await refusals.take(session, most=MOST)
            known = await sources.by_ids(session, {one.source_id for one in due if one.source_id is not None})
            for one in due:
                await record.write(session, entry_of(one, known.get(one.source_id or 0)))
            await refusals.forget(session)
        return len(due)

    def _failed(self, error: Exception) -> None:
        first, self._fault = not self._fault, type(error).__name__
        if first or time.monotonic() - self._said >= SAID_S:
            self._said = time.monotonic()
            log.error("door_refusals_not_told", error=faults.told(error))


def entry_of(refused: Refused, source: Source | None) -> Entry:
    """Return the entry: nobody's, of no area, unless a key was shown; then its source's, whose area may search it."""
    span = {"count": refused.count, "from": refused.since, "to": refused.until}
    return Entry(
        operation=OPERATION,
        outcome="refused",
        code=refused.code,
        who=source.name if source else "",
        area_id=source.area_id if source else None,
        layer=None if refused.source_id is None else "sources",
        object_id=refused.source_id,
        origin=refused.address,
        details={"door": refused.door, **span},
    )

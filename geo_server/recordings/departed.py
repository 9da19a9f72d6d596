"""Exports whose time has ended are told to the audit, once: the wing that deletes them cannot write there."""

import asyncio

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.audit import record
from geo_server.audit.schema import Entry
from layers.areas.scope import visit_whole
from layers.recordings import export_queries
from layers.recordings.schema import Export

log = structlog.get_logger()

OPERATION = "recordings.forget"
WHO = "retention"
EVERY_S, MOST = 30.0, 100


async def tell(engine: AsyncEngine) -> None:
    """Tell what is due, for as long as the server lives; while the store does not take it, it waits."""
    while True:
        try:
            await look(engine)
        except (SQLAlchemyError, OSError) as error:
            log.warning("deleted_exports_not_told", error=type(error).__name__)
        await asyncio.sleep(EVERY_S)


async def look(engine: AsyncEngine) -> int:
    """Tell of the exports that were deleted; return how many those were."""
    async with visit_whole(engine) as session:
        untold = await export_queries.untold(session, limit=MOST)
        for one, area_id in untold:
            await record.write(session, entry_of(one, area_id))
    return len(untold)


def entry_of(one: Export, area_id: int) -> Entry:
    """Return the entry: nobody's act, of the area whose export it was."""
    sha256 = None if one.sha256 is None else one.sha256.hex()
    told = {"asked_by": one.asked_by, "bytes": one.size, "sha256": sha256, "cameras": list(one.camera_ids)}
    return Entry(operation=OPERATION, who=WHO, area_id=area_id, layer="exports", object_id=one.id, details=told)

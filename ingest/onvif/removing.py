"""Taking a camera away in two visits: first nobody reads it any more, then what there is of it decides."""

import asyncio

from ingest.settings import settings_for
from layers.cameras.removal_queries import remove, switch_off
from layers.changes import ring
from layers.database import engine_for, visit

LETS_GO_S = 5.0  # until whoever read or recorded it has written what it had of it


async def removed(code: str) -> list[str] | None:
    """Take a camera away; return what of it stays and why it is not deleted, None where there is no such camera."""
    engine = engine_for(settings_for(None).database_url)
    try:
        async with visit(engine) as session:
            was = await switch_off(session, code)
            await ring(session, {"cameras": [] if was is None else [was.id]})
        if was is None:
            return None
        await asyncio.sleep(LETS_GO_S if was.read else 0)
        async with visit(engine) as session:
            stays = await remove(session, was)
            await ring(session, {"cameras": [was.id]})
    finally:
        await engine.dispose()
    return stays

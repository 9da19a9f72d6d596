"""The process that makes the reports that wait, at low priority; the server starts it."""

import asyncio
import os

from geo_server.planning.reports.shelf import Shelf
from geo_server.planning.reports.working import work_off
from geo_server.settings import settings_told
from layers import logs
from layers.database import SERVER, as_role, engine_for

NICE = 10


async def _work() -> None:
    settings = settings_told()
    engine = engine_for(as_role(settings.database_url, SERVER), size=4)
    try:
        await work_off(engine, Shelf.under(settings.home))
    finally:
        await engine.dispose()


if __name__ == "__main__":
    os.nice(NICE)
    logs.configure("reports")
    asyncio.run(_work())

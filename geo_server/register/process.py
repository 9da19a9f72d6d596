"""`python -m geo_server.register.process`: takes in the files that wait, apart from the serving, and ends."""

import asyncio
import os
import resource

from geo_server.register.working import work_off
from geo_server.settings import settings_told
from layers import logs
from layers.database import SERVER, as_role, engine_for

MOST_MEMORY_BYTES = 4 << 30  # whatever was sent


def main() -> None:
    """Give way to the serving, keep within the memory, and work."""
    logs.configure("register")
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY_BYTES, MOST_MEMORY_BYTES))
    os.nice(5)
    asyncio.run(_work())


async def _work() -> None:
    engine = engine_for(as_role(settings_told().database_url, SERVER), size=2)
    try:
        await work_off(engine)
    finally:
        await engine.dispose()


if __name__ == "__main__":
    main()

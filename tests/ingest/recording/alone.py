"""Recording in a process of its own, to be killed: `python -m tests.ingest.recording.alone DATABASE_URL HOME`."""

import asyncio
import sys
from pathlib import Path

from ingest.footage.feeds import Feeds
from ingest.recording.recorder import Recorder
from layers.cameras import queries
from layers.database import engine_for, visit


async def main(database_url: str, home: Path) -> None:
    engine = engine_for(database_url)
    feeds = Feeds(home)
    async with visit(engine) as session:
        feeds.keep(await queries.enabled(session))
    await Recorder(engine, home, feeds).run(0.2)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2])))

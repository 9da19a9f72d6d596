"""What keeps footage, beside the door for video: the recorder, clips, exports, retention; none stops another."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest.footage.feeds import Feeds
from ingest.recording.clips import Clips
from ingest.recording.disk import Disk
from ingest.recording.exports import Exports
from ingest.recording.recorder import Recorder
from ingest.recording.retention import Retention

log = structlog.get_logger()

SOON_S, SELDOM_S, AGAIN_S = 2.0, 60.0, 5.0


def parts(engine: AsyncEngine, home: Path, feeds: Feeds) -> list[Coroutine[Any, Any, None]]:
    """Return what runs until cancelled."""
    disk = Disk()
    recorder = Recorder(engine, home, feeds, disk=disk)
    return [
        _kept_up(recorder),
        _again_and_again("clips", Clips(engine, home, recorder.ring_of, disk).look, SOON_S),
        _again_and_again("exports", Exports(engine, home).look, SOON_S),
        _again_and_again("retention", Retention(engine, home, disk).look, SELDOM_S),
    ]


async def _kept_up(recorder: Recorder) -> None:
    while True:
        try:
            await recorder.run()
        except Exception as error:
            log.error("recorder_failed", error=type(error).__name__, exc_info=error)
            await asyncio.sleep(AGAIN_S)


async def _again_and_again(name: str, look: Callable[[], Awaitable[object]], every_s: float) -> None:
    while True:
        try:
            await look()
        except (DBAPIError, OSError) as error:
            log.warning("waits_for_store", part=name, error=type(error).__name__)
        except Exception as error:
            log.error("part_failed", part=name, error=type(error).__name__, exc_info=error)
        await asyncio.sleep(every_s)

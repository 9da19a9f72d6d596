"""What keeps footage, beside the door for video: the recorder, clips, exports, retention; none stops another."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest.footage.feeds import Feeds
from ingest.footage.lasting import lasting
from ingest.recording.clips import Clips
from ingest.recording.disk import Disk
from ingest.recording.exports import Exports
from ingest.recording.recorder import Recorder
from ingest.recording.retention import Retention
from ingest.settings import Settings

log = structlog.get_logger()

SOON_S, SELDOM_S = 2.0, 60.0


def parts(
    engine: AsyncEngine, settings: Settings, feeds: Feeds, rung: asyncio.Event
) -> list[Coroutine[Any, Any, None]]:
    """Return what runs until cancelled; `rung` is set when rows of cameras may have changed."""
    disk, home, least_free = Disk(), settings.home, settings.recordings_free
    recorder = Recorder(engine, home, feeds, disk=disk, rung=rung)
    retention = Retention(engine, home, disk, least_free=least_free, exports=timedelta(days=settings.exports_days))
    return [
        lasting("recorder", recorder.run),
        _again_and_again("clips", Clips(engine, home, recorder.ring_of, disk).look, SOON_S),
        _again_and_again("exports", Exports(engine, home, disk, least_free=least_free).look, SOON_S),
        _again_and_again("retention", retention.look, SELDOM_S),
    ]


async def _again_and_again(name: str, look: Callable[[], Awaitable[object]], every_s: float) -> None:
    while True:
        try:
            await look()
        except (SQLAlchemyError, OSError) as error:
            log.warning("waits_for_store", part=name, error=type(error).__name__)
        except Exception as error:
            log.error("part_failed", part=name, error=type(error).__name__, exc_info=error)
        await asyncio.sleep(every_s)

"""What the analytics of cameras themselves tell comes in as events: one pull point a camera, opened again when lost."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest import report
from ingest.onvif.camera import PULL_S, Camera
from ingest.onvif.errors import OnvifError
from ingest.onvif.hosts import check_host
from ingest.onvif.soap import Endpoint
from ingest.onvif.topics import Ear, by_topic
from ingest.values import EventDraft
from layers.cameras import command_queries as commands
from layers.changes import ring
from layers.database import visit
from layers.values import LonLat

log = structlog.get_logger()
LOOK_S = 30.0  # how often rows are compared with who is listened to
AGAIN_S = (5.0, 15.0, 60.0, 300.0)  # the waits before a camera is asked again
HEARD_S = 60.0  # whoever was heard for longer is asked again soon
NEVER_S = 3600.0  # and one that has no events
LEAST_S = 0.5  # between two pulls: a camera that answers at once, with nothing, is not asked all the time

Spoken = tuple[int, str, str, LonLat, str | None]  # id, code, ONVIF address, place, pin


@dataclass(slots=True, kw_only=True)
class Listening:
    """Listens to every camera that speaks ONVIF, until cancelled; `kinds` are those of data/event_kinds.json."""

    engine: AsyncEngine
    kinds: Mapping[str, Any]
    resolve: Callable[[str], str] = check_host
    look_s: float = LOOK_S
    pull_s: float = PULL_S
    again_s: float = 2.0  # until an event is written again that the database did not take
    _tasks: dict[Spoken, asyncio.Task[None]] = field(default_factory=dict)

    async def run(self) -> None:
        """Do it."""
        try:
            while True:
                try:
                    async with visit(self.engine) as session:
                        self._keep(await commands.with_analytics(session))
                except (DBAPIError, OSError) as error:
                    log.warning("analytics_wait", reason=type(error).__name__)
                await asyncio.sleep(self.look_s)
        finally:
            for task in self._tasks.values():
                task.cancel()

    def _keep(self, rows: list[Spoken]) -> None:
        for gone in set(self._tasks) - set(rows):
            self._tasks.pop(gone).cancel()
        for row in rows:
            if row not in self._tasks or self._tasks[row].done():
                self._tasks[row] = asyncio.create_task(self._hear(row))

    async def _hear(self, row: Spoken) -> None:
        """Listen to one camera for good; what fails is told once, and tried again ever more rarely."""
        camera_id, code, url, place, pin = row
        ear = Ear(camera_id=camera_id, code=code, place=place, kinds=by_topic(self.kinds))
        tried = 0
        while True:
            wait_s, begun = AGAIN_S[min(tried, len(AGAIN_S) - 1)], time.monotonic()
            try:
                camera = await Camera(Endpoint.of(url, self.resolve, pin)).open()
                await self._tell_met(row, camera)
                ear.ahead = timedelta(seconds=camera.skew_s or 0.0)
                await self._listen(ear, camera)
            except OnvifError as error:
                log.info("analytics_not_heard", camera=code, code=error.code, reason=str(error))
                wait_s = NEVER_S if error.code == "unsupported" else wait_s
                await self._tell_fault(row, None if error.code == "unsupported" else error.code)
            except (DBAPIError, OSError) as error:
                log.warning("analytics_wait", camera=code, reason=type(error).__name__)
            tried = 0 if time.monotonic() - begun > HEARD_S else tried + 1
            await asyncio.sleep(wait_s)

    async def _tell_met(self, row: Spoken, camera: Camera) -> None:
        """Write how its clock goes, and by which certificate it is known from now on."""
        camera_id, code, seen = row[0], row[1], camera.endpoint.seen
        async with visit(self.engine) as session:
            if camera.skew_s is not None:
                await commands.tell_skew(session, camera_id, camera.skew_s)
            trusted = seen is not None and await commands.trust(session, camera_id, seen)
        if trusted:
            log.warning("certificate_trusted", camera=code, sha256=seen)
        await self._tell_fault(row, None)

    async def _tell_fault(self, row: Spoken, code: str | None) -> None:
        try:
            async with visit(self.engine) as session:
                news = await commands.tell_fault(session, row[0], code)
                await ring(session, {"cameras": [row[0]] if news else []})
        except (DBAPIError, OSError) as error:
            log.warning("analytics_wait", camera=row[1], reason=type(error).__name__)

    async def _listen(self, ear: Ear, camera: Camera) -> None:
        point = await camera.subscribe()
        try:
            while True:
                least = asyncio.create_task(asyncio.sleep(LEAST_S))
                for notice in await camera.pull(point, self.pull_s):
                    if (draft := ear.draft(notice, datetime.now(UTC))) is not None:
                        await self._write(draft)
                await least
        finally:
            with contextlib.suppress(OnvifError):
                await asyncio.shield(camera.unsubscribe(point))

    async def _write(self, draft: EventDraft) -> None:
        """Write an event; while the database is away it waits, for its camera does not tell it twice."""
        while True:
            try:
                if await report.event(self.engine, draft) is not None:
                    log.info("event_written", kind=draft.kind, source=draft.source)
                return
            except (DBAPIError, OSError) as error:
                log.warning("event_waits", kind=draft.kind, reason=type(error).__name__)
                if report.is_refused(error):
                    log.error("event_refused", kind=draft.kind, source=draft.source)
                    return
            await asyncio.sleep(self.again_s)

"""The door for machines, and beside it the shards in which cameras run, whose failure never shuts the door."""

import asyncio
import json
import socket
import time
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import structlog
import uvicorn
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest.door import door_app
from ingest.leases import Leases, writable
from ingest.settings import Settings
from ingest.shards.counts import Counts
from ingest.shards.keeping import Keeper, shard_command
from layers.cameras import leases as leases_of
from layers.cameras import queries as cameras_of
from layers.cameras.queries import CameraState
from layers.cameras.reasons import Reason
from layers.changes import ring
from layers.database import engine_for, visit

log = structlog.get_logger()

DATA = Path(__file__).resolve().parent.parent / "data"
TOLD_S = 15.0  # the shards of a cluster tell oftener
CLUSTER_S = 60.0  # after so long without a word of theirs, the cameras are this machine's own again
AGAIN_S = (2.0, 5.0, 15.0, 60.0)  # the waits before the cameras are tried again


def listen(host: str, port: int) -> socket.socket:
    """Open the door's socket; raises OSError where the port is taken or may not be had."""
    made = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
    except OSError:
        made.close()
        raise
    return made


async def serve(settings: Settings, opened: socket.socket, *, cameras: bool = True) -> None:
    """Answer until told to stop; what was taken in by then is stored first."""
    engine = engine_for(settings.database_url)
    counts = Counts()
    app = door_app(engine, event_kinds(), settings.home, counts)
    quiet: dict[str, Any] = {"log_config": None, "access_log": False, "server_header": False}
    quiet |= {"proxy_headers": False}  # where a refused sender came from stands in the audit: no header may say it
    server = uvicorn.Server(uvicorn.Config(app, timeout_graceful_shutdown=10, timeout_keep_alive=30, **quiet))
    watching = asyncio.create_task(keep_cameras(engine, settings.home, counts)) if cameras else None
    speaking = asyncio.create_task(keep_onvif(engine, settings.database_url)) if cameras else None
    log.info("door_open", host=settings.host, port=opened.getsockname()[1])
    try:
        await server.serve(sockets=[opened])
    finally:
        for task in (watching, speaking):
            if task:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
        await engine.dispose()


async def keep_cameras(engine: AsyncEngine, home: Path, counts: Counts) -> None:
    """Keep the shards in which cameras run; where that itself fails, say so and begin again after a while.

    `counts` hears what they count.
    """
    for tried in range(2**31):
        try:
            await Keeper(shard_command(home), partial(hold_back, engine), counts=counts).keep(Enabled(engine))
        except Exception as error:
            log.error("cameras_failed", error=type(error).__name__, exc_info=error)
        await asyncio.sleep(AGAIN_S[min(tried, len(AGAIN_S) - 1)])


async def keep_onvif(engine: AsyncEngine, database_url: str) -> None:
    """Turn cameras as people ask, and hear what their own analytics tell; when that fails, begin again later."""
    from ingest.onvif.acting import Acting
    from ingest.onvif.listening import Listening

    for tried in range(2**31):
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(Acting(engine=engine, database_url=database_url).run())
                group.create_task(Listening(engine=engine, kinds=event_kinds()).run())
        except* Exception as errors:
            log.error("onvif_failed", error=type(errors.exceptions[0]).__name__, exc_info=errors)
        await asyncio.sleep(AGAIN_S[min(tried, len(AGAIN_S) - 1)])


class Enabled:
    """Asks which cameras this machine alone is to read: while machines share them in a cluster, those alone
    whose pictures are posted to its door.

    While the store is away, those it named last.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        """Take the store."""
        self._engine = engine
        self._known: set[int] = set()
        self._shared_until_s = float("-inf")

    async def __call__(self) -> set[int]:
        """Return their ids."""
        try:
            async with visit(self._engine) as session:
                at_work = await leases_of.at_work(session, TOLD_S)
                if not at_work and not self._is_shared():
                    await leases_of.take_back(session, TOLD_S)
                await leases_of.take_back_posted(session)
                enabled = await cameras_of.enabled_ids(session)
                posted = enabled - await cameras_of.shareable_ids(session)
        except (DBAPIError, OSError) as error:
            log.warning("cameras_wait", reason=type(error).__name__)
            self._hear(self._is_shared(), time.monotonic())  # nobody could tell
            return self._known
        self._hear(at_work, time.monotonic())
        self._known = posted if self._is_shared() else enabled
        return self._known

    def _hear(self, at_work: bool, now_s: float) -> None:
        if at_work and not self._is_shared():
            log.info("cameras_shared", reason="A cluster of machines runs the cameras.")
        if at_work:
            self._shared_until_s = now_s + CLUSTER_S

    def _is_shared(self) -> bool:
        return time.monotonic() < self._shared_until_s


async def hold_back(engine: AsyncEngine, cameras: frozenset[int], leases: Leases | None = None) -> bool:
    """Say of cameras whose stream broke their reader that they are down, and why; False where it cannot be said."""
    told: dict[str, Any] = {
        "state": "down",
        "at": datetime.now(UTC),
        "why": (Reason("breaks_reader"),),
        "last_frame_at": None,
        "fps": None,
    }
    try:
        async with visit(engine) as session:
            cameras = await writable(session, leases, cameras)
            await cameras_of.write_states(session, [CameraState(camera_id=camera, **told) for camera in cameras])
            await ring(session, {"cameras": cameras})
    except (DBAPIError, OSError) as error:
        log.warning("cameras_wait", reason=type(error).__name__)
        return False
    return True


def event_kinds() -> dict[str, Any]:
    """Return the kinds of events there are, by name."""
    kinds: dict[str, Any] = json.loads((DATA / "event_kinds.json").read_text(encoding="utf-8"))
    return kinds

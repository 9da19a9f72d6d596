"""One process, one event loop: the door for machines, and beside it the cameras, whose failure never shuts the door."""

import asyncio
import json
import socket
from contextlib import suppress
from pathlib import Path
from typing import Any

import structlog
import uvicorn
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest.door import door_app
from ingest.settings import Settings
from layers.database import engine_for

log = structlog.get_logger()

DATA = Path(__file__).resolve().parent.parent / "data"
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
    app = door_app(engine, event_kinds())
    quiet: dict[str, Any] = {"log_config": None, "access_log": False, "server_header": False}
    quiet |= {"proxy_headers": False}  # where a refused sender came from stands in the audit: no header may say it
    server = uvicorn.Server(uvicorn.Config(app, timeout_graceful_shutdown=10, timeout_keep_alive=30, **quiet))
    watching = asyncio.create_task(keep_cameras(engine, settings.home)) if cameras else None
    log.info("door_open", host=settings.host, port=opened.getsockname()[1])
    try:
        await server.serve(sockets=[opened])
    finally:
        if watching:
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching
        await engine.dispose()


async def keep_cameras(engine: AsyncEngine, home: Path) -> None:
    """Run the cameras; when they fail, say so and start them again after a while."""
    for tried in range(2**31):
        try:
            from ingest.cameras import run_cameras  # video libraries may be missing or broken: the door stays open

            await run_cameras(engine, home)
        except Exception as error:
            log.error("cameras_failed", error=type(error).__name__, exc_info=error)
        await asyncio.sleep(AGAIN_S[min(tried, len(AGAIN_S) - 1)])


def event_kinds() -> dict[str, Any]:
    """Return the kinds of events there are, by name."""
    kinds: dict[str, Any] = json.loads((DATA / "event_kinds.json").read_text(encoding="utf-8"))
    return kinds

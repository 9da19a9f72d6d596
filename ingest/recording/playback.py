"""Stored video at the door: GET /playback and /export against a ticket; original bytes, as fast as the window reads."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from ingest.errors import Refusal, answer, unstored
from ingest.footage.guests import View
from ingest.recording.reading import Unreadable
from ingest.recording.replays import Reel, Replays
from layers.video.schema import Kind

log = structlog.get_logger()

# A window that has enough for a while reads nothing. One that is paused for longer comes again by its ticket; a
# download cannot.
PATIENCE_S: dict[Kind, float] = {"playback": 120.0, "export": 600.0}
EXPOSED = "x-begins-at, x-ends-at, x-codec, x-media-s, x-next, content-length"
TOLD = {"cache-control": "no-store", "access-control-expose-headers": EXPOSED}


class Played(Response):
    """An answer that lasts as long as its view: it ends with the session, and when the window goes."""

    def __init__(self, replays: Replays, request: Request, kind: Kind, allowed: Mapping[str, str]) -> None:
        """Take who serves, what was asked, which kind of ticket it needs, and the headers of every answer."""
        super().__init__()
        self._replays, self._request, self._kind, self._allowed = replays, request, kind, {**allowed, **TOLD}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        try:
            token = self._request.query_params.get("ticket", "")
            async with self._replays.admitted(token, self._kind) as view:
                reel = await self._reel(view)
                gone = asyncio.create_task(until_gone(receive, view))
                try:
                    await self._send(reel, view, send)
                finally:
                    gone.cancel()
        except Refusal as refusal:
            refused = answer(refusal)
            refused.headers.update(self._allowed)
            await refused(scope, receive, send)

    async def _reel(self, view: View) -> Reel:
        try:
            return await self._replays.reel(self._request, view.ticket)
        except (Unreadable, FileNotFoundError):
            raise Refusal("no_recording") from None
        except (SQLAlchemyError, OSError) as error:
            raise unstored(error) from None

    async def _send(self, reel: Reel, view: View, send: Send) -> None:
        told = {**self._allowed, **reel.headers, "content-type": reel.kind, "content-length": str(reel.size)}
        head = [(name.encode(), value.encode()) for name, value in told.items()]
        await send({"type": "http.response.start", "status": 200, "headers": head})
        with suppress(Over):
            while part := await asyncio.to_thread(next, reel.parts, b""):
                await sent(send, {"type": "http.response.body", "body": part, "more_body": True}, view)
                view.sent_bytes += len(part)
            if view.sent_bytes < reel.size:  # its file is gone or shorter by now
                log.warning("footage_cut_short", camera=view.ticket.camera_id, sent=view.sent_bytes, of=reel.size)
                view.end("fault")
                return
            await send({"type": "http.response.body", "body": b""})


class Over(Exception):
    """The view has ended: nothing more of it is sent."""


async def sent(send: Send, message: dict[str, Any], view: View) -> None:
    """Send one message; raises Over where the view has ended, or the window takes nothing for too long."""
    sending, over = asyncio.ensure_future(send(message)), asyncio.create_task(view.over.wait())
    try:
        await asyncio.wait({sending, over}, timeout=PATIENCE_S[view.ticket.kind], return_when=asyncio.FIRST_COMPLETED)
        if not sending.done() or view.over.is_set():
            view.end("too_slow")
            raise Over
    finally:
        for task in (sending, over):
            task.cancel()


async def until_gone(receive: Receive, view: View) -> None:
    """Wait until the window goes, and end its view."""
    while (await receive())["type"] != "http.disconnect":
        pass
    view.end("left")

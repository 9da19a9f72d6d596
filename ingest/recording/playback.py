"""Stored video at the door: GET /playback and /export against a ticket; original bytes, as fast as the window reads."""

import asyncio
from collections.abc import Mapping

import structlog
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.types import Send

from ingest.errors import Refusal, unstored
from ingest.footage.guests import View
from ingest.recording.reading import Unreadable
from ingest.recording.replays import Reel, Replays
from ingest.recording.viewed import Viewed
from layers.video.schema import Kind

log = structlog.get_logger()

EXPOSED = "x-begins-at, x-ends-at, x-codec, x-media-s, x-next, content-length"


class Played(Viewed):
    """The bytes as they were recorded."""

    def __init__(self, replays: Replays, request: Request, kind: Kind, allowed: Mapping[str, str]) -> None:
        """Take who serves, what was asked, which kind of ticket it needs, and the headers of every answer."""
        super().__init__(replays, request, kind, {**allowed, "access-control-expose-headers": EXPOSED})

    async def show(self, view: View, send: Send) -> None:
        """Send them; where its file is gone or shorter by now the answer is cut, and that is told."""
        reel = await self._reel(view)
        await self.begin(send, {**reel.headers, "content-type": reel.kind, "content-length": str(reel.size)})
        while part := await asyncio.to_thread(next, reel.parts, b""):
            await self.add(part, view, send)
        if view.sent_bytes < reel.size:
            log.warning("footage_cut_short", camera=view.ticket.camera_id, sent=view.sent_bytes, of=reel.size)
            view.end("fault")
            return
        await send({"type": "http.response.body", "body": b""})

    async def _reel(self, view: View) -> Reel:
        try:
            return await self._replays.reel(self._request, view.ticket)
        except (Unreadable, FileNotFoundError):
            raise Refusal("no_recording") from None
        except (SQLAlchemyError, OSError) as error:
            raise unstored(error) from None

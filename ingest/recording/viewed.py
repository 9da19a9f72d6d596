"""An answer of stored video: it lasts as long as its view, and ends with the session or when the window goes."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from ingest.errors import Refusal, answer
from ingest.footage.guests import View
from ingest.recording.replays import Replays
from layers.video.schema import Kind

log = structlog.get_logger()

# A window that has enough for a while reads nothing. One that is paused for longer comes again by its ticket; a
# download cannot.
PATIENCE_S: dict[Kind, float] = {"playback": 120.0, "export": 600.0}


class Over(Exception):
    """The view has ended: nothing more of it is sent."""


class Viewed(Response, ABC):
    """What every such answer shares; what it shows is each one's own."""

    def __init__(
        self, replays: Replays, request: Request, kind: Kind, allowed: Mapping[str, str], *, masked: bool = False
    ) -> None:
        """Take who serves, what was asked, which kind of ticket it needs, and the headers of every answer."""
        super().__init__()
        self._replays, self._request, self._kind, self._masked = replays, request, kind, masked
        self._allowed = {**allowed, "cache-control": "no-store"}

    @abstractmethod
    async def show(self, view: View, send: Send) -> None:
        """Send what the ticket is for. Raises Refusal before the first byte, Over once the view has ended."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        try:
            token = self._request.query_params.get("ticket", "")
            async with self._replays.admitted(token, self._kind, masked=self._masked) as view:
                gone = asyncio.create_task(_until_gone(receive, view))
                try:
                    await self.show(view, send)
                except Over:
                    log.info("view_over", camera=view.ticket.camera_id, why=view.why)
                finally:
                    gone.cancel()
        except Refusal as refusal:
            refused = answer(refusal)
            refused.headers.update(self._allowed)
            await refused(scope, receive, send)

    async def begin(self, send: Send, told: Mapping[str, str]) -> None:
        """Send the head of the answer."""
        head = [(name.encode(), value.encode()) for name, value in {**self._allowed, **told}.items()]
        await send({"type": "http.response.start", "status": 200, "headers": head})

    async def add(self, part: bytes, view: View, send: Send) -> None:
        """Send a part of the answer and count it; raises Over."""
        await sent(send, {"type": "http.response.body", "body": part, "more_body": True}, view)
        view.sent_bytes += len(part)


async def sent(send: Send, message: dict[str, Any], view: View) -> None:
    """Send one message; raises Over where the view has ended, or the window takes nothing for too long, or is gone."""
    sending, over = asyncio.ensure_future(send(message)), asyncio.create_task(view.over.wait())
    try:
        await asyncio.wait({sending, over}, timeout=PATIENCE_S[view.ticket.kind], return_when=asyncio.FIRST_COMPLETED)
        if not sending.done() or view.over.is_set():
            view.end("too_slow")
            raise Over
        sending.result()
    except OSError:
        view.end("left")
        raise Over from None
    finally:
        for task in (sending, over):
            task.cancel()


async def _until_gone(receive: Receive, view: View) -> None:
    """Wait until the window goes, and end its view."""
    while (await receive())["type"] != "http.disconnect":
        pass
    view.end("left")

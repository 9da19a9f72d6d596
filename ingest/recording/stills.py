"""Stored video picture by picture, GET /stills against a ticket: masks, the viewer's name and the moment burnt in."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from ingest.errors import Refusal, answer, unstored
from ingest.footage.guests import View
from ingest.footage.pictures import burnt
from ingest.recording.films import Film, pictures
from ingest.recording.playback import Over, sent, until_gone
from ingest.recording.replays import Replays
from layers.recordings.playback_queries import Covered

FASTEST, AHEAD_S = 8.0, 10.0  # so many seconds of a recording a second, and so many at once: a decoder costs
_EDGE = b"qyran"

Still = tuple[datetime, bytes]


class Stills(Response):
    """An answer that lasts as long as its view: JPEGs in their order, each with its moment in `X-At`."""

    def __init__(self, replays: Replays, request: Request, allowed: Mapping[str, str]) -> None:
        """Take who serves, what was asked, and the headers of every answer."""
        super().__init__()
        self._replays, self._request, self._allowed = replays, request, {**allowed, "cache-control": "no-store"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        try:
            token = self._request.query_params.get("ticket", "")
            async with self._replays.admitted(token, "playback", masked=True) as view:
                stills = await self._stills(view)
                gone = asyncio.create_task(until_gone(receive, view))
                try:
                    await self._send(stills, view, send)
                finally:
                    gone.cancel()
        except Refusal as refusal:
            refused = answer(refusal)
            refused.headers.update(self._allowed)
            await refused(scope, receive, send)

    async def _stills(self, view: View) -> Iterator[Still]:
        try:
            films, covered = await self._replays.films(self._request, view.ticket)
        except (SQLAlchemyError, OSError) as error:
            raise unstored(error) from None
        if not films:
            raise Refusal("no_recording")
        return masked(films, covered, view)

    async def _send(self, stills: Iterator[Still], view: View, send: Send) -> None:
        told = {**self._allowed, "content-type": f"multipart/x-mixed-replace; boundary={_EDGE.decode()}"}
        head = [(name.encode(), value.encode()) for name, value in told.items()]
        await send({"type": "http.response.start", "status": 200, "headers": head})
        pace = Pace(asyncio.get_running_loop().time())
        with suppress(Over):
            while (still := await asyncio.to_thread(next, stills, None)) is not None:
                await asyncio.sleep(pace.wait_s(still[0], asyncio.get_running_loop().time()))
                part = _part(*still)
                await sent(send, {"type": "http.response.body", "body": part, "more_body": True}, view)
                view.sent_bytes += len(part)
            await send({"type": "http.response.body", "body": b""})


class Pace:
    """How long the next picture is held back, so that nobody has a whole day decoded at once."""

    def __init__(self, now_s: float) -> None:
        """Begin now."""
        self._began_s, self._shown_s = now_s, 0.0
        self._last: datetime | None = None

    def wait_s(self, at: datetime, now_s: float) -> float:
        """Return for how many seconds; what was not recorded costs nothing and takes no time."""
        if self._last is not None:
            self._shown_s += min(1.0, abs((at - self._last).total_seconds()))
        self._last = at
        return max(0.0, (self._shown_s - AHEAD_S) / FASTEST - (now_s - self._began_s))


def masked(films: list[Film], covered: Covered, view: View) -> Iterator[Still]:
    """Yield the pictures of films as JPEG with what must not be seen covered; a file that is gone is passed over."""
    masks = covered.masks if view.ticket.masked else ()
    for film in films:
        with suppress(OSError):  # deleted meanwhile: the time line told of it, and goes on behind it
            for at, image in pictures(film):
                yield at, burnt(image, masks, covered.size_px, watermark=view.ticket.watermark, at=at)


def _part(at: datetime, picture: bytes) -> bytes:
    told = f"Content-Type: image/jpeg\r\nContent-Length: {len(picture)}\r\nX-At: {at.isoformat()}"
    return b"--" + _EDGE + b"\r\n" + told.encode() + b"\r\n\r\n" + picture + b"\r\n"

"""Stored video picture by picture, GET /stills against a ticket: masks, the viewer's name and the moment burnt in."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.types import Send

from ingest.errors import Refusal, unstored
from ingest.footage.guests import View
from ingest.footage.pictures import burnt
from ingest.recording.films import Film, pictures
from ingest.recording.replays import Replays
from ingest.recording.viewed import Viewed
from layers.recordings.playback_queries import Covered

FASTEST, AHEAD_S = 8.0, 10.0  # so many seconds of a recording a second, and so many at once: a decoder costs
_EDGE = b"qyran"

Still = tuple[datetime, bytes, bool]  # when, the JPEG, and whether all of it is hidden


class Stills(Viewed):
    """JPEGs in their order, each with its moment in `X-At`."""

    def __init__(self, replays: Replays, request: Request, allowed: Mapping[str, str]) -> None:
        """Take who serves, what was asked, and the headers of every answer."""
        super().__init__(replays, request, "playback", allowed, masked=True)

    async def show(self, view: View, send: Send) -> None:
        """Send them, no faster than a decoder is given to one view."""
        stills = await self._stills(view)
        await self.begin(send, {"content-type": f"multipart/x-mixed-replace; boundary={_EDGE.decode()}"})
        pace = Pace(asyncio.get_running_loop().time())
        while (still := await asyncio.to_thread(next, stills, None)) is not None:
            await asyncio.sleep(pace.wait_s(still[0], asyncio.get_running_loop().time()))
            await self.add(_part(*still), view, send)
        await send({"type": "http.response.body", "body": b""})

    async def _stills(self, view: View) -> Iterator[Still]:
        try:
            films, covered = await self._replays.films(self._request, view.ticket)
        except (SQLAlchemyError, OSError) as error:
            raise unstored(error) from None
        if not films:
            raise Refusal("no_recording")
        return masked(films, covered, view)


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
    for film in films:
        with suppress(OSError):  # deleted meanwhile: the time line told of it, and goes on behind it
            for at, image in pictures(film):
                masks = covered.at(at) if view.ticket.masked else ()
                jpeg = burnt(image, masks, covered.size_px, watermark=view.ticket.watermark, at=at)
                yield at, jpeg, masks is None


def _part(at: datetime, picture: bytes, hidden: bool) -> bytes:
    told = (
        f"Content-Type: image/jpeg\r\nContent-Length: {len(picture)}\r\nX-Hidden: {hidden:d}\r\nX-At: {at.isoformat()}"
    )
    return b"--" + _EDGE + b"\r\n" + told.encode() + b"\r\n\r\n" + picture + b"\r\n"

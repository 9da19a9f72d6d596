"""One viewer of a camera picture by picture: JPEGs in one endless answer (multipart/x-mixed-replace)."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from starlette.types import Receive, Scope, Send

from ingest.errors import Refusal, answer
from ingest.footage.guests import View
from ingest.footage.metrics import SENT
from ingest.footage.pictures import burnt, without_picture
from ingest.sources.register import open_source
from ingest.sources.source import Source, SourceError, SourceSettings
from ingest.values import Frame
from layers.cameras.queries import CameraRow
from layers.cameras.standing import Stood
from layers.video.hiding import hiding, private

FPS = 5.0
PATIENCE_S = 10.0
SILENT_S = 2.0  # after that no picture counts as live
_EDGE = b"qyran"


@dataclass(frozen=True, slots=True)
class Pictures:
    """The answer: opens a reader of its own for this viewer, and closes it with the view."""

    row: CameraRow
    home: Path
    view: View
    stood: Callable[[CameraRow], Awaitable[Stood | None]]  # how a camera stands
    allowed: dict[str, str]  # headers that let the page read it

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send pictures until the viewer goes, does not take them, or is sent away."""
        try:
            source = self._opened()
        except SourceError:
            await answer(Refusal("camera_gone"))(scope, receive, send)
            return
        came = asyncio.Event()
        source.mailbox.on_frame = _waking(came)
        source.set_active(True)
        source.start()
        parts = {
            asyncio.create_task(self._send(source, came, send)),
            asyncio.create_task(_gone(receive)),
            asyncio.create_task(self.view.over.wait()),
        }
        try:
            await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in parts:
                task.cancel()
            await asyncio.gather(*parts, return_exceptions=True)
            await asyncio.to_thread(source.stop)

    def _opened(self) -> Source:
        url = self.row.main_url or self.row.url
        return open_source(self.row.reader, SourceSettings(camera_id=self.row.id, url=url, home=self.home, fps=FPS))

    async def _send(self, source: Source, came: asyncio.Event, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self._headers()})
        last, since = None, datetime.now(UTC)
        try:
            while True:
                with suppress(TimeoutError):
                    await asyncio.wait_for(came.wait(), 1.0)
                came.clear()
                frame = source.mailbox.take()
                last = frame or last
                silent_s = (datetime.now(UTC) - (last.at if last else since)).total_seconds()
                if frame is not None or silent_s > SILENT_S:
                    masks = await self._masks() if frame else ()  # after the frame: what it shows is no later
                    picture = await asyncio.to_thread(self._picture, frame, last, silent_s, masks)
                    async with asyncio.timeout(PATIENCE_S):
                        await self._part(send, picture, live=frame is not None, hidden=masks is None)
        except TimeoutError:
            self.view.end("too_slow")
        except OSError:
            self.view.end("left")

    async def _masks(self) -> Sequence[Any] | None:
        row = self.row
        if not self.view.ticket.masked:
            return ()
        stood = await self.stood(row) if private(row.masks) else None
        return hiding(row.masks, turns=stood is not None, preset=stood.at(stood.asked_at) if stood else None)

    def _picture(self, frame: Frame | None, last: Frame | None, silent_s: float, masks: Sequence[Any] | None) -> bytes:
        watermark, row = self.view.ticket.watermark, self.row
        if frame is None:
            seen = last.image if last else None
            return without_picture(seen, silent_s, watermark=watermark, at=datetime.now(UTC))
        size_px = (row.width_px, row.height_px) if row.width_px and row.height_px else None
        return burnt(frame.image, masks, size_px, watermark=watermark, at=frame.at)

    async def _part(self, send: Send, picture: bytes, *, live: bool, hidden: bool) -> None:
        told = b"Content-Type: image/jpeg\r\nContent-Length: %d\r\nX-Live: %d\r\nX-Hidden: %d"
        body = b"--" + _EDGE + b"\r\n" + told % (len(picture), live, hidden) + b"\r\n\r\n" + picture + b"\r\n"
        await send({"type": "http.response.body", "body": body, "more_body": True})
        self.view.sent_bytes += len(body)
        SENT.inc(len(body))

    def _headers(self) -> list[tuple[bytes, bytes]]:
        told = {"content-type": f"multipart/x-mixed-replace; boundary={_EDGE.decode()}", "cache-control": "no-store"}
        return [(name.encode(), value.encode()) for name, value in (told | self.allowed).items()]


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _waking(came: asyncio.Event) -> Callable[[], None]:
    loop = asyncio.get_running_loop()

    def wake() -> None:
        with suppress(RuntimeError):  # the loop has just closed: the process is going down
            loop.call_soon_threadsafe(came.set)

    return wake

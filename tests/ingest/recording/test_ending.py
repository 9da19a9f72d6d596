"""An answer that we end, or whose file ends early, is cut: the window sees it, and the log tells no fault of ours."""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import repeat
from typing import Any

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ingest.footage.guests import View
from ingest.footage.serve import hush
from ingest.recording.playback import Played
from ingest.recording.replays import Reel
from ingest.recording.viewed import PATIENCE_S, Over, sent
from layers.video.schema import Ticket

pytestmark = pytest.mark.anyio
TICKET = Ticket(
    id=1, kind="playback", camera_id=7, account="desk", session_id=1, watermark="desk", masked=False, begins_at=None,
    until=None,
)  # fmt: skip


class Playing:
    """Replays of one view of given bytes."""

    def __init__(self, parts: Iterator[bytes], size: int) -> None:
        self.view, self._parts, self._size = View(ticket=TICKET, id=1), parts, size

    @asynccontextmanager
    async def admitted(self, *_: Any, **__: Any) -> AsyncIterator[View]:
        yield self.view

    async def reel(self, *_: Any) -> Reel:
        return Reel(parts=self._parts, size=self._size, headers={})


@asynccontextmanager
async def served(playing: Any) -> AsyncIterator[str]:
    async def play(request: Request) -> Response:
        return Played(playing, request, "playback", {})

    with socket.create_server(("127.0.0.1", 0)) as opened:
        app = Starlette(routes=[Route("/", play)])
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="off"))
        running = asyncio.create_task(server.serve(sockets=[opened]))
        yield f"http://127.0.0.1:{opened.getsockname()[1]}/"
        server.should_exit = True
        await running


async def test_a_view_that_we_end_is_cut_and_no_fault(caplog: pytest.LogCaptureFixture) -> None:
    hush()
    playing = Playing(repeat(b"x" * 1000), 10**9)
    with caplog.at_level(logging.WARNING):
        async with served(playing) as address, httpx.AsyncClient() as client:
            with pytest.raises(httpx.RemoteProtocolError):
                async with client.stream("GET", address) as answer:
                    async for _ in answer.aiter_raw():
                        playing.view.end("session_ended")
    assert not caplog.records and playing.view.why == "session_ended"


async def test_a_file_that_is_shorter_than_its_row_says_is_cut_and_no_fault(caplog: pytest.LogCaptureFixture) -> None:
    hush()
    playing = Playing(iter([b"x" * 1000]), 2000)
    with caplog.at_level(logging.WARNING):
        async with served(playing) as address, httpx.AsyncClient() as client:
            with pytest.raises(httpx.RemoteProtocolError):
                await client.get(address)
    assert not caplog.records and playing.view.why == "fault"


async def test_a_window_that_reads_nothing_gives_its_seat_back_long_before_a_download_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert PATIENCE_S["playback"] <= 120
    monkeypatch.setitem(PATIENCE_S, "playback", 0.01)

    async def stalled(_: Any) -> None:
        await asyncio.Event().wait()

    watched, taken = View(ticket=TICKET, id=1), View(ticket=replace(TICKET, kind="export"), id=2)
    with pytest.raises(Over):
        await sent(stalled, {}, watched)
    assert watched.why == "too_slow"
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(sent(stalled, {}, taken), 0.05)
    assert not taken.over.is_set()


async def test_a_window_that_broke_away_while_it_was_sent_to_has_left_and_is_no_fault() -> None:
    async def broken(_: Any) -> None:
        raise ConnectionResetError

    view = View(ticket=TICKET, id=1)
    with pytest.raises(Over):
        await sent(broken, {}, view)
    assert view.why == "left"

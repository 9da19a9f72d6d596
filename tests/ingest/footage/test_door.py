"""The door for video as a window meets it: real streams, real sockets."""

import asyncio
import io
import json
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any

import av
import cv2
import httpx
import numpy as np
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from ingest.footage import guests, live
from ingest.footage.door import is_allowed, origins_of
from ingest.footage.feeds import NoCamera
from tests.ingest.footage.conftest import ORIGIN, Shown

pytestmark = pytest.mark.anyio
Serve = Callable[..., AbstractContextManager[int]]


def watching(shown: Shown, ticket: str, origin: str = ORIGIN, **more: Any) -> Any:
    address = f"ws://127.0.0.1:{shown.port}/live?ticket={ticket}"
    return connect(address, additional_headers={"Origin": origin}, compression=None, max_size=None, **more)


async def until(what: Callable[[], Any], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "it did not come in time"
        await asyncio.sleep(0.05)


async def ready(shown: Shown, url: str, reader: str = "rtsp", masks: str = "[]") -> int:
    """Put a camera up and wait until the door has heard of it."""
    camera = shown.camera(url, reader, masks)
    await until(lambda: _is_known(shown, camera))
    return camera


def _is_known(shown: Shown, camera: int) -> bool:
    with suppress(NoCamera):
        return shown.door.feeds.of(camera) is not None
    return False


async def footage(socket: ClientConnection, bytes_wanted: int) -> tuple[list[dict[str, Any]], bytes]:
    told, data = [], b""
    async with asyncio.timeout(20):
        while len(data) < bytes_wanted:
            message = await socket.recv()
            if isinstance(message, bytes):
                data += message
            else:
                told.append(json.loads(message))
    return told, data


async def test_a_window_gets_an_init_and_frames_that_decode_and_the_view_is_on_record(
    shown: Shown, serve: Serve
) -> None:
    with serve("a") as port:
        camera = await ready(shown, f"rtsp://127.0.0.1:{port}/a")
        async with watching(shown, shown.ticket(camera, "t")) as socket:
            told, data = await footage(socket, 60_000)
        init = next(one["init"] for one in told if "init" in one)
        assert init["codec"].startswith("avc1.") and (init["width"], init["height"]) == (768, 576)
        with av.open(io.BytesIO(data), "r", format="mp4") as opened:
            assert next(opened.decode(video=0)).width == 768
        await until(lambda: shown.sql("SELECT closed_at FROM video_view")[0][0])
    ((account, sent, why),) = shown.sql("SELECT account, bytes, closed_why FROM video_view")
    assert (account, why) == ("desk", "left") and sent >= 60_000


async def test_a_ticket_opens_once_and_only_for_our_own_pages(shown: Shown, serve: Serve) -> None:
    with serve("a") as port:
        camera = await ready(shown, f"rtsp://127.0.0.1:{port}/a")
        shown.ticket(camera, "t")

        async def refusal(token: str, origin: str = ORIGIN) -> tuple[int, str]:
            with pytest.raises(InvalidStatus) as refused:
                async with watching(shown, token, origin):
                    pass
            answer = refused.value.response
            return answer.status_code, json.loads(bytes(answer.body or b""))["code"]

        assert await refusal("t", "http://evil.example") == (403, "foreign_page")
        async with watching(shown, "t") as socket:
            await footage(socket, 1)
        assert await refusal("t") == (410, "ticket_over")
        assert await refusal("none") == (404, "bad_ticket")
        assert await refusal(shown.ticket(camera, "m", "mjpeg")) == (410, "ticket_over")


async def test_who_signs_out_is_shown_nothing_more(shown: Shown, serve: Serve) -> None:
    with serve("a") as port:
        camera = await ready(shown, f"rtsp://127.0.0.1:{port}/a")
        async with watching(shown, shown.ticket(camera, "t")) as socket:
            await footage(socket, 1)
            shown.sql("UPDATE account_session SET ended_at = now() WHERE id = 7")
            with pytest.raises(ConnectionClosed) as closed:  # the stream has no end: the session's end alone ends it
                async with asyncio.timeout(30):
                    while True:
                        await socket.recv()
        assert closed.value.rcvd is not None and (closed.value.rcvd.code, closed.value.rcvd.reason) == (
            4401,
            "session_ended",
        )


async def test_a_viewer_that_stops_reading_is_sent_away_and_no_other_notices(
    shown: Shown, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "PATIENCE_S", 0.5)
    monkeypatch.setattr(live, "messages_of", _fattened(live.messages_of))
    with serve("a") as port:
        camera = await ready(shown, f"rtsp://127.0.0.1:{port}/a")
        async with (
            watching(shown, shown.ticket(camera, "deaf"), max_queue=1, close_timeout=0.1) as deaf,
            watching(shown, shown.ticket(camera, "keen")) as keen,
        ):
            deaf.transport.pause_reading()
            first = "SELECT closed_why FROM video_view ORDER BY id"

            async def read() -> int:
                return sum([len(await keen.recv()) for _ in range(400) if not shown.sql(first)[0][0]])

            async with asyncio.timeout(25):
                assert await read() > 0
            assert shown.sql(first) == [("too_slow",), (None,)]
            assert await footage(keen, 1)


def _fattened(real: Any) -> Any:
    """Fill every message up to a megabyte with an empty box, so that a socket's buffers are full at once."""
    box = (1_000_000).to_bytes(4, "big") + b"free" + bytes(999_992)
    return lambda items: [one + box if isinstance(one, bytes) else one for one in real(items)]


async def test_a_camera_that_falls_silent_is_told_to_its_viewers(shown: Shown, serve: Serve) -> None:
    with serve("a") as port:
        camera = await ready(shown, f"rtsp://127.0.0.1:{port}/a")
        socket = await watching(shown, shown.ticket(camera, "t"))
        await footage(socket, 1)
    states: list[dict[str, Any]] = []
    async with asyncio.timeout(20):
        while not states or states[-1]["state"] == "live":
            message = await socket.recv()
            states += [told for told in [json.loads(message)] if "state" in told] if isinstance(message, str) else []
    assert states[-1]["state"] in ("stale", "down") and states[-1]["reasons"][0]["kk"]
    await socket.close()


async def test_a_clip_that_no_fragment_can_hold_is_left_to_pictures(shown: Shown) -> None:
    camera = await ready(shown, "fetched/vtest.avi", "video_file")
    async with watching(shown, shown.ticket(camera, "t")) as socket:
        with pytest.raises(ConnectionClosed) as closed:
            while True:
                await asyncio.wait_for(socket.recv(), 10)
    assert closed.value.rcvd is not None and closed.value.rcvd.code == 4415


MASK = '[{"kind": "privacy", "polygon": [[0, 0], [384, 0], [384, 400], [0, 400]]}]'


@pytest.mark.parametrize(
    ("masks", "dark"), [(MASK, "left"), ('[{"kind": "privacy", "polygon": "?"}]', "all"), ("[]", "none")]
)
async def test_pictures_carry_the_masks_and_a_mask_that_cannot_be_read_covers_all(
    shown: Shown, masks: str, dark: str
) -> None:
    camera = await ready(shown, "fetched/vtest.avi", "video_file", masks)
    image = await picture(shown, shown.ticket(camera, "t", "mjpeg", masked=True))
    left, right = image[:380, :370].mean(), image[:380, 400:].mean()
    assert {"left": left < 8 < 40 < right, "all": max(left, right) < 8, "none": min(left, right) > 40}[dark]


GATE = MASK.replace('"privacy"', '"privacy", "preset": "gate"')
PRESET = """INSERT INTO camera_preset (camera_id, token, name_kk, name_ru, name_en)
    SELECT id, 'gate', 'а', 'б', 'c' FROM camera"""


async def test_a_camera_that_turns_shows_the_masks_of_its_view_and_nothing_at_all_elsewhere(shown: Shown) -> None:
    camera = await ready(shown, "fetched/vtest.avi", "video_file", GATE)
    shown.sql("UPDATE camera SET kind = 'ptz', preset = 'gate'")
    shown.sql(PRESET)
    address = f"http://127.0.0.1:{shown.port}/mjpeg?ticket={shown.ticket(camera, 't', 'mjpeg', masked=True)}"
    async with (
        httpx.AsyncClient(timeout=15) as client,
        client.stream("GET", address, headers={"Origin": ORIGIN}) as got,
    ):
        coming = got.aiter_bytes()
        there = await _next(coming, hidden=False)
        shown.sql("UPDATE camera SET moving = true")  # before it turns, as who turns it writes
        elsewhere = await _next(coming, hidden=True)
    assert there[:380, :370].mean() < 8 < 40 < there[:380, 400:].mean()
    assert elsewhere[:240].max() == 0 == elsewhere[340:520].max() and elsewhere[240:340].max() > 200  # and says why


async def _next(coming: Any, *, hidden: bool) -> Any:
    """Return the next picture that came whole and is hidden, or is not."""
    data = b""
    async with asyncio.timeout(10):
        async for part in coming:
            data += part
            _, _, body = data.partition(b"X-Hidden: %d\r\n\r\n" % hidden)
            if b"--qyran" in body:
                jpeg = body.split(b"--qyran")[0]
                return cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    raise AssertionError("it ended")


async def picture(shown: Shown, ticket: str) -> Any:
    address = f"http://127.0.0.1:{shown.port}/mjpeg?ticket={ticket}"
    data = b""
    async with (
        httpx.AsyncClient(timeout=15) as client,
        client.stream("GET", address, headers={"Origin": ORIGIN}) as got,
    ):
        assert got.status_code == 200 and got.headers["access-control-allow-origin"] == ORIGIN
        async for part in got.aiter_bytes():
            data += part
            if data.count(b"--qyran") > 1:
                break
    body = data.split(b"\r\n\r\n", 1)[1]
    return cv2.imdecode(np.frombuffer(body, np.uint8), cv2.IMREAD_COLOR)


async def test_whoever_comes_when_all_decoders_are_taken_is_told_and_keeps_the_ticket(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(guests.MOST, "mjpeg", 0)
    camera = shown.camera("fetched/vtest.avi", "video_file")
    address = f"http://127.0.0.1:{shown.port}/mjpeg?ticket={shown.ticket(camera, 't', 'mjpeg')}"
    async with httpx.AsyncClient() as client:
        refused = await client.get(address, headers={"Origin": ORIGIN})
    assert (refused.status_code, refused.json()["code"]) == (503, "too_many_viewers")
    assert shown.sql("SELECT used_at FROM video_ticket") == [(None,)]


async def test_a_crowd_that_comes_at_once_is_counted_before_its_tickets_are_looked_at(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(guests.MOST, "mjpeg", 2)
    camera = await ready(shown, "fetched/vtest.avi", "video_file")
    tickets = [shown.ticket(camera, f"t{n}", "mjpeg") for n in range(6)]
    async with httpx.AsyncClient(timeout=15) as client, asyncio.TaskGroup() as crowd:
        base, codes = f"http://127.0.0.1:{shown.port}/mjpeg?ticket=", []
        done = asyncio.Event()

        async def look(ticket: str) -> None:
            async with client.stream("GET", base + ticket, headers={"Origin": ORIGIN}) as got:
                codes.append(got.status_code)
                if len(codes) == 6:
                    done.set()
                await done.wait()

        for ticket in tickets:
            crowd.create_task(look(ticket))
    assert sorted(codes) == [200, 200, 503, 503, 503, 503]


async def test_a_mask_that_is_drawn_ends_who_watches_without_it(shown: Shown) -> None:
    camera = await ready(shown, "fetched/vtest.avi", "video_file")
    address = f"http://127.0.0.1:{shown.port}/mjpeg?ticket={shown.ticket(camera, 't', 'mjpeg')}"
    shown.ticket(camera, "unused", "mjpeg")
    async with (
        httpx.AsyncClient(timeout=15) as client,
        client.stream("GET", address, headers={"Origin": ORIGIN}) as got,
    ):
        coming = got.aiter_bytes()
        await anext(coming)
        shown.sql("UPDATE camera SET masks = %s", (MASK,))
        with pytest.raises(httpx.RemoteProtocolError):  # an endless answer that ends
            async with asyncio.timeout(10):
                async for _ in coming:
                    pass
        again = await client.get(address.replace("ticket=t", "ticket=unused"), headers={"Origin": ORIGIN})
    assert again.json()["code"] == "ticket_over"
    await until(lambda: shown.sql("SELECT closed_why FROM video_view") == [("changed",)])


async def test_a_page_of_another_host_gets_no_picture(shown: Shown) -> None:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{shown.port}") as client:
        refused = await client.get("/mjpeg?ticket=t", headers={"Origin": "http://evil.example"})
        assert refused.status_code == 403 and "access-control-allow-origin" not in refused.headers
        assert (await client.get("/mjpeg?ticket=t", headers={"Origin": ORIGIN})).status_code == 404
        assert (await client.get("/health")).json() == {"state": "ok", "open": 0, "views": {"live": 0, "mjpeg": 0}}
        assert "qyran_video_views_open" in (await client.get("/metrics")).text


def test_whose_pages_may_watch(home: Path) -> None:
    ours = origins_of("http://127.0.0.1:8080, https://0.0.0.0:8443")
    assert is_allowed("http://localhost:8080", ours, "localhost:5056")
    assert is_allowed("https://centre.example:8443", ours, "centre.example:5056")
    for origin in ("", "null", "http://127.0.0.1:8081", "https://evil.example:8443", "http://centre.example:8443"):
        assert not is_allowed(origin, ours, "centre.example:5056"), origin

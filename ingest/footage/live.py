"""One viewer of a camera's fragments: a websocket, what it is sent, and when it is sent away."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import msgspec
from starlette.websockets import WebSocket, WebSocketDisconnect

from ingest.footage.feeds import Feed
from ingest.footage.fragments import Footage, Init
from ingest.footage.guests import CODES, View, Why
from ingest.footage.metrics import LOST, SENT
from ingest.footage.subscription import Subscription
from layers.cameras.reasons import Reason, message

PATIENCE_S = 10.0  # for a viewer to take what it was sent
TELL_S = 1.0
MOST_AT_ONCE = 256 * 1024  # bytes of one message
SILENT_S = 2.0  # after that no picture counts as live


async def show(socket: WebSocket, view: View, feed: Feed) -> None:
    """Show a camera until the viewer goes, falls behind, or is sent away; the socket is closed at the end."""
    came = asyncio.Event()
    loop = asyncio.get_running_loop()
    subscription = feed.subscribe(lambda: _wake(loop, came))
    parts = {
        asyncio.create_task(_send(socket, view, subscription, came)),
        asyncio.create_task(_gone(socket)),
        asyncio.create_task(view.over.wait()),
    }
    try:
        done, _ = await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
        why = next((why for task in done if isinstance(why := _result(task), str)), view.why)
        view.end(why)  # type: ignore[arg-type]
    finally:
        subscription.close()
        LOST.inc(subscription.lost)
        for task in parts:
            task.cancel()
        await asyncio.gather(*parts, return_exceptions=True)
        await _close(socket, view.why)


def told_of(feed: Feed) -> dict[str, Any]:
    """Return how the camera is, as its viewers are told: its state, why, and how old its last picture is."""
    health = feed.health()
    if health is None:
        return {"state": "down", "reasons": [message(Reason("switched_off"))], "age_s": None}
    age_s = None if health.last_frame_at is None else (datetime.now(UTC) - health.last_frame_at).total_seconds()
    state, why = health.state, health.why
    if state == "live" and age_s is not None and age_s > SILENT_S:
        state, why = "stale", (Reason("silent", {"seconds": round(age_s)}),)
    reasons = [message(one) for one in why]
    return {"state": state, "reasons": reasons, "age_s": None if age_s is None else round(age_s, 1)}


def messages_of(footage: list[Footage]) -> list[bytes | dict[str, Any]]:
    """Return what is sent of footage: each Init told before its bytes, fragments that came together as one message."""
    found: list[bytes | dict[str, Any]] = []
    gathered = bytearray()
    for one in footage:
        if isinstance(one, Init) or len(gathered) + len(one.data) > MOST_AT_ONCE:
            found += [bytes(gathered)] if gathered else []
            gathered.clear()
        if isinstance(one, Init):
            told = {"codec": one.codec, "width": one.width, "height": one.height, "take": one.take}
            found += [{"init": told}, one.data]
        else:
            gathered += one.data
    return [*found, bytes(gathered)] if gathered else found


async def _send(socket: WebSocket, view: View, subscription: Subscription, came: asyncio.Event) -> Why:
    feed, due = subscription.feed, 0.0
    clock = asyncio.get_running_loop()
    while True:
        with suppress(TimeoutError):
            await asyncio.wait_for(came.wait(), max(0.01, due - clock.time()))
        came.clear()
        try:
            async with asyncio.timeout(PATIENCE_S):
                for message in messages_of(subscription.fetch()):
                    await _one(socket, view, message)
                if clock.time() >= due:
                    due = clock.time() + TELL_S
                    await _one(socket, view, told_of(feed))
        except TimeoutError:
            return "too_slow"
        except (WebSocketDisconnect, RuntimeError, OSError):  # the other side has gone
            return "left"
        if feed.pictures_only is not None:
            return "pictures_only"


async def _one(socket: WebSocket, view: View, message: bytes | dict[str, Any]) -> None:
    if isinstance(message, bytes):
        await socket.send_bytes(message)
        view.sent_bytes += len(message)
        SENT.inc(len(message))
    else:
        await socket.send_text(msgspec.json.encode(message).decode())


async def _gone(socket: WebSocket) -> Why:
    """Wait until the viewer closes the socket; what it says is not heard."""
    while (await socket.receive())["type"] != "websocket.disconnect":
        pass
    return "left"


async def _close(socket: WebSocket, why: Why) -> None:
    with suppress(WebSocketDisconnect, RuntimeError, OSError, TimeoutError):
        async with asyncio.timeout(1.0):
            await socket.close(CODES[why], why)


def _wake(loop: asyncio.AbstractEventLoop, came: asyncio.Event) -> None:
    with suppress(RuntimeError):  # the loop has just closed: the process is going down
        loop.call_soon_threadsafe(came.set)


def _result(task: "asyncio.Task[Any]") -> object:
    return "fault" if task.exception() is not None else task.result()

"""The socket's end: who may open it, what it may say, and the two tasks that serve it."""

import asyncio
import contextlib
from typing import cast

from fastapi import APIRouter, WebSocket
from starlette.websockets import WebSocketDisconnect

from geo_server.access.accounts import token_sha256
from geo_server.access.current import COOKIE, current_gate
from geo_server.access.headers import is_own_origin
from geo_server.live import messages
from geo_server.live.client import Client
from geo_server.live.hub import Hub

CLOSED_BY_POLICY = 1008
router = APIRouter()


@router.websocket("/live")
async def live(socket: WebSocket) -> None:
    """Serve one listener: a page of this host with an open session; everyone else is refused before the handshake."""
    token = socket.cookies.get(COOKIE)
    account = await current_gate(socket).by_token(token) if token and is_own_origin(socket.headers) else None
    if token is None or account is None:
        await socket.close(CLOSED_BY_POLICY)
        return
    await socket.accept()
    hub = cast(Hub, socket.app.state.hub)
    client = Client(
        send=socket.send,
        viewer=account.viewer,
        token_sha256=token_sha256(token),
        scope=await hub.scope_of(account.viewer),
    )
    await hub.join(client)
    try:
        await _serve(socket, hub, client)
    finally:
        hub.leave(client)


async def _serve(socket: WebSocket, hub: Hub, client: Client) -> None:
    client.task = asyncio.create_task(client.run())
    reading = asyncio.create_task(_read(socket, hub, client))
    try:
        done, _ = await asyncio.wait({client.task, reading}, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            if not task.cancelled() and (error := task.exception()) is not None and not _is_gone(error):
                raise error
    finally:
        for task in (client.task, reading):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await task


async def _read(socket: WebSocket, hub: Hub, client: Client) -> None:
    while True:
        message = await socket.receive()
        if message["type"] == "websocket.disconnect":
            return
        try:
            told = messages.read(message.get("text") or message.get("bytes") or "")
        except messages.WrongMessage as wrong:
            client.close(CLOSED_BY_POLICY, str(wrong))
            await asyncio.Event().wait()  # the sender says goodbye and ends both
            return
        if isinstance(told, messages.View):
            await hub.view(client, told)
        else:
            await hub.resume(client, told)


def _is_gone(error: BaseException) -> bool:
    """Say whether the error only means that the other side went away."""
    return isinstance(error, (WebSocketDisconnect, OSError)) or type(error).__name__ == "ClientDisconnected"

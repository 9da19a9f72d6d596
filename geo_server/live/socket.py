"""The socket's end: who may open it, what it may say, and the two tasks that serve it."""

import asyncio
from typing import cast

import structlog
from fastapi import APIRouter, WebSocket
from sqlalchemy.exc import SQLAlchemyError
from starlette.websockets import WebSocketDisconnect

from geo_server.access.accounts import token_sha256
from geo_server.access.current import COOKIE, current_gate
from geo_server.access.headers import is_own_origin
from geo_server.live import messages
from geo_server.live.client import Client
from geo_server.live.hub import Hub

log = structlog.get_logger()

CLOSED_BY_POLICY, CLOSED_WITHOUT_STORE = 1008, 1013  # 1013: try again later (IANA, WebSocket close codes)
router = APIRouter()


@router.websocket("/live")
async def live(socket: WebSocket) -> None:
    """Serve one listener: a page of this host with an open session; everyone else is refused before the handshake."""
    token = socket.cookies.get(COOKIE)
    account = await current_gate(socket).by_token(token) if token and is_own_origin(socket.headers) else None
    if token is None or account is None:
        await socket.close(CLOSED_BY_POLICY)
        return
    hub = cast(Hub, socket.app.state.hub)
    client = Client(
        send=socket.send,
        viewer=account.viewer,
        token_sha256=token_sha256(token),
        scope=await hub.scope_of(account.viewer),
    )
    await hub.join(client)  # before the handshake is answered: where the store is away it is refused with 503
    try:
        await socket.accept()
        await _serve(socket, hub, client)
    finally:
        hub.leave(client)


async def _serve(socket: WebSocket, hub: Hub, client: Client) -> None:
    client.task = asyncio.create_task(client.run())
    reading = asyncio.create_task(_read(socket, hub, client))
    try:
        await asyncio.wait({client.task, reading}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (client.task, reading):
            task.cancel()
        for error in await asyncio.gather(client.task, reading, return_exceptions=True):
            if isinstance(error, Exception) and not _is_gone(error):
                log.error("live_socket_fault", exc_info=error)


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
        try:
            await (hub.view(client, told) if isinstance(told, messages.View) else hub.resume(client, told))
        except SQLAlchemyError as error:
            log.warning("live_store_lost", error=type(error).__name__)
            client.close(CLOSED_WITHOUT_STORE, "the store does not answer; come back soon")
            await asyncio.Event().wait()


def _is_gone(error: BaseException) -> bool:
    """Say whether the error only means that the other side went away."""
    return isinstance(error, (WebSocketDisconnect, OSError)) or type(error).__name__ == "ClientDisconnected"

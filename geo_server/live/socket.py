"""The socket's end: who may open it, what it may say, and the two tasks that serve it."""

import asyncio
from typing import Annotated, cast

import structlog
from fastapi import APIRouter, Request, WebSocket, status
from pydantic import BaseModel
from sqlalchemy.exc import SQLAlchemyError
from starlette.websockets import WebSocketDisconnect

from geo_server.access import cookie
from geo_server.access.accounts import token_sha256
from geo_server.access.current import current_gate, current_refusals, origin_of, unknown_session
from geo_server.access.headers import is_own_origin
from geo_server.access.policy import POLICY
from geo_server.access.schema import OpenSession
from geo_server.access.visiting import Visiting, named, permitted
from geo_server.errors import Refusal
from geo_server.live import messages
from geo_server.live.client import Client
from geo_server.live.hub import CLOSED_BY_SESSION, ENDED, Hub
from geo_server.live.tickets import LASTS_S, Tickets

log = structlog.get_logger()

CLOSED_BY_POLICY, CLOSED_WITHOUT_STORE = 1008, 1013  # 1013: try again later (IANA, WebSocket close codes)
OPERATION = "live.listen"
router = APIRouter(tags=["live"])


class TicketAnswer(BaseModel):
    """A ticket for `/api/live`: good once, for so many seconds, for this session alone."""

    ticket: str
    lasts_s: int


@router.post("/live/ticket", status_code=status.HTTP_201_CREATED)
async def ask_for_ticket(request: Request, visiting: Annotated[Visiting, permitted(OPERATION)]) -> TicketAnswer:
    """Hand out a ticket for the live feed; a program that comes by HTTP Basic has no session to bind it to."""
    token = cookie.token_of(request)
    if token is None or visiting.open_session.means == "basic":
        raise Refusal("session_needed")
    async with visiting.visit():
        tickets = cast(Tickets, request.app.state.live_tickets)
    return TicketAnswer(ticket=tickets.issue(token_sha256(token)), lasts_s=int(LASTS_S))


@router.websocket("/live", dependencies=[named(OPERATION)])
async def live(socket: WebSocket) -> None:
    """Serve one listener: a page of this host, an open session and its ticket; all others meet no handshake."""
    client = await _allowed(socket)
    if client is None:
        await socket.close(CLOSED_BY_POLICY)
        return
    hub = cast(Hub, socket.app.state.hub)
    await hub.join(client)  # before the handshake is answered: where the store is away it is refused with 503
    try:
        await socket.accept()
        await _serve(socket, hub, client)
    finally:
        hub.leave(client)


async def _allowed(socket: WebSocket) -> Client | None:
    """Return the listener whom origin, cookie, ticket, session and role let in; the ticket is used up in any case."""
    token, ticket = cookie.token_of(socket), socket.query_params.get("ticket", "")
    digest = token_sha256(token or "")
    good = cast(Tickets, socket.app.state.live_tickets).redeem(ticket, digest)
    session = await _session(socket, token)
    wrong = _wrong(socket, session, good)
    if session is None or wrong is not None:
        await _tell(socket, session, wrong or "not_signed_in")
        return None
    scope = await cast(Hub, socket.app.state.hub).scope_of(session.viewer)
    return Client(send=socket.send, viewer=session.viewer, token_sha256=digest, scope=scope)


async def _session(socket: WebSocket, token: str | None) -> OpenSession | None:
    try:
        return await (await current_gate(socket)).by_token(token) if token else None
    except Refusal:  # its area has closed
        return None


def _wrong(socket: WebSocket, session: OpenSession | None, ticket_is_good: bool) -> str | None:
    """Return the code of what keeps a session from listening, nothing where it may."""
    if session is None:
        return "not_signed_in"
    if session.needs is not None:
        return f"{session.needs}_needed"
    if not is_own_origin(socket.headers, secure=cookie.is_secure(socket)):
        return "foreign_origin"
    if session.account.role not in POLICY[OPERATION].roles:
        return "not_your_role"
    return None if ticket_is_good else "bad_ticket"


async def _tell(socket: WebSocket, session: OpenSession | None, code: str) -> None:
    """Write a refusal into the audit of whose session it was; nobody's, which anyone could pile up, are counted."""
    log.warning("live_refused", code=code, origin=origin_of(socket))
    if session is None:
        current_refusals(socket).count(_code_of_nobody(socket), origin_of(socket))
    else:
        state = socket.app.state
        tried = Visiting(
            operation=OPERATION,
            rule=POLICY[OPERATION],
            open_session=session,
            engine=state.engine,
            told_once=state.told_once,
            origin=origin_of(socket),
        )
        await tried.refused(Refusal(code))


def _code_of_nobody(socket: WebSocket) -> str:
    """Return what tells most of a try without a session: from another site, with a bad cookie, or with a bad ticket."""
    if not is_own_origin(socket.headers, secure=cookie.is_secure(socket)):
        return "foreign_origin"
    code = unknown_session(socket)
    return "bad_ticket" if code == "not_signed_in" and socket.query_params.get("ticket") else code


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
            if not await hub.holds(client):  # each message anew: the session may have ended since the last
                client.close(CLOSED_BY_SESSION, ENDED)
                await asyncio.Event().wait()
            await (hub.view(client, told) if isinstance(told, messages.View) else hub.resume(client, told))
        except SQLAlchemyError as error:
            log.warning("live_store_lost", error=type(error).__name__)
            client.close(CLOSED_WITHOUT_STORE, "the store does not answer; come back soon")
            await asyncio.Event().wait()


def _is_gone(error: BaseException) -> bool:
    """Say whether the error only means that the other side went away."""
    return isinstance(error, (WebSocketDisconnect, OSError)) or type(error).__name__ == "ClientDisconnected"

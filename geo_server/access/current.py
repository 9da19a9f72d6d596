"""What a route asks for: who is looking, and the store."""

from typing import Annotated, cast

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import HTTPConnection

from geo_server.access import cookie
from geo_server.access.accounts import Gate
from geo_server.access.schema import OpenSession
from geo_server.errors import Refusal
from layers.refusals.tally import Tally

_OF_NOBODY = frozenset({"not_signed_in", "area_closed"})


async def current_engine(connection: HTTPConnection) -> AsyncEngine:
    """Return the app's store."""
    return cast(AsyncEngine, connection.app.state.engine)


async def current_gate(connection: HTTPConnection) -> Gate:
    """Return the app's way in."""
    return cast(Gate, connection.app.state.gate)


def origin_of(connection: HTTPConnection) -> str | None:
    """Return the address the request came from, as the socket says it: no header is believed."""
    return connection.client.host if connection.client else None


def current_refusals(connection: HTTPConnection) -> Tally:
    """Return what the app's door counts of those it refuses."""
    return cast(Tally, connection.app.state.refusals)


async def any_session(connection: HTTPConnection) -> OpenSession:
    """Return the session that asks, also one that still owes its second factor; raises Refusal `not_signed_in`."""
    try:
        return await _session(connection)
    except Refusal as refusal:
        if refusal.code in _OF_NOBODY:  # the others are told by name, where they are raised
            code = unknown_session(connection) if refusal.code == "not_signed_in" else refusal.code
            current_refusals(connection).count(code, origin_of(connection))
        raise


def unknown_session(connection: HTTPConnection) -> str:
    """Return what the audit calls it where no session is found: one was shown, forged or ended, or none was."""
    return "bad_session" if cookie.token_of(connection) else "not_signed_in"


async def _session(connection: HTTPConnection) -> OpenSession:
    gate = await current_gate(connection)
    token = cookie.token_of(connection)
    found = await gate.by_token(token) if token else None
    header = connection.headers.get("authorization", "")
    if found is None and header[:6].lower() == "basic ":
        found = await gate.by_basic(header, origin_of(connection))
    if found is None:
        raise Refusal("not_signed_in")
    return found


async def current_session(session: Annotated[OpenSession, Depends(any_session)]) -> OpenSession:
    """Return the session that asks; raises Refusal where it still owes a second factor or a new password."""
    if session.needs is not None:
        raise Refusal(f"{session.needs}_needed", means=list(session.account.second_factors))
    return session


CurrentEngine = Annotated[AsyncEngine, Depends(current_engine)]
CurrentGate = Annotated[Gate, Depends(current_gate)]
AnySession = Annotated[OpenSession, Depends(any_session)]
CurrentSession = Annotated[OpenSession, Depends(current_session)]

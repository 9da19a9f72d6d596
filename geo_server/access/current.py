"""What a route asks for: who is looking, and the store."""

from typing import Annotated, cast

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import HTTPConnection

from geo_server.access.accounts import Gate
from geo_server.access.schema import Account
from geo_server.errors import Refusal
from layers.viewer import Viewer

COOKIE = "qyran_session"


def current_engine(connection: HTTPConnection) -> AsyncEngine:
    """Return the app's store."""
    return cast(AsyncEngine, connection.app.state.engine)


def current_gate(connection: HTTPConnection) -> Gate:
    """Return the app's way in."""
    return cast(Gate, connection.app.state.gate)


async def current_account(connection: HTTPConnection) -> Account:
    """Return who asks, by the session's cookie or by HTTP Basic; raises Refusal `not_signed_in` and its like."""
    gate = current_gate(connection)
    token = connection.cookies.get(COOKIE)
    account = await gate.by_token(token) if token else None
    header = connection.headers.get("authorization", "")
    if account is None and header[:6].lower() == "basic ":
        account = await gate.by_basic(header)
    if account is None:
        raise Refusal("not_signed_in")
    return account


async def current_viewer(account: Annotated[Account, Depends(current_account)]) -> Viewer:
    """Return who asks as the ground floor knows them."""
    return account.viewer


CurrentEngine = Annotated[AsyncEngine, Depends(current_engine)]
CurrentGate = Annotated[Gate, Depends(current_gate)]
CurrentAccount = Annotated[Account, Depends(current_account)]
CurrentViewer = Annotated[Viewer, Depends(current_viewer)]

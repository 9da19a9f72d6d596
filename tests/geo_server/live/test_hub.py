"""The hub between two looks: who joins while the store is asked loses nothing by it."""

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.access import queries as accounts
from geo_server.live import hub as hub_module
from geo_server.live.bell import Bell
from geo_server.live.client import Client
from geo_server.live.hub import Hub
from geo_server.live.scope import Scope
from layers.database import Session
from layers.values import Role
from layers.viewer import Viewer

pytestmark = pytest.mark.anyio


def listener(token: bytes) -> Client:
    async def send(message: object) -> None:
        raise AssertionError(f"nothing is sent here: {message}")

    viewer = Viewer(account_id=1, name="dispatcher", role=Role.DISPATCHER, area_id=1, own_area_id=1)
    scope = Scope(area_id=1, areas=None, layers=frozenset())
    return Client(send=send, viewer=viewer, token_sha256=token, scope=scope)


async def test_one_that_joins_while_the_sessions_are_checked_stays(
    engine: AsyncEngine, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = Hub(engine, Bell(database_url), [], demo=True)
    ended, held, late = (listener(token) for token in (b"ended", b"held", b"late"))
    await hub.join(ended)
    await hub.join(held)

    async def open_sessions(session: Session, tokens: list[bytes], *, demo: bool) -> dict[bytes, Viewer]:
        await hub.join(late)
        return {b"held": held.viewer}

    monkeypatch.setattr(accounts, "open_sessions", open_sessions)
    await hub.look()
    assert ended.closing == (hub_module.CLOSED_BY_SESSION, hub_module.ENDED)
    assert held.closing is None
    assert late.closing is None

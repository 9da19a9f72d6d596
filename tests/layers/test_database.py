"""A store that is away is told as away, whatever way it is away."""

import socket

import pytest
from sqlalchemy.exc import OperationalError

from layers import database
from layers.database import engine_for, visit

pytestmark = pytest.mark.anyio


async def test_a_store_that_takes_the_connection_and_stays_silent_counts_as_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(database.PATIENT, "connect_timeout", 2)  # the least that libpq knows
    with socket.create_server(("127.0.0.1", 0)) as silent:
        engine = engine_for(f"postgresql://qyran@127.0.0.1:{silent.getsockname()[1]}/qyran?sslmode=disable")
        with pytest.raises(OperationalError):
            async with visit(engine):
                pass
        await engine.dispose()

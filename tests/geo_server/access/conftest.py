"""What the tests of access stand on: the store as the server itself comes in, under its policies."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from layers.database import SERVER, as_role, engine_for


@pytest.fixture
async def server(engine: AsyncEngine, database_url: str) -> AsyncIterator[AsyncEngine]:
    """The same database as `engine`, by the role that cannot look past the policies."""
    server = engine_for(as_role(database_url, SERVER))
    yield server
    await server.dispose()

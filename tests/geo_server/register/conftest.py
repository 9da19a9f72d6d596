"""A store with the real tree of areas, and a way to take files in as the server's own process does."""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.register import queries
from geo_server.register.schema import Import
from geo_server.register.taking import read_in, write_in
from geo_server.register.working import viewer_of
from layers.areas.scope import visit_as, visit_whole
from layers.database import SERVER, as_role, engine_for, visit
from layers.values import Role
from layers.viewer import Viewer

HEADING = "Код;Атауы;Ендік;Бойлық;Высота, м;Азимут;Угол обзора;Владелец"
LON, LAT = 76.95, 43.24
Sql = Callable[..., Awaitable[list[Any]]]


@pytest.fixture
async def served(database_url: str) -> Any:
    """The store as the server's role sees it."""
    engine = engine_for(as_role(database_url, SERVER))
    yield engine
    await engine.dispose()


@pytest.fixture
def sql(engine: AsyncEngine) -> Sql:
    """Ask the store as its owner."""

    async def ask(asked: str, **values: Any) -> list[Any]:
        async with visit(engine) as session:
            found = await session.execute(text(asked), values)
            return list(found.all()) if found.returns_rows else []

    return ask


@pytest.fixture
async def planner(sql: Sql) -> Viewer:
    """Who plans for the city."""
    ((at,),) = await sql("SELECT id FROM area WHERE code = 'KZ-75'")
    return Viewer(account_id=1, name="planner", role=Role.PLANNER, area_id=at, own_area_id=at)


class Taking:
    """Takes a file in, step by step."""

    def __init__(self, engine: AsyncEngine, viewer: Viewer, folder: Path) -> None:
        self.engine, self.viewer, self.folder = engine, viewer, folder

    async def read(self, content: bytes | Path, **choices: Any) -> Import:
        path = content if isinstance(content, Path) else self.folder / "sent"
        if isinstance(content, bytes):
            path.write_bytes(content)
        async with visit_as(self.engine, self.viewer) as session:
            made = await queries.begin(session, self.viewer, file="cameras.csv", size=path.stat().st_size)
            await queries.write(session, made, state="reading", choices=choices)
            one = await queries.find(session, self.viewer, made)
        assert one is not None
        await read_in(self.engine, viewer_of(one), one, path, nobody_asks)
        return await self.now(made)

    async def write(self, one: Import, rest: str = "skip", rows: Mapping[int, str] | None = None) -> Import:
        async with visit_as(self.engine, self.viewer) as session:
            await queries.decide(session, one.id, rest, rows or {})
        await write_in(self.engine, viewer_of(one), one, nobody_asks)
        return await self.now(one.id)

    async def now(self, import_id: int) -> Import:
        async with visit_whole(self.engine) as session:
            found = await queries.find(session, self.viewer, import_id)
        assert found is not None
        return found

    async def rows(self, one: Import, which: Any) -> list[Any]:
        async with visit_whole(self.engine) as session:
            return await queries.rows(session, one.id, which, most=1000)


async def nobody_asks(done: int, total: int) -> None:
    assert 0 <= done <= total


@pytest.fixture
def taking(served: AsyncEngine, planner: Viewer, tmp_path: Path) -> Taking:
    return Taking(served, planner, tmp_path)


def table(*rows: str) -> bytes:
    """A register as text: code; name; latitude; longitude; height; heading; field of view; owner."""
    return "\n".join([HEADING, *rows]).encode()

"""The store as the server comes into it, by a role that row-level security binds, with a sealer and an attacker."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.audit import queries, record
from geo_server.audit.heads import Heads
from geo_server.audit.schema import Entry
from geo_server.audit.sealing import Sealer, heads_of
from geo_server.audit.signing import Keys
from geo_server.audit.verify import Finding, Report, verify
from layers.areas.scope import visit_whole
from layers.database import SERVER, as_role, engine_for, visit
from layers.values import Role
from layers.viewer import Viewer

UNDER_WAY = """SELECT count(*) FROM audit WHERE epoch = audit_epoch()
    AND xid >= pg_snapshot_xmin(pg_current_snapshot())::text::bigint"""
UNSEALED = """SELECT count(*) FROM audit WHERE epoch = audit_epoch()
    AND xid >= (SELECT coalesce(max(to_xid), 0) FROM audit_checkpoint WHERE epoch = audit_epoch())"""


async def viewer_of(engine: AsyncEngine, code: str, role: Role = Role.COMMANDER) -> Viewer:
    """Return somebody who answers for the area of that code."""
    async with visit(engine) as session:
        asked = text("SELECT id FROM area WHERE code = :code")
        area_id = (await session.execute(asked, {"code": code})).scalar_one()
    return Viewer(account_id=1, name="somebody", role=role, area_id=area_id, own_area_id=area_id)


@pytest.fixture
async def server(database_url: str) -> AsyncIterator[AsyncEngine]:
    engine = engine_for(as_role(database_url, SERVER))
    yield engine
    await engine.dispose()


@dataclass
class Log:
    """An audit with a home of its own: who writes and seals is the server, who attacks is the store's owner."""

    server: AsyncEngine
    owner: AsyncEngine
    home: Path
    sealer: Sealer

    async def write(self, count: int, **more: Any) -> list[int]:
        """Write entries, each in a transaction of its own."""
        ids = []
        for n in range(count):
            async with visit(self.server) as session:
                entry = Entry(operation="units.order", who="Асхат", details={"n": n}, **more)
                ids.append(await record.write(session, entry))
        return ids

    async def seal(self) -> None:
        """Seal all that was written at once; other databases of the cluster may hold it back for a while."""
        until = time.monotonic() + 60
        while (await self.sql(UNDER_WAY))[0][0]:
            assert time.monotonic() < until, "the horizon does not move"
            await asyncio.sleep(0.05)
        while (await self.sql(UNSEALED))[0][0]:
            await self.sealer.look()

    async def sql(self, asked: str, **values: Any) -> list[Any]:
        """Ask as the owner."""
        async with visit_whole(self.owner) as session:
            found = await session.execute(text(asked), values)
            return list(found.all()) if found.returns_rows else []

    async def attack(self, asked: str, **values: Any) -> None:
        """Do as the owner what the triggers would refuse."""
        async with visit_whole(self.owner) as session:
            for table in ("audit", "audit_checkpoint"):
                await session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
            done = await session.execute(text(asked), values)
            assert done.rowcount, "the attack met nothing"
            for table in ("audit", "audit_checkpoint"):
                await session.execute(text(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER refuse_to_bend"))

    async def verify(self, *, copy: Heads | None = None, now: datetime | None = None) -> Report:
        heads = copy or heads_of(self.home)
        size = heads.size()
        async with queries.as_it_stands(self.owner) as session:
            keys = Keys.of(self.home / "keys/audit.pub")
            return await verify(session, keys, heads, copied=size, now=now or datetime.now(UTC))

    async def findings(self, **more: Any) -> list[Finding]:
        return (await self.verify(**more)).findings

    async def where(self, **more: Any) -> set[tuple[str, int | None, int | None]]:
        """What was found: its kind, the entry, the checkpoint."""
        return {(found.kind, found.entry, found.checkpoint) for found in await self.findings(**more)}


@pytest.fixture
def log(server: AsyncEngine, engine: AsyncEngine, tmp_path: Path) -> Log:
    return Log(server, engine, tmp_path, Sealer(server, tmp_path))


@pytest.fixture
async def sealed(log: Log) -> Log:
    """Nine entries, 1 to 9, under checkpoints 2, 3 and 4; the first checkpoint is that of an empty log."""
    await log.sealer.look()
    for _ in range(3):
        await log.write(3)
        await log.seal()
    assert await log.sql("SELECT seq, leaves FROM audit_checkpoint ORDER BY seq") == [(1, 0), (2, 3), (3, 3), (4, 3)]
    return log

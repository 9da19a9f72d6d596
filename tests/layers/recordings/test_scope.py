"""Whose area does not hold the camera sees nothing of its recordings, whatever it asks of the store itself."""

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from layers.areas.scope import visit_as
from layers.database import SERVER, as_role, engine_for, visit
from layers.recordings import queries
from layers.recordings.schema import Gap, State
from layers.values import Role
from layers.viewer import Viewer
from tests.layers.recordings.test_queries import START, put_up, written

pytestmark = pytest.mark.anyio
TABLES = ("recording", "recording_gap", "recording_state", "legal_hold", "event_clip", "video_export")
FILLED = (
    """INSERT INTO legal_hold (camera_id, begins_at, ends_at, reason, legal_basis, set_by)
        SELECT id, '2026-01-01', '2026-01-02', 'r', 'b', 'x' FROM camera""",
    """INSERT INTO event (kind, source, camera_id, at, certainty, placed_by, geom)
        SELECT 'line_crossing', 't', id, now(), 0.9, 'camera', geom FROM camera""",
    "INSERT INTO event_clip (event_id, camera_id, begins_at, ends_at) SELECT id, camera_id, now(), now() FROM event",
    """INSERT INTO video_export (asked_by, account_id, area_id, reason, legal_basis, camera_ids, begins_at, ends_at)
        SELECT 'x', 1, area_id, 'r', 'b', ARRAY[id], '2026-01-01', '2026-01-02' FROM camera""",
)


async def seen(server: AsyncEngine, area_id: int) -> dict[str, int]:
    viewer = Viewer(account_id=1, name="x", role=Role.DISPATCHER, area_id=area_id, own_area_id=area_id)
    async with visit_as(server, viewer) as session:
        return {table: (await session.execute(text(f"SELECT count(*) FROM {table}"))).scalar_one() for table in TABLES}


async def test_recordings_are_seen_where_their_camera_is(engine: AsyncEngine, database_url: str) -> None:
    async with visit(engine) as session:
        one = await put_up(session)
        await queries.keep(session, [written(one, 0)])
        await queries.begin_gap(session, Gap(camera_id=one, begins_at=START, ends_at=None, reason="disk_full"))
        await queries.write_states(session, [State(camera_id=one, at=START, state="recording")])
        for asked in FILLED:
            await session.execute(text(asked))
        own = (await session.execute(text("SELECT area_id FROM camera"))).scalar_one()
        elsewhere = "SELECT id FROM area WHERE level = (SELECT level FROM area WHERE id = :own) AND id <> :own LIMIT 1"
        other = (await session.execute(text(elsewhere), {"own": own})).scalar_one()
    server = engine_for(as_role(database_url, SERVER))
    assert await seen(server, own) == dict.fromkeys(TABLES, 1)
    assert await seen(server, other) == dict.fromkeys(TABLES, 0)
    await server.dispose()

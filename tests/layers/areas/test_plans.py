"""Spatial indexes stay in use under the policies: what the store plans for a district's questions."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import Select, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from layers import features
from layers.areas.scope import visit_as
from layers.database import SERVER, Session, as_role, engine_for, visit
from layers.events.layer import LAYER as EVENTS
from layers.incidents.layer import LAYER as INCIDENTS
from layers.layer import Layer
from layers.values import BBox
from tests.scene import viewer_of

pytestmark = pytest.mark.anyio

ROWS = 50_000
BOX = BBox(west=76.965, south=43.225, east=76.975, north=43.235)  # in Medeu
# The rows' triggers are spared: every one lies in Medeu.
FILL = {
    "incident": """INSERT INTO incident (number, category, priority, state, opened_at, opened_by, geom, area_id)
        SELECT 'p' || n, 'theft', 3, 'closed', now() - n * interval '1 minute', 'x',
               ST_SetSRID(ST_MakePoint(76.9 + random() * 0.15, 43.15 + random() * 0.15), 4326), :area
          FROM generate_series(1, :rows) n""",
    "event": """INSERT INTO event (kind, source, at, certainty, placed_by, geom, area_id)
        SELECT 'smoke', 'x', now() - n * interval '1 minute', 0.5, 'sender',
               ST_SetSRID(ST_MakePoint(76.9 + random() * 0.15, 43.15 + random() * 0.15), 4326), :area
          FROM generate_series(1, :rows) n""",
}


@pytest.fixture
async def server(engine: AsyncEngine, database_url: str) -> AsyncIterator[AsyncEngine]:
    medeu = await viewer_of(engine, "KZ-75-MED")
    async with visit(engine) as session:
        for table, fill in FILL.items():
            await session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER set_area"))
            await session.execute(text(fill), {"area": medeu.area_id, "rows": ROWS})
        await session.execute(text("ANALYZE incident, event"))
    server = engine_for(as_role(database_url, SERVER), size=1)
    yield server
    await server.dispose()


async def plan(session: Session, asked: Select[tuple[int]]) -> str:
    told = str(asked.compile(dialect=session.dialect, compile_kwargs={"literal_binds": True}))
    return "\n".join((await session.execute(text(f"EXPLAIN {told}"))).scalars())


@pytest.mark.parametrize(
    ("layer", "index"),
    [(INCIDENTS, "incident_place_time_idx"), (EVENTS, "event_place_time_idx")],
    ids=["incidents", "events"],
)
async def test_a_box_is_looked_up_in_the_spatial_index_under_a_districts_scope(
    engine: AsyncEngine, server: AsyncEngine, layer: Layer, index: str
) -> None:
    medeu = await viewer_of(engine, "KZ-75-MED")
    asked = select(layer.column("id")).where(features.within(layer.column("geom"), BOX))
    async with visit_as(server, medeu) as session:
        assert index in await plan(session, asked)
        assert "InitPlan" in await plan(session, asked)  # the policy is in it


async def test_without_the_mark_the_index_would_not_serve(engine: AsyncEngine, server: AsyncEngine) -> None:
    medeu = await viewer_of(engine, "KZ-75-MED")
    async with visit(engine) as session:
        await session.execute(text("ALTER FUNCTION geometry_overlaps(geometry, geometry) NOT LEAKPROOF"))
    asked = select(INCIDENTS.column("id")).where(features.within(INCIDENTS.column("geom"), BOX))
    async with visit_as(server, medeu) as session:
        assert "incident_place_time_idx" not in await plan(session, asked)

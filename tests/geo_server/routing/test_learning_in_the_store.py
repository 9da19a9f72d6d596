"""Speeds are learned from the store's tracks as the server comes in, and the next route is driven at them."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.routing import speeds
from geo_server.routing.learning import learn
from geo_server.routing.nightly import is_due
from geo_server.routing.roads import RoadsNow
from geo_server.routing.router import Stands
from layers.database import SERVER, as_role, engine_for, visit
from layers.values import LonLat

pytestmark = pytest.mark.anyio
WEST, STEP_DEG = 76.97, 0.00247  # 200 m here
NOW = datetime.now(UTC)
HOUR = NOW.replace(minute=10, second=0, microsecond=0)
ROADS = """INSERT INTO road (osm_id, class, from_node, to_node, speed_kmh, length_m, geom)
    SELECT 1, 'primary', n, n + 1, 60, 200, ST_SetSRID(ST_MakeLine(ST_MakePoint(:west + n * :step, 43.23),
           ST_MakePoint(:west + (n + 1) * :step, 43.23)), 4326) FROM generate_series(0, 9) n"""
# Eastwards through all ten at 36 km/h, once each unit, a fix every five seconds.
TRACKS = """INSERT INTO track (unit_id, at, received_at, speed_kmh, heading_deg, geom, area_id)
    SELECT u.id, :at + make_interval(secs => 5 * n), now(), 36, 90,
           ST_SetSRID(ST_MakePoint(:west + n * 50.0 / 200 * :step, 43.23), 4326), u.home_area_id
      FROM unit u, generate_series(0, 40) n"""
UNITS = """INSERT INTO unit (call_sign, device, service, kind, duty, home_area_id)
    SELECT 'U' || n, 'u' || n, 'police', 'patrol_car', 'on', (SELECT id FROM area WHERE level = 1)
      FROM generate_series(1, 6) n"""


@pytest.fixture
async def server(database_url: str) -> AsyncIterator[AsyncEngine]:
    engine = engine_for(as_role(database_url, SERVER), size=2)
    yield engine
    await engine.dispose()


@pytest.fixture
async def driven(engine: AsyncEngine) -> None:
    """Six units that drove a street of ten segments in the hour of now."""
    async with visit(engine) as session:
        street = {"west": WEST, "step": STEP_DEG}
        await session.execute(text(ROADS), street)
        await session.execute(text(UNITS))
        await session.execute(text("SELECT make_track_day(CAST(:day AS date))"), {"day": HOUR.date()})
        await session.execute(text(TRACKS), street | {"at": HOUR})


async def _seconds(server: AsyncEngine) -> float:
    roads = RoadsNow()
    await roads.load(server)
    goal, start = (LonLat(lon=WEST + n * STEP_DEG, lat=43.23) for n in (9.5, 0.5))
    async with visit(server) as session:
        router = await roads.router(session, goal)
        return router.times(goal, Stands.of([(1, start)]), 1)[0][1]


@pytest.mark.usefixtures("driven")
async def test_what_was_driven_in_an_hour_is_how_that_hour_is_routed(
    server: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speeds, "datetime", _Clock)
    usual = await _seconds(server)
    assert await learn(server, days=2, units=50) >= 8
    assert await _seconds(server) == pytest.approx(usual * 60 / 36, rel=0.1)


class _Clock(datetime):
    @classmethod
    def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
        return HOUR


@pytest.mark.usefixtures("driven")
async def test_a_crew_under_way_teaches_nothing(engine: AsyncEngine, server: AsyncEngine) -> None:
    point = "ST_SetSRID(ST_MakePoint(76.97, 43.23), 4326)"
    async with visit(engine) as session:
        incident = f"""INSERT INTO incident (number, category, priority, state, opened_at, opened_by, geom)
            VALUES ('1', 'fire', 1, 'enroute', now(), 'x', {point}) RETURNING id"""
        number = (await session.execute(text(incident))).scalar_one()
        sent = f"""INSERT INTO dispatch (incident_id, unit_id, status, dispatched_at, dispatched_by, area_id, geom)
            SELECT :incident, id, 'enroute', :since, 'x', home_area_id, ST_MakeLine({point}, {point}) FROM unit"""
        await session.execute(text(sent), {"incident": number, "since": HOUR - timedelta(hours=1)})
    assert await learn(server, days=2, units=50) == 0


async def test_a_store_without_roads_or_tracks_learns_nothing(server: AsyncEngine) -> None:
    assert await learn(server, days=1, units=50) == 0


@pytest.mark.parametrize(
    ("hour_utc", "last_h", "due"),
    [(22, None, True), (22, 24.0, True), (22, 1.0, False), (12, None, False)],
    ids=["first night", "a day later", "tonight already", "by day"],
)
def test_it_learns_once_a_night(hour_utc: int, last_h: float | None, due: bool) -> None:
    now = datetime(2026, 5, 1, hour_utc, 30, tzinfo=UTC)
    assert is_due(now, None if last_h is None else now - timedelta(hours=last_h)) is due

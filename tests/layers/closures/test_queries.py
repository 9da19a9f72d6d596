"""Closures in the store: what they close, when they hold, and who may draw and end them."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
import shapely
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from layers.areas.scope import visit_as
from layers.closures import queries as closures
from layers.closures.schema import NewClosure
from layers.database import SERVER, as_role, engine_for, visit
from layers.values import LonLat
from layers.viewer import Viewer
from tests.scene import MEDEU, viewer_of

pytestmark = pytest.mark.anyio
ELSEWHERE = LonLat(lon=71.43, lat=51.13)  # another oblast


@pytest.fixture
async def crossed(engine: AsyncEngine) -> list[int]:
    """Three streets side by side in Medeu, 100 m apart, and one in another oblast; the first two touch at their end."""
    made = []
    for n, place in enumerate((MEDEU, MEDEU, MEDEU, ELSEWHERE)):
        south = place.lat + 0.001 * (n // 2)
        west = place.lon + (0.002 if n == 1 else 0.0)
        line = f"LINESTRING({west} {south}, {west + 0.002} {south})"
        asked = """INSERT INTO road (osm_id, class, from_node, to_node, speed_kmh, length_m, geom)
            VALUES (1, 'primary', :a, :b, 50, 160, ST_GeomFromText(:line, 4326)) RETURNING id"""
        async with visit(engine) as session:
            row = await session.execute(text(asked), {"line": line, "a": 10 * n, "b": 10 * n + 1})
            made.append(int(row.scalar_one()))
    return made


@pytest.fixture
async def server(database_url: str) -> AsyncIterator[AsyncEngine]:
    """The store as the server's role comes in."""
    engine = engine_for(as_role(database_url, SERVER), size=2)
    yield engine
    await engine.dispose()


def across(**more: object) -> NewClosure:
    """A line over the two streets of the west, from south to north."""
    shape = shapely.LineString([(MEDEU.lon + 0.001, MEDEU.lat - 0.001), (MEDEU.lon + 0.001, MEDEU.lat + 0.002)])
    told: dict[str, object] = {"kind": "line", "shape": shape, "reason": "Марафон", "made_by": "somebody"}
    return NewClosure(**(told | more))  # type: ignore[arg-type]


async def medeu(engine: AsyncEngine) -> Viewer:
    return await viewer_of(engine, "KZ-75-MED")


async def test_a_line_closes_what_it_crosses_from_its_hour_until_its_hour(
    engine: AsyncEngine, crossed: list[int]
) -> None:
    at = datetime.now(UTC)
    async with visit(engine) as session:
        now, many = await closures.draw(session, across(ends_at=at + timedelta(hours=1)))
        later, _ = await closures.draw(session, across(begins_at=at + timedelta(hours=1)))
    assert many == 2
    async with visit(engine) as session:
        assert await closures.in_force(session) == {now}
        assert await closures.roads_of(session, [now]) == {crossed[0], crossed[2]}
        assert [(c.id, c.state, c.roads) for c in await closures.seen(session, await medeu(engine))] == [
            (now, "in_force", 2),
            (later, "planned", 2),
        ]
        assert await closures.turned(session, at - timedelta(days=1), at + timedelta(days=1)) == []
        assert await closures.turned(session, at + timedelta(minutes=5), at + timedelta(hours=1)) == [now, later]


async def test_one_segment_is_closed_without_those_it_touches(engine: AsyncEngine, crossed: list[int]) -> None:
    async with visit(engine) as session:
        line = shapely.LineString([(0, 0), (1, 1)])  # its own line counts, whatever is said
        made, many = await closures.draw(session, across(kind="road", road_id=crossed[0], shape=line))
        found = await closures.of_segment(session, crossed[0])
        assert many == 1 and found is not None and (found.id, found.road_id) == (made, crossed[0])
        assert found.shape.length == pytest.approx(0.002)
        assert await closures.of_segment(session, crossed[1]) is None


async def test_an_ended_closure_holds_no_more_and_ends_once(engine: AsyncEngine, crossed: list[int]) -> None:
    async with visit(engine) as session:
        made, _ = await closures.draw(session, across())
        assert await closures.end(session, made, "somebody") and not await closures.end(session, made, "somebody")
        assert await closures.in_force(session) == set()
        ended = await closures.find(session, made)
        assert ended is not None and ended.state == "ended" and crossed


async def test_the_store_lets_nobody_close_or_open_beyond_their_area(
    engine: AsyncEngine, server: AsyncEngine, crossed: list[int]
) -> None:
    theirs = across(kind="road", road_id=crossed[3])
    async with visit(engine) as session:
        made, _ = await closures.draw(session, theirs)
    async with visit_as(server, await medeu(engine)) as session:
        assert await closures.in_force(session) == {made}, "whoever drives there goes round it"
        assert not await closures.end(session, made, "stranger")
        assert await closures.beyond(session, await medeu(engine), made) == 1
    with pytest.raises(DBAPIError, match="row-level security"):
        async with visit_as(server, await medeu(engine)) as session:
            await closures.draw(session, theirs)


@pytest.mark.parametrize(
    "shape", ["POINT(76 43)", "LINESTRING(NaN 43, 76 43)", "LINESTRING(76 43, 276 43)", "MULTIPOINT(76 43, 77 43)"]
)
async def test_the_store_refuses_a_shape_that_is_none(engine: AsyncEngine, shape: str) -> None:
    row = "INSERT INTO closure (kind, reason, made_by, geom) VALUES ('line', 'x', 'x', ST_GeomFromText(:shape, 4326))"
    with pytest.raises(DBAPIError):
        async with visit(engine) as session:
            await session.execute(text(row), {"shape": shape})

"""Every layer answers alike, and to everyone only what they may see."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from layers import features
from layers.database import Session, visit
from layers.features import Asked
from layers.layer import Layer
from layers.register import BY_NAME, LAYERS
from layers.values import BBox, LonLat
from layers.viewer import Viewer
from tests.scene import MEDEU, furnish, viewer_of

pytestmark = pytest.mark.anyio
ELSEWHERE = LonLat(lon=71.45, lat=51.15)
TERRITORIAL = [layer for layer in LAYERS if not layer.ground]
GROUND = [layer for layer in LAYERS if layer.ground and layer.name != "areas"]


@pytest.fixture
async def places(engine: AsyncEngine) -> None:
    for n in range(3):
        await furnish(engine, LonLat(lon=MEDEU.lon + n / 1000, lat=MEDEU.lat))
    await furnish(engine, ELSEWHERE)


async def everything(session: Session, layer: Layer, viewer: Viewer, asked: Asked) -> list[int]:
    found, after = [], None
    while True:
        page = await features.page(
            session, layer, viewer, Asked(bbox=asked.bbox, begins=asked.begins, limit=1, after=after)
        )
        found += [feature.id for feature in page.features]
        after = page.next
        if after is None:
            return found


@pytest.mark.parametrize("layer", TERRITORIAL, ids=lambda layer: layer.name)
@pytest.mark.usefixtures("places")
async def test_the_republic_sees_all_and_a_district_its_own(layer: Layer, engine: AsyncEngine) -> None:
    republic, district = await viewer_of(engine, "KZ"), await viewer_of(engine, "KZ-75-MED")
    async with visit(engine) as session:
        assert await features.count(session, layer, republic, Asked()) == 4
        assert await features.count(session, layer, district, Asked()) == 3
        seen = await everything(session, layer, district, Asked())
        assert len(seen) == 3 and seen == sorted(set(seen))
        foreign = set(await everything(session, layer, republic, Asked())) - set(seen)
        assert await features.one(session, layer, district, foreign.pop()) is None
        assert await features.one(session, layer, district, seen[0]) is not None


@pytest.mark.parametrize("layer", GROUND, ids=lambda layer: layer.name)
@pytest.mark.usefixtures("places")
async def test_a_district_sees_the_whole_public_ground(layer: Layer, engine: AsyncEngine) -> None:
    district = await viewer_of(engine, "KZ-75-MED")
    async with visit(engine) as session:
        assert await features.count(session, layer, district, Asked()) == 4


async def test_a_box_across_the_antimeridian_is_two_boxes(engine: AsyncEngine) -> None:
    await furnish(engine, LonLat(lon=179.5, lat=10), LonLat(lon=-179.5, lat=10), LonLat(lon=0, lat=10))
    viewer, layer = await viewer_of(engine, "KZ"), BY_NAME["places"]
    async with visit(engine) as session:
        across = Asked(bbox=BBox(west=179, south=0, east=-179, north=20))
        assert await features.count(session, layer, viewer, across) == 2


@pytest.mark.usefixtures("places")
async def test_time_asks_about_the_layers_own_time(engine: AsyncEngine) -> None:
    viewer, now = await viewer_of(engine, "KZ"), datetime.now(UTC)
    async with visit(engine) as session:
        assert await features.count(session, BY_NAME["events"], viewer, Asked(begins=now - timedelta(hours=1))) == 4
        assert await features.count(session, BY_NAME["events"], viewer, Asked(ends=now - timedelta(hours=1))) == 0
        assert await features.count(session, BY_NAME["places"], viewer, Asked(ends=now - timedelta(hours=1))) == 4


@pytest.mark.usefixtures("places")
async def test_current_leaves_out_what_has_ended(engine: AsyncEngine) -> None:
    viewer = await viewer_of(engine, "KZ")
    async with visit(engine) as session:
        await session.execute(text("UPDATE incident SET state = 'closed' WHERE id = (SELECT min(id) FROM incident)"))
        assert await features.count(session, BY_NAME["incidents"], viewer, Asked(current=True)) == 3


@pytest.mark.usefixtures("places")
async def test_the_extent_is_that_of_what_is_seen(engine: AsyncEngine) -> None:
    district, republic = await viewer_of(engine, "KZ-75-MED"), await viewer_of(engine, "KZ")
    async with visit(engine) as session:
        own = await features.extent(session, BY_NAME["cameras"], district)
        whole = await features.extent(session, BY_NAME["cameras"], republic)
    assert own == BBox(west=MEDEU.lon, south=MEDEU.lat, east=MEDEU.lon + 0.002, north=MEDEU.lat)
    assert whole is not None and whole.north == ELSEWHERE.lat


async def test_a_bbox_question_uses_the_index(engine: AsyncEngine) -> None:
    box = BBox(west=MEDEU.lon, south=MEDEU.lat, east=MEDEU.lon + 0.01, north=MEDEU.lat + 0.01)
    viewer, layer = await viewer_of(engine, "KZ-75-MED"), BY_NAME["places"]
    rows = """INSERT INTO place (osm_id, kind, area_id, geom)
        SELECT n, 'school', 1, ST_SetSRID(ST_MakePoint(60 + n % 200 / 10.0, 45 + n / 2000.0), 4326)
        FROM generate_series(1, 10000) AS n"""
    async with visit(engine) as session:
        await session.execute(text("ALTER TABLE place DISABLE TRIGGER USER"))
        await session.execute(text(rows))
        await session.execute(text("ANALYZE place"))
        conditions = features._conditions(layer, viewer, Asked(bbox=box))
        asked = features._features(layer).where(*conditions).order_by(layer.column("id")).limit(101)
        compiled = asked.compile(session.sync_connection, compile_kwargs={"literal_binds": True})
        plan = (await session.execute(text(f"EXPLAIN {compiled}".replace(":", r"\:")))).scalars().all()
    assert any("place_geom_idx" in line for line in plan), "\n".join(plan)


NEAR = st.floats(-0.06, 0.06)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    spots=st.lists(st.tuples(NEAR, NEAR), min_size=1, max_size=4),
    layer=st.sampled_from(TERRITORIAL),
    box=st.sampled_from([None, BBox(west=60, south=40, east=80, north=50)]),
)
async def test_no_page_of_a_district_ever_holds_a_foreign_row(
    spots: list[tuple[float, float]], layer: Layer, box: BBox | None, engine: AsyncEngine
) -> None:
    furnished = await furnish(engine, *(LonLat(lon=MEDEU.lon + x, lat=MEDEU.lat + y) for x, y in spots))
    viewer = await viewer_of(engine, "KZ-75-MED")
    async with visit(engine) as session:
        seen = set(await everything(session, layer, viewer, Asked(bbox=box)))
    for spot in furnished:
        assert (spot.ids[layer.name] in seen) == (spot.area_id == viewer.area_id)

"""The tree changes in one transaction, keeps what was, and takes the rows along."""

import json
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.territory import changing
from geo_server.territory.changing import TreeTrouble
from layers.areas import queries as areas
from layers.database import Session, visit
from layers.values import LonLat, Title
from tests.scene import furnish

pytestmark = pytest.mark.anyio

MEDEU = LonLat(lon=76.972, lat=43.232)


async def whose(session: Session, incident_id: int) -> str:
    asked = "SELECT a.code FROM incident i JOIN area a ON a.id = i.area_id WHERE i.id = :id"
    return str((await session.execute(text(asked), {"id": incident_id})).scalar_one())


async def border_of(session: Session, code: str) -> dict[str, object]:
    asked = text("SELECT ST_AsGeoJSON(geom) FROM area WHERE code = :code")
    shape: dict[str, object] = json.loads((await session.execute(asked, {"code": code})).scalar_one())
    return shape


async def test_a_merged_district_leaves_its_rows_to_its_heir_and_stays_on_record(engine: AsyncEngine) -> None:
    (spot,) = await furnish(engine, MEDEU)
    before = datetime.now(UTC)
    async with visit(engine) as session:
        await changing.close(session, "KZ-75-MED", "KZ-75-BOS")
    async with visit(engine) as session:
        assert await whose(session, spot.ids["incidents"]) == "KZ-75-BOS"
        assert "KZ-75-MED" not in {area.code for area in await areas.every(session)}
        assert "KZ-75-MED" in {area.code for area in await areas.every_then(session, before)}
        told = await session.execute(text("SELECT operation, who, details FROM audit"))
        assert [tuple(row) for row in told] == [
            ("areas.close", "./qyran areas", {"code": "KZ-75-MED", "into": "KZ-75-BOS"})
        ]


async def test_a_name_changes_and_the_old_one_stays_in_its_time(engine: AsyncEngine) -> None:
    async with visit(engine) as session:
        await changing.rename(session, "KZ-75-MED", Title(kk="Жаңа", ru="Новый", en="New"))
    async with visit(engine) as session:
        names = await session.execute(text("SELECT name_en FROM area_version WHERE code = 'KZ-75-MED' ORDER BY during"))
        assert list(names.scalars()) == ["Medeu District", "New"]


async def test_a_border_comes_as_a_feature_or_a_bare_geometry(engine: AsyncEngine) -> None:
    async with visit(engine) as session:
        shape = await border_of(session, "KZ-75-MED")
        await changing.set_border(session, "KZ-75-MED", json.dumps({"type": "Feature", "geometry": shape}))
        await changing.set_border(session, "KZ-75-MED", json.dumps(shape))
        assert (await border_of(session, "KZ-75-MED"))["type"] == "MultiPolygon"


@pytest.mark.parametrize(
    ("geojson", "why"),
    [
        ("no json", "no GeoJSON"),
        ("[]", "no polygon"),
        ('{"type": "Point", "coordinates": [76.9, 43.2]}', "no polygon"),
        ('{"type": "Polygon", "coordinates": []}', "no polygon"),
        ('{"type": "Polygon", "coordinates": [[[0, 0], [200, 0], [200, 10], [0, 0]]]}', "no polygon"),
        ('{"type": "Polygon", "coordinates": [[[70, 43], [80, 43], [80, 45], [70, 43]]]}', "beyond the area above"),
    ],
)
async def test_a_border_that_cannot_be_changes_nothing(engine: AsyncEngine, geojson: str, why: str) -> None:
    async with visit(engine) as session:
        before = await border_of(session, "KZ-75-MED")
    with pytest.raises(TreeTrouble, match=why):
        async with visit(engine) as session:
            await changing.set_border(session, "KZ-75-MED", geojson)
    async with visit(engine) as session:
        assert await border_of(session, "KZ-75-MED") == before


@pytest.mark.parametrize("into", ["KZ-75-MED", "KZ-75", "XX"])
async def test_an_area_merges_only_into_another_of_its_level(engine: AsyncEngine, into: str) -> None:
    with pytest.raises(TreeTrouble):
        async with visit(engine) as session:
            await changing.close(session, "KZ-75-MED", into)

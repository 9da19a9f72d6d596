"""A little place in Medeu with streets, houses, a pond, three cameras and a school, and its coverage reckoned."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.planning.laying import squares
from geo_server.planning.working import work_off
from layers.areas.queries import by_code
from layers.areas.schema import Area
from layers.areas.scope import visit_whole
from layers.coverage import queries as coverage
from layers.values import Role
from layers.viewer import Viewer

_CAMERA = """INSERT INTO camera (code, name_kk, name_ru, name_en, url, reader, height_m, heading_deg, hfov_deg,
        tilt_deg, width_px, height_px, geom)
    SELECT 'C-' || n, '<b>к</b>' || n, '<b>р</b>' || n, '<b>e</b>' || n, 'rtsp://secret', 'rtsp', 6,
        CASE n WHEN 3 THEN NULL ELSE n * 120 END, 60, 10, 1920, 1080, ST_Point(:lon + n * 0.0015, :lat, 4326)
      FROM generate_series(1, 3) n"""
_FILLED = (
    _CAMERA,
    """INSERT INTO building (osm_id, kind, height_m, geom)
       SELECT n, 'yes', 5 + n * 3, ST_Multi(ST_Expand(ST_Point(:lon + n * 0.0007, :lat + 0.0011, 4326), 0.00015))
         FROM generate_series(1, 8) n""",
    """INSERT INTO road (osm_id, class, name, from_node, to_node, speed_kmh, length_m, geom)
       VALUES (1, 'primary', 'Абай', 1, 2, 36, 500,
               ST_MakeLine(ST_Point(:lon, :lat + 0.0002, 4326), ST_Point(:lon + 0.007, :lat + 0.0002, 4326)))""",
    """INSERT INTO landcover (osm_id, kind, geom)
       VALUES (1, 'water', ST_Multi(ST_Expand(ST_Point(:lon + 0.003, :lat - 0.002, 4326), 0.0006)))""",
    "INSERT INTO place (osm_id, kind, geom) VALUES (1, 'school', ST_Point(:lon + 0.002, :lat - 0.001, 4326))",
)


@dataclass(frozen=True)
class Place:
    """The store, the district and who plans it."""

    engine: AsyncEngine
    area: Area
    planner: Viewer

    async def sql(self, asked: str, **values: Any) -> list[Any]:
        async with visit_whole(self.engine) as session:
            found = await session.execute(text(asked), values)
            return list(found.all()) if found.returns_rows else []


@pytest.fixture
async def place(engine: AsyncEngine) -> Place:
    async with visit_whole(engine) as session:
        middle = "SELECT ST_X(p), ST_Y(p) FROM (SELECT ST_PointOnSurface(geom) p FROM area WHERE code = 'KZ-75-MED') a"
        lon, lat = (await session.execute(text(middle))).one()
        for asked in _FILLED:
            await session.execute(text(asked), {"lon": lon, "lat": lat})
        await coverage.lay(session, squares([], [(lon + 0.003, lat, 300.0)]))
        area = await by_code(session, "KZ-75-MED")
    assert area is not None
    with ThreadPoolExecutor(2) as workers:
        await work_off(engine, workers)
    return Place(engine, area, planner_of(area))


def planner_of(area: Area) -> Viewer:
    return Viewer(account_id=1, name="planner", role=Role.PLANNER, area_id=area.id, own_area_id=area.id)

"""A store in use learns of terrain: what was reckoned was reckoned flat, and terrain that comes or goes stirs it."""

from typing import LiteralString

import psycopg
import pytest

from geo_server.door.cluster import Store
from tests.growing import AREA, SPOT, grown

TILES: LiteralString = f"""INSERT INTO coverage_tile (id, epsg, col, row, geom, stirred_at, reckoned_at)
    VALUES (1, 32643, 1, 1, ST_Expand({SPOT}, 0.01), NULL, now()),
    (2, 32643, 9, 9, ST_Expand(ST_SetSRID(ST_MakePoint(78, 45), 4326), 0.02), NULL, now())"""
TERRAIN: LiteralString = f"""INSERT INTO terrain
    (file, west, south, step_lon, step_lat, columns, rows, kind, heights, geom)
    VALUES ('a.hgt', 76, 43, 0.01, 0.01, 2, 2, 'int16', '\\x0100010001000100', ST_Expand({SPOT}, 0.01))"""
STIRRED: LiteralString = "SELECT id FROM coverage_tile WHERE stirred_at IS NOT NULL"


def test_terrain_stirs_the_tiles_it_touches_when_it_comes_and_when_it_goes(store: Store) -> None:
    with grown(store, "0051", [AREA, TILES]) as link:
        assert link.execute("SELECT DISTINCT terrain FROM coverage_tile").fetchall() == [("none",)]
        assert link.execute(STIRRED).fetchall() == []
        link.execute(TERRAIN)
        assert link.execute(STIRRED).fetchall() == [(1,)]
        link.execute("UPDATE coverage_tile SET stirred_at = NULL")
        link.execute("DELETE FROM terrain")
        assert link.execute(STIRRED).fetchall() == [(1,)]


def test_the_store_takes_no_grid_whose_heights_are_not_as_many_as_it_says(database_url: str) -> None:
    with psycopg.connect(database_url) as link, pytest.raises(psycopg.errors.CheckViolation):
        link.execute(TERRAIN.replace("2, 2,", "2, 3,").encode())

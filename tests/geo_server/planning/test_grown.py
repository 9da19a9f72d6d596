"""What was reckoned in tiles of before is reckoned anew in those of now."""

from typing import LiteralString

from geo_server.door.cluster import Store
from tests.growing import AREA, grown

TILE: LiteralString = """INSERT INTO coverage_tile (id, epsg, col, row, geom, stirred_at)
    VALUES (1, 32643, 1, 1, ST_MakeEnvelope(76, 43, 76.02, 43.02, 4326), NULL)"""
SHARES: LiteralString = """INSERT INTO coverage_share (tile_id, area_id, purpose, measure, whole, seen, twice, private)
    VALUES (1, 1, 'situation', 'ground_m2', 2, 1, 0, 0), (1, 1, 'plate', 'ground_m2', 2, 0, 0, 0)"""


def test_areas_that_were_reckoned_in_tiles_of_before_are_asked_for_anew(store: Store) -> None:
    with grown(store, "0045", [AREA, TILE, SHARES]) as link:
        assert link.execute("SELECT count(*) FROM coverage_tile").fetchone() == (0,)
        assert link.execute("SELECT kind, area_id, outcome FROM job").fetchall() == [("coverage", 1, None)]


def test_where_nothing_was_reckoned_nothing_is_asked_for(store: Store) -> None:
    with grown(store, "0045", [AREA]) as link:
        assert link.execute("SELECT count(*) FROM job").fetchone() == (0,)

"""A store in use takes plans of cameras in: what stands in it is planned around, and each area sees its own."""

import pytest
from psycopg.errors import CheckViolation

from geo_server.door.cluster import Store
from tests.growing import AREA, SPOT, grown


def test_a_store_of_before_keeps_plans_and_forbidden_zones_of_an_area(store: Store) -> None:
    with grown(store, "0049", [AREA]) as link:
        link.execute(
            f"""INSERT INTO forbidden_zone (name, rule, made_by, geom)
                VALUES ('z', 'mask', 'x', ST_Expand({SPOT}, 0.001))"""
        )
        assert link.execute("SELECT area_id FROM forbidden_zone").fetchone() == (1,)
        link.execute(
            f"""INSERT INTO placement (name, area_id, made_by, question, epsg, region)
                VALUES ('p', 1, 'x', '{{}}', 32643, ST_Multi(ST_Expand({SPOT}, 0.001)))"""
        )
        with pytest.raises(CheckViolation):  # cells without figures
            link.execute("UPDATE placement SET cell_m = 2")
        with pytest.raises(CheckViolation):
            link.execute("UPDATE forbidden_zone SET rule = 'look'")

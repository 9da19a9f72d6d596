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


def test_a_border_that_moves_takes_zones_and_the_plans_whose_middle_it_leaves_behind(store: Store) -> None:
    city = """INSERT INTO area (id, parent_id, level, code, name_kk, name_ru, name_en, geom)
              VALUES (2, 1, 3, 'KZ-C', 'а', 'б', 'c', ST_Multi(ST_MakeEnvelope(75.9, 42.9, 76.1, 43.1, 4326)))"""
    zone = f"""INSERT INTO forbidden_zone (name, rule, made_by, geom)
               VALUES ('z', 'mask', 'x', ST_Expand({SPOT}, 0.001))"""
    plan = f"""INSERT INTO placement (name, area_id, made_by, question, epsg, region)
               VALUES ('p', 2, 'x', '{{}}', 32643, ST_Multi(ST_Expand({SPOT}, 0.05)))"""
    of = "SELECT z.area_id, p.area_id FROM forbidden_zone z, placement p"
    move = "UPDATE area SET geom = ST_Multi(ST_MakeEnvelope({}, 42.9, 76.1, 43.1, 4326)) WHERE id = 2"
    with grown(store, "0051", [AREA, city, zone, plan]) as link:
        link.execute(move.format("75.99"))
        assert link.execute(of).fetchone() == (2, 2), "a city that loses its edge keeps the plan of its middle"
        link.execute(move.format("76.02"))
        assert link.execute(of).fetchone() == (1, 1)
        link.execute(move.format("75.9"))
        assert link.execute(of).fetchone() == (2, 1), "nobody takes a plan from who has it"

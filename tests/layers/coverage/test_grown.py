"""Coverage that was reckoned before redundancy, nights and hours were stands as it was, and is reckoned anew."""

from typing import LiteralString

import psycopg
import pytest

from geo_server.door.cluster import Store
from tests.growing import AREA, SPOT, grown

TILE: LiteralString = f"""INSERT INTO coverage_tile (id, epsg, col, row, geom, stirred_at, reckoned_at)
    VALUES (1, 32643, 1, 1, ST_Expand({SPOT}, 0.01), NULL, now()),
    (2, 32643, 1, 2, ST_Expand({SPOT}, 0.02), NULL, NULL)"""
GAP: LiteralString = f"""INSERT INTO gap (tile_id, area_id, purpose, ground_m2, streets_m, incidents, places, schools,
    addresses, weight, geom) VALUES (1, 1, 'situation', 100, 1, 2, 3, 4, 5, 6, ST_Expand({SPOT}, 0.001))"""
SHARE: LiteralString = """INSERT INTO coverage_share (tile_id, area_id, purpose, measure, whole, seen, twice, private)
    VALUES (1, 1, 'situation', 'ground_m2', 10, 5, 1, 0)"""
CAMERA: LiteralString = f"""INSERT INTO camera (id, code, name_kk, name_ru, name_en, url, reader, geom)
    VALUES (1, 'C-1', 'а', 'б', 'c', 'rtsp://192.168.1.2/sub', 'rtsp', {SPOT})"""
BEFORE: list[LiteralString] = [AREA, TILE, GAP, SHARE, CAMERA, "UPDATE coverage_tile SET stirred_at = NULL"]


def test_what_was_reckoned_waits_to_be_reckoned_anew_and_what_never_was_does_not(store: Store) -> None:
    with grown(store, "0047", BEFORE) as link:
        assert link.execute("SELECT id FROM coverage_tile WHERE stirred_at IS NOT NULL").fetchall() == [(1,)]
        assert link.execute("SELECT weight, worth, accidents, categories FROM gap").fetchone() == (6, 0, 0, [])
        assert link.execute("SELECT seen, night, night_unknown FROM coverage_share").fetchone() == (5, 0, 0)


@pytest.mark.parametrize(
    ("change", "stirs"),
    [
        ("pole = 'P'", True),
        ("""facts = '{"infrared": 1}'""", True),
        ("""facts = '{"shake_share": 1}'""", False),
        ("link = NULL", False),
    ],
    ids=["hung on a pole", "its light known", "another fact", "as it was"],
)
def test_a_camera_stirs_with_what_it_fails_and_its_light(store: Store, change: LiteralString, stirs: bool) -> None:
    with grown(store, "0047", BEFORE) as link:
        link.execute("UPDATE coverage_tile SET stirred_at = NULL")
        link.execute(f"UPDATE camera SET {change}")
        assert bool(link.execute("SELECT id FROM coverage_tile WHERE stirred_at IS NOT NULL").fetchall()) is stirs


def test_the_store_takes_no_hours_that_there_are_not_and_no_figures_without_names(store: Store) -> None:
    with grown(store, "0047", BEFORE) as link:
        for wrong in ("hours = '{24}', categories = '{theft}', expected = '{1}'", "categories = '{theft}'"):
            with pytest.raises(psycopg.errors.CheckViolation):
                link.execute(f"UPDATE gap SET {wrong}".encode())


@pytest.mark.parametrize("wing", ["qyran_server", "qyran_ingest"])
def test_a_wing_that_writes_cameras_stirs_tiles_of_before_once_a_transaction(store: Store, wing: LiteralString) -> None:
    told: LiteralString = "SELECT stirred_by = txid_current(), stirred_at FROM coverage_tile ORDER BY id"
    with grown(store, "0053", BEFORE) as link:
        assert link.execute("SELECT stirred_by FROM coverage_tile").fetchall() == [(None,), (None,)]
        with link.transaction():
            link.execute("SELECT enter_whole()")
            link.execute(f"SET LOCAL ROLE {wing}")
            link.execute("UPDATE camera SET heading_deg = 90")
            first = link.execute(told).fetchall()
            assert [row[0] for row in first] == [True, True]
            link.execute("UPDATE camera SET heading_deg = 180")
            assert link.execute(told).fetchall() == first

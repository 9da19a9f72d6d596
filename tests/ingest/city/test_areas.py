from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
import shapely

from ingest.city.areas import ALL_CODES, CODES, DISTRICTS, districts_of, first_level, load_areas
from ingest.city.errors import NoBorders

Rows = Callable[..., list[tuple[Any, ...]]]


def test_the_tree_has_the_republic_its_twenty_areas_and_almatys_districts(rows: Rows) -> None:
    found = rows("SELECT level, count(*) FROM area GROUP BY level ORDER BY level")
    assert found == [(1, 1), (2, 20), (3, 1), (4, 8)]
    assert {code for (code,) in rows("SELECT code FROM area")} == ALL_CODES


def test_every_area_is_valid_named_in_three_languages_and_hangs_below_its_parent(rows: Rows) -> None:
    wrong = """
        SELECT code FROM area WHERE NOT ST_IsValid(geom) OR name_kk = '' OR name_ru = '' OR name_en = ''
            OR (parent_id IS NULL) <> (level = 1)"""
    assert rows(wrong) == []
    below = "SELECT p.code FROM area a JOIN area p ON p.id = ANY(a.path) WHERE a.code = %s ORDER BY p.level"
    assert [code for (code,) in rows(below, CODES.district)] == ["KZ", "KZ-75", "KZ-75-MED"]
    assert [code for (code,) in rows(below, CODES.small_city)] == ["KZ", "KZ-19", "KZ-19-QON"]


def test_only_the_borders_that_are_not_official_are_flagged(rows: Rows) -> None:
    flagged = {code for (code,) in rows("SELECT code FROM area WHERE approximate")}
    assert flagged == {CODES.small_city, *(f"KZ-75-{district}" for district in DISTRICTS)}


def test_almatys_districts_partition_it_exactly(fetched: Path) -> None:
    almaty = first_level(fetched / "kz-adm1.geojson")["Almaty"]
    districts = list(districts_of(almaty).values())
    assert shapely.coverage_is_valid(districts)
    assert shapely.union_all(districts).symmetric_difference(almaty).area < 1e-12
    assert sum(d.area for d in districts) == pytest.approx(almaty.area, rel=1e-12)


def test_no_two_areas_of_a_level_share_ground(rows: Rows) -> None:
    shared = """
        SELECT a.code, b.code FROM area a JOIN area b ON a.id < b.id AND a.level = b.level AND a.geom && b.geom
        WHERE ST_Area(ST_Intersection(a.geom, b.geom)) > 1e-8"""
    assert rows(shared) == []


@pytest.mark.parametrize(
    ("lon", "lat", "code"),
    [
        (76.9597, 43.2427, "KZ-75-MED"),
        (76.9286, 43.2550, "KZ-75-ALM"),
        (77.0633, 43.8668, "KZ-19-QON"),
        (71.43, 51.13, "KZ-71"),
        (78.37, 45.01, "KZ-33"),
        (24.94, 60.17, "KZ"),
    ],
)
def test_a_place_belongs_to_the_area_it_lies_in(rows: Rows, lon: float, lat: float, code: str) -> None:
    asked = "SELECT code FROM area WHERE id = area_of(ST_SetSRID(ST_MakePoint(%s, %s), 4326))"
    assert rows(asked, lon, lat) == [(code,)]


def test_loading_again_changes_nothing(database_url: str, fetched: Path) -> None:
    with psycopg.connect(database_url) as connection:
        assert load_areas(connection, fetched / "kz-adm1.geojson") == 0


def test_an_area_that_is_gone_comes_back(database_url: str, fetched: Path, rows: Rows) -> None:
    rows("DELETE FROM area WHERE code = %s RETURNING id", CODES.district)
    with psycopg.connect(database_url) as connection:
        assert load_areas(connection, fetched / "kz-adm1.geojson") == len(ALL_CODES)
    assert rows("SELECT count(*) FROM area") == [(len(ALL_CODES),)]


def test_another_file_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "kz-adm1.geojson"
    other.write_text('{"features": []}')
    for path in (other, tmp_path / "missing.geojson"):
        with pytest.raises(NoBorders, match="20 first-level areas"):
            first_level(path)

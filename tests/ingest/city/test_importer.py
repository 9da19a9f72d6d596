import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from ingest.city.errors import CityRefused, DamagedFile, DiskFull, NoAreas, NoRoads, NoStore
from ingest.city.importer import import_city

Made = Callable[..., Path]
Rows = Callable[..., list[tuple[Any, ...]]]
ROAD = {"highway": "residential"}
TABLES = ("road", "building", "address", "place", "landcover", "road_restriction", "city")
# Two streets that cross at node 3, near the middle of Almaty.
CROSS = {1: (76.94, 43.25), 2: (76.95, 43.25), 3: (76.945, 43.25), 4: (76.945, 43.255), 5: (76.945, 43.245)}
OUTLINE = {11: (76.941, 43.251), 12: (76.942, 43.251), 13: (76.942, 43.252), 14: (76.941, 43.252)}


def _counts(rows: Rows) -> dict[str, int]:
    return {table: rows(f"SELECT count(*) FROM {table}")[0][0] for table in TABLES}


def _import(database_url: str, path: Path) -> Counter[tuple[str, str]]:
    return import_city(database_url, path, quiet=True).report.skipped


def test_roads_are_split_where_they_meet(database_url: str, world: Made, rows: Rows) -> None:
    path = world(CROSS, {10: ([1, 3, 2], ROAD | {"name": "Абай"}), 20: ([5, 3, 4], ROAD | {"oneway": "-1"})})
    _import(database_url, path)
    found = rows("SELECT osm_id, from_node, to_node, forward, backward, name FROM road ORDER BY id")
    assert found == [
        (10, 1, 3, True, True, "Абай"),
        (10, 3, 2, True, True, "Абай"),
        (20, 5, 3, False, True, None),
        (20, 3, 4, False, True, None),
    ]


def test_a_segments_length_is_the_one_on_the_ground(database_url: str, world: Made, rows: Rows) -> None:
    _import(database_url, world(CROSS, {10: ([1, 3, 2], ROAD)}))
    ((length_m, on_the_ground_m),) = rows("SELECT length_m, ST_Length(geom::geography) FROM road")
    assert length_m == pytest.approx(on_the_ground_m, rel=1e-6)


def test_a_ring_that_meets_itself_is_one_segment_and_a_figure_of_eight_is_two(
    database_url: str, world: Made, rows: Rows
) -> None:
    ring, eight = [1, 4, 2, 5, 1], [1, 3, 4, 2, 3, 5]
    _import(database_url, world(CROSS, {10: (ring, ROAD | {"junction": "roundabout"})}, name="ring.osm.pbf"))
    assert rows("SELECT from_node, to_node, forward, backward FROM road") == [(1, 1, True, False)]
    _import(database_url, world(CROSS, {20: (eight, ROAD)}, name="eight.osm.pbf"))
    found = rows("SELECT from_node, to_node FROM road WHERE osm_id = 20 ORDER BY id")
    assert found == [(1, 3), (3, 3), (3, 5)]


def test_a_turn_restriction_names_the_two_segments_at_the_node(database_url: str, world: Made, rows: Rows) -> None:
    ways = {10: ([1, 3], ROAD), 11: ([3, 2], ROAD), 20: ([5, 3], ROAD), 21: ([3, 4], ROAD)}
    members = [("w", 20, "from"), ("n", 3, "via"), ("w", 10, "to")]
    turn = {"type": "restriction", "restriction": "no_left_turn"}
    _import(database_url, world(CROSS, ways, relations={1: (members, turn)}))
    found = rows("""
        SELECT r.kind, f.osm_id, r.via_node, t.osm_id FROM road_restriction r
        JOIN road f ON f.id = r.from_road_id JOIN road t ON t.id = r.to_road_id""")
    assert found == [("no_left_turn", 20, 3, 10)]


@pytest.mark.parametrize(
    ("members", "kind", "why"),
    [
        ([("w", 20, "from"), ("w", 11, "via"), ("w", 10, "to")], "no_u_turn", "over a way instead of a node"),
        ([("w", 20, "from"), ("n", 3, "via")], "no_left_turn", "not exactly one from, via and to"),
        ([("w", 20, "from"), ("n", 3, "via"), ("w", 10, "to")], "sometimes", "not understood: restriction=sometimes"),
        (
            [("w", 20, "from"), ("n", 4, "via"), ("w", 10, "to")],
            "no_left_turn",
            "its roads do not meet at the node, or not in that direction",
        ),
        (
            [("w", 20, "from"), ("n", 3, "via"), ("w", 11, "to")],
            "no_right_turn",
            "a road passes through the node, so that the turn is not certain",
        ),
    ],
)
def test_a_turn_restriction_that_cannot_be_kept_is_counted_with_its_reason(
    database_url: str, world: Made, members: list[tuple[str, int, str]], kind: str, why: str
) -> None:
    ways = {10: ([1, 3], ROAD), 11: ([1, 3, 2], ROAD), 20: ([5, 3], ROAD)}
    path = world(CROSS, ways, relations={1: (members, {"type": "restriction", "restriction": kind})})
    assert _import(database_url, path)["turn restriction", why] == 1


def test_a_road_in_a_tunnel_leaves_places_that_plans_react_to(database_url: str, world: Made, rows: Rows) -> None:
    _import(database_url, world(CROSS, {10: ([1, 2], ROAD | {"tunnel": "yes"}), 11: ([2, 3], ROAD)}))
    assert {kind for (kind,) in rows("SELECT kind FROM place")} == {"tunnel"}


def test_buildings_addresses_and_places_come_from_outlines_and_points(
    database_url: str, world: Made, rows: Rows
) -> None:
    hospital = {
        "building": "hospital",
        "amenity": "hospital",
        "building:levels": "5",
        "height": "17 m",
        "name": "Аурухана",
    }
    address = {"addr:street": "Абай даңғылы", "addr:housenumber": "7"}
    street = ROAD | {"name": "Абай даңғылы", "name:ru": "проспект Абая"}
    path = world(
        CROSS | OUTLINE | {21: (76.943, 43.251)},
        {10: ([1, 2], street), 30: ([11, 12, 13, 14, 11], hospital | address)},
        node_tags={21: {"emergency": "fire_hydrant"}},
    )
    _import(database_url, path)
    assert rows("SELECT kind, height_m, levels, name FROM building") == [("hospital", 17.0, 5.0, "Аурухана")]
    assert rows("SELECT street, street_ru, house, common_name FROM address") == [
        ("Абай даңғылы", "проспект Абая", "7", "Аурухана")
    ]
    assert rows("SELECT kind FROM place ORDER BY kind") == [("hospital",), ("hydrant",)]


def test_a_building_with_a_yard_keeps_its_hole(database_url: str, world: Made, rows: Rows) -> None:
    yard = {15: (76.9413, 43.2513), 16: (76.9417, 43.2513), 17: (76.9417, 43.2517), 18: (76.9413, 43.2517)}
    ways = {10: ([1, 2], ROAD), 30: ([11, 12, 13, 14, 11], {}), 31: ([15, 16, 17, 18, 15], {})}
    members = [("w", 30, "outer"), ("w", 31, "inner")]
    tags = {"type": "multipolygon", "building": "apartments"}
    _import(database_url, world(CROSS | OUTLINE | yard, ways, relations={5: (members, tags)}))
    assert rows("SELECT osm_id, ST_NumInteriorRings(ST_GeometryN(geom, 1)) FROM building") == [(5, 1)]


def test_a_river_drawn_as_a_line_becomes_water_of_its_width(database_url: str, world: Made, rows: Rows) -> None:
    river = {"waterway": "river", "width": "20", "name": "Есентай"}
    _import(database_url, world(CROSS, {10: ([1, 2], ROAD), 30: ([5, 4], river)}))
    ((kind, name, area_m2, valid),) = rows(
        "SELECT kind, name, ST_Area(geom::geography), ST_IsValid(geom) FROM landcover"
    )
    assert (kind, name, valid) == ("water", "Есентай", True)
    assert area_m2 == pytest.approx(20 * 1111, rel=0.05)


def test_a_road_cut_off_at_the_extracts_edge_keeps_what_is_there(database_url: str, world: Made, rows: Rows) -> None:
    skipped = _import(database_url, world(CROSS, {10: ([1, 3, 99, 2, 4], ROAD)}))
    assert rows("SELECT from_node, to_node FROM road ORDER BY id") == [(1, 3), (2, 4)]
    assert skipped["road node", "not in the file"] == 1


def test_what_is_not_driven_is_counted_by_reason(database_url: str, world: Made) -> None:
    ways = {10: ([1, 2], ROAD), 11: ([1, 4], {"highway": "footway"}), 12: ([2, 4], ROAD | {"motor_vehicle": "no"})}
    skipped = _import(database_url, world(CROSS, ways))
    assert skipped["road", "not for cars: highway=footway"] == 1
    assert skipped["road", "closed to motor vehicles"] == 1


def test_every_row_of_the_small_city_lies_in_the_area_that_the_store_would_give_it(
    database_url: str, small_city: Path, rows: Rows
) -> None:
    import_city(database_url, small_city, quiet=True)
    for table in ("road", "building", "address", "place", "landcover"):
        assert rows(f"SELECT id FROM {table} WHERE area_id IS DISTINCT FROM area_of(geom)") == []
    assert rows("SELECT count(DISTINCT area_id) > 1 FROM road") == [(True,)]
    assert {kind for (kind,) in rows("SELECT kind FROM place")} == {
        "police", "fire_station", "hospital", "school", "hydrant"
    }  # fmt: skip


def test_after_an_import_the_store_fills_areas_again_by_itself(database_url: str, small_city: Path, rows: Rows) -> None:
    import_city(database_url, small_city, quiet=True)
    point = "ST_SetSRID(ST_MakePoint(76.95, 43.25), 4326)"
    assert rows(f"INSERT INTO place (osm_id, kind, geom) VALUES (1, 'police', {point}) RETURNING area_id IS NULL") == [
        (False,)
    ]


def test_the_report_is_kept_with_the_city(database_url: str, small_city: Path, rows: Rows) -> None:
    done = import_city(database_url, small_city, name="Тест", quiet=True)
    ((name, report, segments),) = rows("SELECT name, report, (SELECT count(*) FROM road) FROM city")
    assert name == "Тест"
    assert report == json.loads(json.dumps(done.report.as_json()))
    assert report["imported"]["road segments"] == segments > 300


def test_the_same_file_again_is_already_there(database_url: str, small_city: Path, rows: Rows) -> None:
    import_city(database_url, small_city, name="first", quiet=True)
    before = _counts(rows)
    again = import_city(database_url, small_city, name="second", quiet=True)
    assert (again.already_there, again.name) == (True, "first")
    assert _counts(rows) == before


def test_a_second_city_stands_beside_the_first(database_url: str, small_city: Path, fetched: Path, rows: Rows) -> None:
    import_city(database_url, small_city, quiet=True)
    before = _counts(rows)
    import_city(database_url, fetched / "Helsinki.osm.pbf", quiet=True)
    after = _counts(rows)
    assert after["city"] == 2
    assert all(after[table] > before[table] for table in TABLES)


def test_a_real_extract_from_outside_the_republic_is_imported(database_url: str, fetched: Path, rows: Rows) -> None:
    report = import_city(database_url, fetched / "Helsinki.osm.pbf", quiet=True).report
    imported = report.imported
    assert imported["road segments"] > 900
    assert imported["buildings"] > 400
    assert imported["addresses"] > 1_000
    assert imported["turn restrictions"] > 30
    assert rows("SELECT DISTINCT a.code FROM road JOIN area a ON a.id = area_id") == [("KZ",)]
    assert rows("SELECT DISTINCT name FROM road WHERE name = 'Mannerheimintie'") == [("Mannerheimintie",)]
    assert report.skipped["road", "not for cars: highway=footway"] > 500


def test_a_truncated_extract_changes_nothing(database_url: str, fetched: Path, tmp_path: Path, rows: Rows) -> None:
    cut = tmp_path / "cut.osm.pbf"
    cut.write_bytes((fetched / "Helsinki.osm.pbf").read_bytes()[:400_000])
    with pytest.raises(DamagedFile, match="breaks off in the middle"):
        import_city(database_url, cut, quiet=True)
    assert not any(_counts(rows).values())


def test_an_extract_with_a_spoilt_block_changes_nothing(
    database_url: str, small_city: Path, tmp_path: Path, rows: Rows
) -> None:
    spoilt = tmp_path / "spoilt.osm.pbf"
    whole = bytearray(small_city.read_bytes())
    whole[-3_000:-2_000] = b"\xff" * 1_000
    spoilt.write_bytes(whole)
    with pytest.raises(DamagedFile, match="cannot be decoded"):
        import_city(database_url, spoilt, quiet=True)
    assert not any(_counts(rows).values())


def test_an_extract_without_roads_is_refused(database_url: str, world: Made, rows: Rows) -> None:
    houses = world(OUTLINE, {30: ([11, 12, 13, 14, 11], {"building": "yes"})}, name="houses.osm.pbf")
    paths = world(CROSS, {10: ([1, 2], {"highway": "footway"})}, name="paths.osm.pbf")
    nowhere = world(CROSS, {10: ([98, 99], ROAD)}, name="nowhere.osm.pbf")
    for path in (houses, paths, nowhere):
        with pytest.raises(NoRoads, match="holds no drivable road"):
            import_city(database_url, path, quiet=True)
    assert not any(_counts(rows).values())


def test_a_full_disk_of_the_store_is_said_and_changes_nothing(database_url: str, small_city: Path, rows: Rows) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("""
            CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$""")
        connection.execute("CREATE TRIGGER full_disk BEFORE INSERT ON landcover EXECUTE FUNCTION full_disk()")
    with pytest.raises(DiskFull, match="The disk is full while the store writes the city"):
        import_city(database_url, small_city, quiet=True)
    assert not any(_counts(rows).values())


def test_a_store_without_areas_or_out_of_reach_is_said(database_url: str, small_city: Path, tmp_path: Path) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("DELETE FROM area")
    with pytest.raises(NoAreas, match="run `python -m ingest areas` first"):
        import_city(database_url, small_city, quiet=True)
    with pytest.raises(NoStore):
        import_city(f"postgresql://nobody@/none?host={tmp_path}", small_city, quiet=True)


def test_every_refusal_is_a_city_refused() -> None:
    assert all(issubclass(kind, CityRefused) for kind in (DamagedFile, DiskFull, NoAreas, NoRoads, NoStore))

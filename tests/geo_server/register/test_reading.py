"""Files of every kind are read into columns and rows, and what is none, or would be a trap, is refused with a code."""

import random
import sqlite3
import zipfile
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import openpyxl
import pytest
import shapely

from geo_server.register.checking import Checker
from geo_server.register.reading import files, packed
from geo_server.register.reading.table import Reading, Row, Unreadable
from geo_server.register.schema import Checked, Choices

SCOPE = shapely.box(76.5, 43.0, 77.3, 43.5)
TABLE = "Код;Атауы;Ендік;Бойлық\nA-1;Қала орталығы;43,24;76,95\n"
OSM = """<osm version="0.6"><node id="1" lat="43.24" lon="76.95"><tag k="man_made" v="surveillance"/>
<tag k="surveillance:type" v="camera"/><tag k="camera:type" v="panning"/><tag k="direction" v="NE"/></node>
<node id="2" lat="43.25" lon="76.95"><tag k="man_made" v="surveillance"/><tag k="surveillance:type" v="guard"/></node>
<node id="3" lat="43.25" lon="76.95"><tag k="shop" v="kiosk"/></node></osm>"""


def read(path: Path, folder: Path) -> tuple[Reading, list[Row]]:
    reading = files.read(path, folder)
    return reading, list(reading.rows)


def checked(content: bytes | Path, folder: Path, **choices: Any) -> tuple[list[Checked], dict[str, Any]]:
    """Return what of a file came out, and what was found, by code."""
    path = content if isinstance(content, Path) else folder / "sent"
    if isinstance(content, bytes):
        path.write_bytes(content)
    (folder / "unpacked").mkdir(exist_ok=True)
    reading = files.read(path, folder / "unpacked")
    checker = Checker(reading=reading, choices=Choices(**choices), scope=SCOPE, import_id=7)
    rows = checker.check(list(reading.rows))
    return rows, {one.code: one.value for one in reading.findings + checker.closing()}


def refused(content: bytes, folder: Path, **choices: Any) -> str:
    with pytest.raises(Unreadable) as found:
        checked(content, folder, **choices)
    return found.value.code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("sign", [";", "\t", "|"])
def test_a_table_is_read_in_any_letters_and_parted_by_any_sign(tmp_path: Path, encoding: str, sign: str) -> None:
    ((one,), _) = checked(TABLE.replace(";", sign).encode(encoding), tmp_path)
    assert (one.told["name_kk"], one.lon, one.lat) == ("Қала орталығы", 76.95, 43.24)


def test_cyrillic_in_cp1251_is_told_and_commas_part_quoted_cells(tmp_path: Path) -> None:
    content = 'Код,Название,Широта,Долгота\nA-1,"Абая, угол ""Правды""","43,24","76,95"\n'.encode("cp1251")
    ((one,), found) = checked(content, tmp_path)
    assert found["encoding"] == "Windows-1251" and one.told["name_ru"] == 'Абая, угол "Правды"'


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b" \n\n ", "empty_file"),
        (b"\x00" * 500, "unreadable"),
        (random.Random(1).randbytes(5000), "unreadable"),
        (b"%PDF-1.7 x", "unreadable"),
        (b"<html></html>", "unreadable"),
        (b"PK\x03\x04" + b"x" * 100, "damaged"),
        (b"SQLite format 3\x00" + b"x" * 900, "damaged"),
        (b'{"type":"FeatureCollection","features":[', "damaged"),
        (b"\x00\x00\x27\x0a" + b"\x00" * 100, "shp_alone"),
        (b"lat,lon\n", "no_rows"),
        (b",".join([b"c"] * 1_000_000) + b"\n", "too_many_columns"),
        (b",".join([b"c"] * 400) + b"\n1\n", "too_many_columns"),
        (b"a,b\n1,2\n", "needs_place"),
        (b"X;Y\n500000;4790000\n", "needs_crs"),
        (b"<osm version='0.6'><node id='1' lat='1' lon='1'/></osm>", "no_cameras"),
    ],
)
def test_what_is_no_register_is_refused_with_the_reason(tmp_path: Path, content: bytes, code: str) -> None:
    if code == "no_rows":
        path = tmp_path / "sent"
        path.write_bytes(content)
        assert list(files.read(path, tmp_path).rows) == []
        return
    assert refused(content, tmp_path) == code


# ── XLSX ────────────────────────────────────────────────────────────────────────────────────────────────────────


def workbook(to: Path, merged: tuple[str, ...] = (), **cells: Any) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for name, value in cells.items():
        sheet[name] = value
    for box in merged:
        sheet.merge_cells(box)
    book.create_sheet("Пустой")
    book.save(to)
    return to


def test_merged_cells_of_the_heading_and_of_the_rows_stand_in_each_of_their_cells(tmp_path: Path) -> None:
    told: dict[str, Any] = {
        "A1": "Реестр камер",
        "A2": "Код",
        "B2": "Координаты",
        "D2": "Владелец",
        "B3": "Широта",
        "C3": "Долгота",
    }
    rows: dict[str, Any] = {
        "A4": "A-1",
        "B4": 43.24,
        "C4": 76.95,
        "D4": "ТОО Глаз",
        "A5": 2,
        "B5": "43,25",
        "C5": 76.95,
    }
    boxes = ("A1:D1", "A2:A3", "B2:C2", "D2:D3", "D4:D5")
    found, told_of = checked(workbook(tmp_path / "x", boxes, **told, **rows), tmp_path)
    assert [(one.told["code"], one.told["owner"], one.lat) for one in found] == [
        ("A-1", "ТОО Глаз", 43.24),
        ("2", "ТОО Глаз", 43.25),
    ]
    assert (told_of["merged"], told_of["header_row"], [one.line for one in found]) == (5, 3, [4, 5])


def test_of_a_formula_nothing_is_reckoned(tmp_path: Path) -> None:
    told: dict[str, Any] = {
        "A1": "Код",
        "B1": "Широта",
        "C1": "Долгота",
        "D1": "Владелец",
        "A2": "A-1",
        "B2": 43.24,
        "C2": 76.95,
    }
    ((one,), _) = checked(workbook(tmp_path / "x", **told, D2='=HYPERLINK("http://x")'), tmp_path)
    assert "owner" not in one.told


def test_a_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "bomb"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("[Content_Types].xml", "x")
        with bomb.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(25):
                part.write(b"0" * 1_000_000)
    assert path.stat().st_size < 100_000
    with pytest.raises(Unreadable, match="too_large"):
        files.read(path, tmp_path)
    with pytest.raises(Unreadable, match="too_large"):
        monkeypatch.setattr(packed, "MOST_PARTS", 1)
        files.read(path, tmp_path)


# ── GDAL's three ────────────────────────────────────────────────────────────────────────────────────────────────


def frame(crs: str | None = "EPSG:4326", **more: Any) -> geopandas.GeoDataFrame:
    shapes = [shapely.Point(76.95, 43.24), shapely.Point(76.96, 43.25)]
    told = {"code": ["A-1", "A-2"], "Владелец": ["Көз", None], "azimuth": [90.0, 45.5], **more}
    found = geopandas.GeoDataFrame(told, geometry=shapes, crs="EPSG:4326")
    return found.to_crs(crs) if crs else found.set_crs(None, allow_override=True)


def zipped_shape(folder: Path, crs: str | None, encoding: str, *lacking: str) -> Path:
    frame(crs).to_file(folder / "cams.shp", encoding=encoding)
    with zipfile.ZipFile(folder / "sent.zip", "w") as to:
        for part in folder.glob("cams.*"):
            if part.suffix not in lacking:
                to.write(part, f"реестр/{part.name}")
    return folder / "sent.zip"


@pytest.mark.parametrize("kind", ["geojson", "gpkg"])
def test_points_of_geojson_and_geopackage_are_cameras(tmp_path: Path, kind: str) -> None:
    frame(None if kind == "geojson" else "EPSG:32643").to_file(tmp_path / f"x.{kind}")
    rows, found = checked(tmp_path / f"x.{kind}", tmp_path)
    assert [(one.told["code"], one.told["heading_deg"]) for one in rows] == [("A-1", 90), ("A-2", 45.5)]
    assert np.allclose(
        np.array([(one.lon, one.lat) for one in rows], np.float64), [(76.95, 43.24), (76.96, 43.25)], atol=1e-7
    )
    assert (rows[0].told["owner"], "crs" in found) == ("Көз", kind == "gpkg")


def test_a_shapefile_s_letters_and_system_are_found_out_where_nothing_tells_them(tmp_path: Path) -> None:
    path = zipped_shape(tmp_path, "EPSG:4326", "cp1251", ".cpg", ".prj")
    rows, found = checked(path, tmp_path)
    assert (found["encoding"], rows[0].refused, rows[1].lat) == ("CP1251", None, 43.25) and "no_crs" in found
    assert rows[0].told["owner"] == "Кз"  # CP1251 has no ө: what was lost was lost before


def test_a_shapefile_in_metres_without_its_system_asks_for_it(tmp_path: Path) -> None:
    path = zipped_shape(tmp_path, "EPSG:32643", "utf-8", ".prj")
    assert refused(path.read_bytes(), tmp_path) == "needs_crs"
    rows, _ = checked(path, tmp_path, crs="EPSG:32643")
    assert rows[0].lon == pytest.approx(76.95) and rows[0].told["owner"] == "Көз"
    assert refused(path.read_bytes(), tmp_path, crs="EPSG:999999") == "bad_crs"


def test_a_shapefile_without_its_table_is_refused(tmp_path: Path) -> None:
    assert refused(zipped_shape(tmp_path, None, "utf-8", ".dbf").read_bytes(), tmp_path) == "shp_alone"


def test_what_is_no_point_is_refused_row_by_row(tmp_path: Path) -> None:
    features = ",".join(
        f'{{"type":"Feature","properties":{{"code":"{i}"}},"geometry":{shape}}}'
        for i, shape in enumerate(
            (
                '{"type":"Point","coordinates":[76.95,43.24]}',
                '{"type":"LineString","coordinates":[[76.9,43.2],[76.8,43.2]]}',
                '{"type":"MultiPoint","coordinates":[[76.95,43.24]]}',
                "null",
            )
        )
    )
    rows, _ = checked(f'{{"type":"FeatureCollection","features":[{features}]}}'.encode(), tmp_path)
    assert [one.refused and one.refused.code for one in rows] == [None, "no_point", None, "no_place"]


def test_no_file_makes_another_one_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.geojson"
    frame(None).to_file(secret)
    gdalg = f'{{"type": "gdal_streamed_alg", "command_line": "gdal vector read {secret}"}}'
    layer = f'<OGRVRTLayer name="x"><SrcDataSource>{secret}</SrcDataSource></OGRVRTLayer>'
    vrt = f"<OGRVRTDataSource>{layer}</OGRVRTDataSource>"
    assert refused(gdalg.encode(), tmp_path) == "damaged"
    assert refused(vrt.encode(), tmp_path) == "unreadable"


@pytest.mark.parametrize("trap", ["CREATE VIRTUAL TABLE t USING fts4(x)", "CREATE VIEW trap AS SELECT 1 AS x"])
def test_a_geopackage_that_would_compute_something_is_refused(tmp_path: Path, trap: str) -> None:
    frame().to_file(tmp_path / "x.gpkg")
    with sqlite3.connect(tmp_path / "x.gpkg") as link:
        link.execute(trap)
    link.close()
    assert refused((tmp_path / "x.gpkg").read_bytes(), tmp_path) == "virtual"


def test_cameras_of_openstreetmap_are_taken_and_guards_refused(tmp_path: Path) -> None:
    rows, _ = checked(OSM.encode(), tmp_path)
    assert [one.refused and one.refused.code for one in rows] == [None, "not_a_camera"]
    assert (rows[0].told["code"], rows[0].told["kind"], rows[0].told["heading_deg"]) == ("OSM-node-1", "ptz", 45)


def test_names_of_another_kind_do_not_fool_it(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(OSM.encode())
    assert files.kind_of(tmp_path / "x.csv") == "osm"
    (tmp_path / "x.csv").rename(tmp_path / "x.xlsx")
    assert files.kind_of(tmp_path / "x.xlsx") == "osm"

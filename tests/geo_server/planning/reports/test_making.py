"""A report holds what the store holds of its area: as a page, on paper, and as files for other systems."""

import re
import zlib
from datetime import UTC, datetime
from pathlib import Path

import geopandas
import orjson
import pyogrio
import pytest
import shapely
from pyarrow import parquet

from geo_server.planning.reports import geodata, page
from geo_server.planning.reports.gathering import gathered
from geo_server.planning.reports.making import make
from geo_server.planning.reports.schema import Format, Language, Told, Wanted
from layers.areas.queries import by_code
from layers.areas.scope import visit_as, visit_whole
from layers.coverage import queries as coverage
from tests.geo_server.planning.reports.conftest import Place, planner_of

pytestmark = pytest.mark.anyio


async def made(place: Place, form: Format, folder: Path, language: Language = "en") -> Path:
    path = folder / f"report.{form}"
    seen = list[tuple[int, int]]()

    async def tell(done: int, total: int) -> None:
        seen.append((done, total))

    wanted = Wanted(format=form, language=language, purpose="situation")
    await make(place.engine, place.planner, wanted, path, tell)
    assert seen[-1][0] == seen[-1][1] and [done for done, _ in seen] == sorted(done for done, _ in seen)
    return path


def letters_of(pdf: bytes) -> set[str]:
    """The letters that a PDF's fonts tell of their glyphs."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    plain = [zlib.decompressobj().decompress(one) for one in streams if one[:1] == b"\x78"]
    maps = b"".join(one for one in plain if b"beginbfchar" in one or b"beginbfrange" in one)
    found = re.findall(rb"<[0-9a-fA-F]+>\s*<([0-9a-fA-F]{4,})>", maps)
    return set("".join(bytes.fromhex(one.decode()).decode("utf-16-be", "ignore") for one in found))


async def told_of(place: Place, language: Language = "en", code: str = "KZ-75-MED") -> Told:
    async def step() -> None:
        pass

    async with visit_whole(place.engine) as session:
        area = await by_code(session, code)
        assert area is not None
        wanted = Wanted(format="html", language=language, purpose="situation")
        return await gathered(session, planner_of(area), wanted, datetime(2026, 7, 1, tzinfo=UTC), step)


async def test_a_geopackage_holds_each_row_of_the_store_and_the_shares(place: Place, tmp_path: Path) -> None:
    path = await made(place, "gpkg", tmp_path)
    assert set(pyogrio.list_layers(path)[:, 0]) == {"coverage", "gaps", "cameras", "areas"}
    for layer, table in (("coverage", "coverage"), ("gaps", "gap"), ("cameras", "camera")):
        (row,) = await place.sql(f"SELECT count(*), sum(ST_Area(geom)) FROM {table}")
        read = geopandas.read_file(path, layer=layer)
        assert (len(read), read.crs.to_epsg()) == (row[0], 4326)
        assert shapely.area(read.geometry).sum() == pytest.approx(row[1], rel=1e-3)  # places are told to a centimetre
    cameras = geopandas.read_file(path, layer="cameras")
    assert sorted(cameras["code"]) == ["C-1", "C-2", "C-3"]
    assert cameras.set_index("code")["heading_deg"].isna().to_dict() == {"C-1": False, "C-2": False, "C-3": True}
    assert "url" not in cameras and "rtsp" not in path.read_bytes().decode("latin-1")
    async with visit_as(place.engine, place.planner) as session:
        shares = await coverage.shares(session, place.planner, "situation")
    ground = next(one for one in shares if one.measure == "ground_m2")
    areas = geopandas.read_file(path, layer="areas").set_index("purpose")
    assert areas.loc["situation", "ground_m2_seen"] == pytest.approx(ground.seen) and ground.seen > 0
    assert areas.loc["situation", "code"] == "KZ-75-MED" and {"plate", "person"} <= set(areas.index)


async def test_geoparquet_is_read_with_its_boxes_and_tells_its_layers_apart(place: Place, tmp_path: Path) -> None:
    path = await made(place, "parquet", tmp_path)
    geo = orjson.loads(parquet.read_schema(path).metadata[b"geo"])
    assert geo["version"] == "1.1.0" and geo["columns"]["geometry"]["encoding"] == "WKB"
    read = geopandas.read_parquet(path)
    assert read.crs is not None and read.crs.to_string() == "OGC:CRS84"
    counts = {
        table: (await place.sql(f"SELECT count(*) FROM {table}"))[0][0] for table in ("coverage", "gap", "camera")
    }
    told = read["layer"].value_counts().to_dict()
    assert (told["coverage"], told["gaps"], told["cameras"]) == tuple(counts.values())
    assert geo["columns"]["geometry"]["bbox"] == pytest.approx(read.total_bounds.tolist())
    gaps = read[read["layer"] == "gaps"]
    west, south, east, north = gaps.iloc[0].geometry.bounds
    few = geopandas.read_parquet(path, bbox=(west, south, east, north))
    assert 0 < len(few) <= len(read) and gaps["weight"].notna().all() and gaps["code"].isna().all()


async def test_pages_follow_one_another_until_all_is_read(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(geodata, "PAGE", 1)
    for form in ("gpkg", "parquet"):
        path = await made(place, form, tmp_path)
        cameras = (
            geopandas.read_file(path, layer="cameras")
            if form == "gpkg"
            else geopandas.read_parquet(path).query("layer == 'cameras'")
        )
        assert sorted(cameras["code"]) == ["C-1", "C-2", "C-3"]


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
async def test_a_page_tells_what_the_store_holds_and_names_no_other_address(place: Place, language: Language) -> None:
    told = await told_of(place, language)
    shown = page.paper(told)
    assert getattr(place.area.name, language) in shown
    assert "&lt;b&gt;" in shown and "<b>" not in shown  # whatever anybody typed stands in it as text
    assert "C-3" in shown and "<svg" in shown and "<script" not in shown
    assert told.unseeing_whole == 1 and [one.code for one in told.unseeing] == ["C-3"]
    assert told.gaps and told.layers["gaps"].whole >= len(told.gaps)
    live = page.html(told)
    assert "rtsp://" not in live and "<b>e</b>" not in live
    assert "src=" not in live.split("<script>", 1)[0] and "<link" not in live.split("<script>", 1)[0]


async def test_a_page_of_paper_is_a_pdf_with_text(place: Place, tmp_path: Path) -> None:
    path = await made(place, "pdf", tmp_path, "kk")
    body = path.read_bytes()
    assert body.startswith(b"%PDF-1.")
    assert set("Көрінбейтін жерлер") <= letters_of(body)


async def test_a_district_reports_nothing_of_another(place: Place) -> None:
    others = await place.sql("SELECT min(code) FROM area WHERE code LIKE 'KZ-75-%' AND code <> 'KZ-75-MED'")
    told = await told_of(place, code=others[0][0])
    assert not told.areas and not told.gaps and not told.hanging and told.oldest is None
    assert all(not drawn.shapes for name, drawn in told.layers.items() if name != "areas")
    assert "was not reckoned yet" in page.paper(told)


async def test_the_republic_s_report_holds_the_whole_tree(place: Place) -> None:
    told = await told_of(place, code="KZ")
    assert {"KZ", "KZ-75", "KZ-75-MED"} <= {one.area.code for one in told.areas}
    assert len(told.hanging) == 3 and told.tiles

"""QGIS reads the layers; a planner has a page made and takes it home, and it opens where there is no network."""

from collections.abc import Iterator
from pathlib import Path

import geopandas
import pyogrio
import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.running import Running
from tests.web.conftest import HERE, desk_of, until
from tests.web.test_accessibility import violations
from tests.web.test_coverage import GAPS, SHARES, TILE
from tests.web.test_signs import tell

LOCAL = ("file:", "data:", "blob:")
COVERAGE = """INSERT INTO coverage (tile_id, area_id, purpose, cameras, geom)
              SELECT 1, area_id, purpose, 1, ST_Multi(ST_Translate(geom, 0.002, 0)) FROM gap"""
MARKED = "UPDATE camera SET name_ru = '<img src=x onerror=alert(1)>'"


@pytest.fixture(scope="module")
def reckoned(running: Running) -> Running:
    """A city of which one tile was reckoned."""
    tell(running, "DELETE FROM coverage_tile")
    tell(running, TILE, *HERE)
    tell(running, SHARES)
    tell(running, GAPS, *HERE)
    tell(running, COVERAGE)
    tell(running, MARKED)
    return running


@pytest.fixture
def signed_in() -> Iterator[None]:
    """GDAL shows a planner's name and password."""
    told = {"GDAL_HTTP_AUTH": "BASIC", "GDAL_HTTP_USERPWD": "planner:demo"}
    pyogrio.set_gdal_config_options(told)
    yield
    pyogrio.set_gdal_config_options(dict.fromkeys(told))


@pytest.mark.parametrize(("layer", "rows"), [("coverage", 2), ("gaps", 2), ("cameras", 0), ("areas", 0)])
def test_gdal_reads_a_layer_as_qgis_does(reckoned: Running, signed_in: None, layer: str, rows: int) -> None:
    source = f"OAPIF:{reckoned.url}/api"
    assert layer in pyogrio.list_layers(source)[:, 0]
    read = geopandas.read_file(source, layer=layer, engine="pyogrio")
    assert len(read) == rows or (rows == 0 and len(read) > 0)
    assert read.crs is not None and read.crs.to_epsg() in (4326, None)
    west, south, east, north = read.total_bounds
    assert 40 < west <= east < 90 and 40 < south <= north < 60  # lon before lat
    if layer == "gaps":
        assert set(read["purpose"]) == {"situation"} and sorted(read["weight"]) == [1, 2]
        first = read.iloc[0].geometry.bounds
        assert len(geopandas.read_file(source, layer=layer, bbox=first)) == 1


@pytest.fixture
def section(page: Page, reckoned: Running) -> Locator:
    tell(reckoned, "DELETE FROM job")
    desk = desk_of(page, "planner")
    desk.get_by_role("button", name="Camera coverage").click()
    return desk.get_by_role("region", name="Reports")


def test_a_page_is_made_taken_home_and_opens_without_a_network(
    section: Locator, page: Page, browser: Browser, tmp_path: Path
) -> None:
    section.get_by_label("Language").select_option(label="Russian")
    section.get_by_role("button", name="Make a report").click()
    line = section.get_by_role("list", name="Reports asked for").get_by_role("listitem")
    expect(line).to_contain_text("Page")
    download = line.get_by_role("link", name="Download")
    expect(download).to_be_visible(timeout=60_000)
    assert violations(page) == []
    with page.expect_download() as taken:
        download.click()
    kept = tmp_path / taken.value.suggested_filename
    taken.value.save_as(kept)
    assert kept.name.startswith("coverage-KZ") and kept.suffix == ".html"
    open_offline(browser, kept)


def open_offline(browser: Browser, kept: Path) -> None:
    asked, faults = list[str](), list[str]()

    def refuse(route: Route) -> None:
        if route.request.url.startswith(LOCAL):
            route.continue_()
        else:
            asked.append(route.request.url)
            route.abort()

    context = browser.new_context(offline=True, viewport={"width": 1024, "height": 640})
    context.route("**/*", refuse)
    shown = context.new_page()
    shown.on("pageerror", lambda error: faults.append(str(error)))
    shown.on("dialog", lambda dialog: faults.append(dialog.message))
    shown.goto(kept.as_uri())
    map_ = shown.get_by_role("region", name="Карта")
    expect(map_.get_by_role("checkbox")).to_have_count(5)
    expect(map_.locator("canvas")).to_be_visible()
    until(lambda: shown.evaluate("document.querySelector('#view canvas')?.width > 300"), "the 3-D view is drawn")
    expect(shown.get_by_role("row").filter(has_text="0,5")).to_have_count(2)  # the gaps, 0.5 ha each
    shown.emulate_media(media="print")
    expect(shown.get_by_role("img", name="Карта: ")).to_be_visible()
    expect(shown.locator("#view")).to_be_hidden()
    assert (asked, faults) == ([], [])
    context.close()

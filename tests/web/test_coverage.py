"""Coverage over the map: shares of the area, gaps by weight, another purpose; a reckoning asked for and called off."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.running import Running
from tests.web.conftest import HERE, desk_of, until
from tests.web.test_accessibility import violations
from tests.web.test_signs import tell

TILE = """INSERT INTO coverage_tile (id, epsg, col, row, geom, stirred_at, reckoned_at)
          VALUES (1, 32643, 1, 1, ST_Expand(ST_SetSRID(ST_MakePoint(%s, %s), 4326), 0.01), NULL, now())"""
AREA = "(SELECT id FROM area WHERE code = 'KZ-75-ALM')"
SHARES = f"""INSERT INTO coverage_share (tile_id, area_id, purpose, measure, whole, seen, twice, private)
             SELECT 1, {AREA}, purpose, measure, 1000, seen, 10, 0
               FROM (VALUES ('situation', 700), ('plate', 50)) p(purpose, seen),
                    (VALUES ('ground_m2'), ('streets_m')) m(measure)"""
GAPS = f"""INSERT INTO gap (tile_id, area_id, purpose, ground_m2, streets_m, incidents, places, schools, addresses,
                            weight, geom)
           SELECT 1, {AREA}, 'situation', 5000, 120, n, 0, n - 1, 0, n,
                  ST_Expand(ST_SetSRID(ST_MakePoint(%s, %s + n * 0.001), 4326), 0.0003)
             FROM generate_series(1, 2) n"""


@pytest.fixture
def sheet(page: Page, running: Running) -> Locator:
    """What a planner sees of a city of which one tile was reckoned."""
    for table in ("coverage_tile", "job"):
        tell(running, f"DELETE FROM {table}")
    tell(running, TILE, *HERE)
    tell(running, SHARES)
    tell(running, GAPS, *HERE)
    desk = desk_of(page, "planner")
    desk.get_by_role("button", name="Camera coverage").click()
    return desk.get_by_role("group", name="Camera coverage")


def test_a_planner_reads_the_shares_and_the_gaps_that_weigh_most(sheet: Locator, page: Page) -> None:
    ground = sheet.get_by_role("row", name=re.compile("Ground"))
    expect(ground).to_contain_text("70 %")
    expect(sheet).to_contain_text("The ground is taken as flat.")
    gaps = sheet.get_by_role("region", name="Gaps").get_by_role("listitem")
    expect(gaps).to_have_count(2)
    expect(gaps.first).to_contain_text("Schools and kindergartens near by: 1 · Incidents so far: 2 · Streets: 120 m")
    expect(gaps.first).to_contain_text("0.5 ha")
    assert violations(page) == []
    sheet.get_by_label(re.compile("^Purpose")).select_option(label="Plates")
    expect(ground).to_contain_text("5 %")
    expect(gaps).to_have_count(0)
    drawn = "qyranMap.getStyle().layers.filter(l => l.source === 'gaps').map(l => l.layout.visibility)"
    until(lambda: set(page.evaluate(drawn)) == {"visible"}, "what the sheet is about stands on the map")
    sheet.get_by_role("switch", name="Gaps").uncheck()
    until(lambda: set(page.evaluate(drawn)) == {"none"}, "gaps are switched off")
    gap_layers = "qyranMap.getStyle().layers.filter(l => l.source === 'gaps').map(l => l.filter[2])"
    until(lambda: set(page.evaluate(gap_layers)) == {"plate"}, "the map draws the gaps of that purpose")


def test_a_reckoning_is_asked_for_found_again_after_a_reload_and_called_off(sheet: Locator, page: Page) -> None:
    sheet.get_by_role("button", name="Reckon all anew").click()
    expect(sheet.get_by_role("progressbar")).to_be_visible()
    page.reload()
    page.get_by_role("button", name="Camera coverage").click()
    expect(sheet.get_by_role("progressbar")).to_be_visible()
    sheet.get_by_role("button", name="Call it off").click()
    expect(sheet.get_by_role("button", name="Reckon all anew")).to_be_visible(timeout=120_000)

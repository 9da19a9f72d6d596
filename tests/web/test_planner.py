"""A planner colours the ground, reads what a camera sees, drags and turns it, and looks at an area; also by keys."""

import re

import psycopg
import pytest
from playwright.sync_api import Page, expect

from tests.running import Running
from tests.web.conftest import HERE, at, centre_on, desk_of, until
from tests.web.test_accessibility import violations
from tests.web.test_signs import tell

CODE = "planner-test"
EAST = 0.0009  # degrees, some 70 m
SPOT = (HERE[0] + 0.0031, HERE[1] + 0.0017)


@pytest.fixture
def planner(page: Page, running: Running) -> Page:
    """A planner's desk with a camera in its middle that looks north and was calibrated."""
    tell(running, "DELETE FROM camera WHERE code = %s", CODE)
    tell(
        running,
        """INSERT INTO camera (code, name_kk, name_ru, name_en, url, reader, height_m, heading_deg, hfov_deg, tilt_deg,
                               width_px, height_px, calibration, enabled, geom)
           VALUES (%s, 'Gate', 'Gate', 'Gate', 'x', 'video_file', 6, 0, 60, 10, 1920, 1080, 'good', false,
                   ST_SetSRID(ST_MakePoint(%s, %s), 4326))""",
        CODE,
        *SPOT,
    )
    desk = desk_of(page, "planner")
    centre_on(desk, *SPOT, zoom=17)
    return desk


def hangs(running: Running) -> tuple[float, float, float]:
    """Its longitude, height and heading in the store."""
    with psycopg.connect(running.database_url) as link:
        asked = "SELECT ST_X(geom), height_m, heading_deg FROM camera WHERE code = %s"
        row = link.execute(asked, [CODE]).fetchone()
    assert row is not None
    return row


def choose(planner: Page) -> None:
    """Click the camera once the map draws it."""
    drawn = "qyranMap.querySourceFeatures('cameras', {sourceLayer: 'cameras'}).some(f => f.properties.code === %r)"
    until(lambda: planner.evaluate(drawn % CODE), "the camera is drawn")
    planner.mouse.click(*at(planner, *SPOT))


def test_a_camera_is_dragged_and_turned_and_only_saving_stores_it(planner: Page, running: Running) -> None:
    choose(planner)
    card = planner.get_by_role("region", name="Gate")
    card.get_by_text("What it sees").click()
    expect(card.get_by_role("list", name="Legend")).to_contain_text(re.compile("Situation.* m²"))
    expect(card).to_contain_text("Blind under the mast: up to")
    card.get_by_role("button", name="Move and turn").click()
    dock = planner.get_by_role("region", name="Gate, hung otherwise")
    dock.get_by_label("Height, m").fill("9")
    planner.keyboard.press("Escape")
    expect(dock).to_have_count(0)
    assert hangs(running)[1:] == (6, 0)
    card.get_by_role("button", name="Move and turn").click()
    expect(dock).to_contain_text("Answered in")
    planner.mouse.move(*at(planner, *SPOT))  # the dock moved the map aside
    planner.mouse.down()
    planner.mouse.move(*at(planner, SPOT[0] + EAST, SPOT[1]), steps=4)
    planner.mouse.up()
    dock.get_by_role("application").focus()
    for _ in range(3):
        planner.keyboard.press("Shift+Period")
    expect(dock.get_by_label("Heading, °")).to_have_value("30")
    expect(dock).to_contain_text(re.compile(r"Gained.*m² · weight"))
    assert violations(planner) == []
    save = dock.get_by_role("button", name="Save")
    expect(save).to_be_disabled()
    dock.get_by_label("The calibration of 1 view is lost").check()
    save.click()
    expect(dock).to_have_count(0)
    lon, _, heading = hangs(running)
    assert heading == 30 and lon == pytest.approx(SPOT[0] + EAST, abs=2e-5)


def test_the_ground_is_coloured_by_classes_and_an_area_is_typed_and_kept(planner: Page) -> None:
    planner.get_by_role("button", name="Camera coverage").click()
    sheet = planner.get_by_role("group", name="Camera coverage")
    colours = sheet.get_by_role("region", name="Colour the ground")
    colours.get_by_label("By").select_option(label="Pixel density, DORI 2014")
    colours.get_by_label("Of what").select_option(label="All that the map shows")
    expect(colours.get_by_role("list", name="Legend").get_by_role("listitem")).to_have_count(4)
    expect(colours).to_contain_text(re.compile("of open ground, [1-9]"))
    centre_on(planner, *SPOT, zoom=12)
    expect(colours.get_by_role("alert")).to_contain_text("too large")
    areas = sheet.get_by_role("region", name="Areas of interest")
    areas.get_by_text("Type its corners").click()
    lines = [(0, 0), (0, 1), (1, 1)]
    typed = "\n".join(f"{SPOT[1] + 0.002 * north}, {SPOT[0] + 0.002 * east}" for north, east in lines)
    areas.get_by_label("Latitude, longitude; one corner a line").fill(typed)
    areas.get_by_role("button", name="Reckon this area").click()
    expect(areas.get_by_role("row", name=re.compile("Ground")).first).to_contain_text("%")
    areas.get_by_label("Name").fill("Bazaar")
    areas.get_by_role("button", name="Keep", exact=True).click()
    areas.get_by_role("button", name="Close it").click()
    areas.get_by_role("button", name="Bazaar", exact=True).click()
    expect(areas.get_by_role("heading", name="Bazaar")).to_be_visible()
    areas.get_by_role("button", name="Take Bazaar away").click()
    expect(areas.get_by_role("button", name="Bazaar", exact=True)).to_have_count(0)

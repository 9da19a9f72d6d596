"""Planning cameras in the window: a region drawn, a plan asked for and found after a reload, two beside each other."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.running import Running
from tests.web.conftest import HERE, desk_of
from tests.web.test_accessibility import violations
from tests.web.test_signs import tell

RECKONED_MS = 180_000  # another process begins, beside the browser


@pytest.fixture
def sheet(page: Page, running: Running) -> Locator:
    """What a planner sees who opens the sheet in the middle of the city."""
    for table in ("placement", "forbidden_zone"):
        tell(running, f"DELETE FROM {table}")
    desk = desk_of(page, "planner")
    page.wait_for_function("() => Boolean(globalThis.qyranMap)")
    page.evaluate("at => void qyranMap.jumpTo({center: at, zoom: 16.4})", list(HERE))
    desk.get_by_role("button", name="Camera placement").click()
    return desk.get_by_role("group", name="Camera placement")


def draw(page: Page) -> None:
    """Draw around the middle of the map by keys alone: Space sets a point there, Enter ends it."""
    for east, north in ((-90, -90), (180, 0), (0, 180), (-180, 0)):
        page.evaluate("by => void qyranMap.panBy(by, {duration: 0})", [east, -north])
        page.locator(".crosshair").wait_for()
        page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.evaluate("at => void qyranMap.jumpTo({center: at, zoom: 16.4})", list(HERE))


def ask(sheet: Locator, page: Page, name: str, number: int) -> None:
    sheet.get_by_role("button", name="New plan").click()
    sheet.get_by_label("Name of the plan").fill(name)
    sheet.get_by_role("button", name="Draw a region on the map").click()
    draw(page)
    sheet.get_by_role("spinbutton", name="cameras").fill(str(number))
    sheet.get_by_role("button", name="Propose").click()


def test_a_planner_has_cameras_planned_moves_one_and_sets_two_plans_side_by_side(
    sheet: Locator, page: Page, tmp_path: Path
) -> None:
    ask(sheet, page, "Small", 1)
    expect(sheet.get_by_role("progressbar")).to_be_visible()
    page.reload()
    page.get_by_role("button", name="Camera placement").click()
    plans = sheet.get_by_role("list", name="Plans of cameras").get_by_role("listitem")
    expect(plans.first).to_contain_text("1 camera", timeout=RECKONED_MS)
    ask(sheet, page, "Large", 3)
    expect(plans.first).to_contain_text("3 cameras", timeout=RECKONED_MS)
    cameras = sheet.get_by_role("list", name="Cameras of the plan")
    expect(cameras).to_contain_text("meets")
    assert violations(page) == []

    with page.expect_download() as told:
        sheet.get_by_role("button", name="CSV").click()
    told.value.save_as(tmp_path / "tender.csv")
    assert "Almaty 213 13.1" in (tmp_path / "tender.csv").read_text(encoding="utf-8-sig")

    cameras.get_by_role("button", name="Move, turn camera 1").click()
    heading = cameras.get_by_role("slider", name="Heading")
    heading.focus()
    for _ in range(3):
        page.keyboard.press("PageUp")
    expect(cameras.get_by_role("status")).to_contain_text("The plan sees")
    cameras.get_by_role("button", name="Keep").click()
    expect(cameras).to_contain_text("moved by")

    for name in ("Large", "Small"):
        sheet.get_by_role("checkbox", name=f"Compare {name}").check()
    table = sheet.get_by_role("region", name="Plans side by side")
    expect(table.get_by_role("columnheader")).to_have_text(["Large", "Small"])
    line = page.get_by_role("slider", name="Line: Large on the left, Small on the right")
    line.focus()
    page.keyboard.press("ArrowLeft")
    expect(line).to_have_value("49")
    assert violations(page) == []


def test_a_zone_is_forbidden_on_the_map_by_keys_and_allowed_again(sheet: Locator, page: Page) -> None:
    sheet.get_by_text("0 forbidden zones").click()
    sheet.get_by_label("Name of the zone").fill("Windows of homes")
    sheet.get_by_role("button", name="Draw it on the map").click()
    draw(page)
    expect(sheet).to_contain_text("Windows of homes")
    expect(sheet).to_contain_text("1 forbidden zone")
    sheet.get_by_role("button", name="Delete Windows of homes").click()
    expect(sheet).to_contain_text("0 forbidden zones")

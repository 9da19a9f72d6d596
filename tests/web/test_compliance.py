"""The rules of installation: the report, a figure of it opened as a list, and one camera with what would mend it."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.running import Running
from tests.web.conftest import HERE, desk_of
from tests.web.test_accessibility import violations
from tests.web.test_signs import tell

CAMERA = """INSERT INTO camera (code, name_kk, name_ru, name_en, url, reader, enabled, height_m, heading_deg, tilt_deg,
                                hfov_deg, width_px, height_px, owner, owner_kind, installed_on, modules, watches, geom)
            VALUES (%s, 'Базар кіреберісі', 'Вход на базар', 'Market gate', 'x', 'video_file', false, %s, 0, 5, 60,
                    1920, 1080, %s, 'private', '2020-03-01', '{person}', '{passage}',
                    ST_SetSRID(ST_MakePoint(%s, %s), 4326))"""


@pytest.fixture
def report(page: Page, running: Running) -> Locator:
    """What a planner sees of a city in which two cameras hang at a market's gate, one of them too low."""
    tell(running, "DELETE FROM camera WHERE code LIKE 'RULED-%%'")
    for code, height_m in (("RULED-1", 1.0), ("RULED-2", 2.2)):
        tell(running, CAMERA, code, height_m, "Базар", *HERE)
    desk = desk_of(page, "planner")
    desk.get_by_role("link", name="Rules of installation").click()
    return desk.get_by_role("group", name="Rules of installation")


def test_a_planner_goes_from_the_report_to_the_cameras_of_an_owner_and_to_what_mends_one_by_the_keyboard(
    report: Locator, page: Page
) -> None:
    expect(report.get_by_role("rowheader", name="Almaty", exact=True)).to_be_visible()
    assert violations(page) == []
    page.get_by_role("link", name="Owners", exact=True).press("Enter")
    report.get_by_role("button", name="Базар: breaks, 2").press("Enter")
    listed = report.get_by_role("row", name="Market gate")
    expect(listed).to_have_count(2)
    page.get_by_role("combobox", name=re.compile("^Rule")).select_option("person_height")
    expect(listed).to_have_count(1)
    listed.get_by_role("link").press("Enter")
    card = page.get_by_role("region", name="Market gate")
    broken = card.get_by_role("region", name="breaks").get_by_role("listitem").filter(has_text="1.8–4 m high")
    expect(broken).to_contain_text("1 m · from the register")
    expect(broken).to_contain_text("To mend it: raise by 0.8 m")
    unknown = card.get_by_role("region", name="cannot tell").get_by_role("listitem").filter(has_text="Shutter")
    expect(unknown).to_contain_text("Because: the register does not tell: shutter time")
    expect(card).to_contain_text("older private: until 1 January 2026")
    assert violations(page) == []
    page.get_by_role("link", name="Close").press("Enter")
    expect(card).to_have_count(0)


def test_the_report_goes_home_as_a_workbook(report: Locator, page: Page, tmp_path: Path) -> None:
    expect(report.get_by_role("rowheader", name="Almaty", exact=True)).to_be_visible()
    with page.expect_download() as waited:
        page.get_by_role("button", name="Download XLSX").click()
    assert waited.value.suggested_filename.endswith(".xlsx")
    waited.value.save_as(tmp_path / "report.xlsx")
    assert (tmp_path / "report.xlsx").read_bytes().startswith(b"PK")

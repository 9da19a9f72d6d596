"""A planner takes a file into the register of cameras, decides what is there already, and edits what came of it."""

import re

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.running import Running
from tests.web.conftest import HERE, come_in
from tests.web.test_accessibility import violations
from tests.web.test_signs import tell

LON, LAT = HERE
LONG_MS = 120_000  # a process is begun for each step, beside all other tests
TABLE = f"""Код;Атауы;Широта;Долгота;Высота;Азимут;Угол обзора;Владелец;Примечание
REG-1;Абай көшесі;{LAT};{LON};6,5;90;60;ТОО Глаз;x
REG-2;Орын ауысқан;{LON};{LAT + 0.001};5;10;400;ТОО Глаз;y
REG-3;Орнын айтпайды;;;;;;;z
"""


def payload(text: str) -> FilePayload:
    return {"name": "камералар.csv", "mimeType": "text/csv", "buffer": text.encode("cp1251", "replace")}


@pytest.fixture
def page_of_files(page: Page, running: Running) -> Locator:
    """The register without the cameras and files of other tests."""
    tell(running, "DELETE FROM register_import")
    tell(running, "DELETE FROM camera WHERE starts_with(code, 'REG-')")
    come_in(page, "planner")
    page.goto("/#/register/files")
    page.reload()
    return page.get_by_role("group", name="Take in a file")


def send(files: Locator, text: str) -> Locator:
    files.get_by_label("File", exact=True).set_input_files(payload(text))
    files.get_by_role("button", name="Send").click()
    return files.get_by_role("region", name="камералар.csv")


def test_a_file_is_shown_before_it_is_taken_in_and_its_refused_rows_go_home(page_of_files: Locator, page: Page) -> None:
    one = send(page_of_files, TABLE)
    expect(one).to_contain_text("Good rows: 2", timeout=LONG_MS)
    expect(one).to_contain_text("In 1 rows latitude and longitude were swapped", timeout=LONG_MS)
    expect(one).to_contain_text("Columns that are not taken: Примечание", timeout=LONG_MS)
    one.get_by_role("button", name="Refused: 1").click()
    expect(one.get_by_role("row", name=re.compile("^4 "))).to_contain_text("No place is given.")
    one.get_by_role("button", name="With remarks: 1").click()
    expect(one.get_by_role("row", name="3 REG-2")).to_contain_text("400 cannot be")
    assert violations(page) == []
    with page.expect_download() as home:
        one.get_by_role("button", name="Download the refused rows").click()
    assert "No place is given." in home.value.path().read_text("utf-8-sig")
    one.get_by_role("button", name="Take into the register").click(timeout=LONG_MS)
    expect(one).to_contain_text("Added: 2, changed: 0, skipped: 0.", timeout=LONG_MS)


def test_another_column_is_chosen_after_a_reload_and_a_camera_that_is_there_is_updated(
    page_of_files: Locator, page: Page
) -> None:
    one = send(page_of_files, TABLE)
    one.get_by_role("button", name="Take into the register").click(timeout=LONG_MS)
    expect(one).to_contain_text("Added: 2", timeout=LONG_MS)
    one = send(page_of_files, TABLE.replace("ТОО Глаз", "Другой").replace("Примечание", "Опора №"))
    expect(one).to_contain_text("Rows that may be cameras of the register already: 2.", timeout=LONG_MS)
    page.reload()
    one.get_by_text("Columns and units").click()
    one.get_by_label("Опора №").select_option(label="Pole")
    one.get_by_role("button", name="Read anew").click()
    expect(one).to_contain_text("being read")
    expect(one.get_by_role("button", name="Take into the register")).to_be_visible(timeout=LONG_MS)
    expect(one.get_by_text("Columns that are not taken")).to_have_count(0)
    one.get_by_label("With all others").select_option("update")
    one.get_by_role("button", name="Take into the register").click(timeout=LONG_MS)
    expect(one).to_contain_text("Added: 0, changed: 2", timeout=LONG_MS)


def test_an_entry_is_edited_and_its_history_tells_who_did_it(page_of_files: Locator, page: Page) -> None:
    one = send(page_of_files, TABLE)
    one.get_by_role("button", name="Take into the register").click(timeout=LONG_MS)
    expect(one).to_contain_text("Added: 2", timeout=LONG_MS)
    page.get_by_role("link", name="Cameras", exact=True).click()
    page.get_by_label("Search").fill("reg-1")
    page.get_by_label("Search").press("Enter")
    page.get_by_role("link", name="REG-1").click()
    entry = page.get_by_role("complementary", name="REG-1")
    expect(entry).to_contain_text("stands in the register alone")
    entry.get_by_label("Contract", exact=True).fill("№ 12")
    entry.get_by_label("number plates").check()
    entry.get_by_role("button", name="Save the entry").click()
    expect(entry.get_by_role("listitem").first).to_contain_text("planner")
    expect(entry.get_by_role("listitem").first).to_contain_text("Contract: — → № 12")
    assert violations(page) == []

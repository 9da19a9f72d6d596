"""The audit: searched by who, what and how it ended, read in full, taken home as a file."""

import csv
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.running import Running
from tests.web.conftest import Machines, open_page, prove, sign_in
from tests.web.test_accessibility import violations


@pytest.fixture
def audit(page: Page, machines: Machines, running: Running) -> Locator:
    """The audit as the commander of the city sees it, after a planner tried what planners may not."""
    machines.ask("/api/units")
    refused = httpx.post(
        f"{running.url}/api/events/1/reject", auth=("planner", "demo"), json={"reason": "x"}, timeout=20
    )
    assert refused.status_code == 403
    sign_in(page, "commander-city")
    expect(page.get_by_role("tab", name="Events")).to_be_visible()
    return open_page(page, "#/audit", "Audit")


def test_what_was_refused_is_found_and_read_in_full(page: Page, audit: Locator) -> None:
    sieve = audit.get_by_role("search")
    sieve.get_by_role("searchbox", name="Who").fill("planner")
    sieve.get_by_role("combobox", name="Outcome").select_option("refused")
    sieve.get_by_role("button", name="Search").click()
    rows = audit.get_by_role("row").filter(has_text="Decided on an event")
    expect(rows.first).to_contain_text("planner · Almaty")
    expect(audit.get_by_role("row").filter(has_text="done")).to_have_count(0)
    rows.first.get_by_role("button").press("Enter")
    expect(audit).to_contain_text("not_your_role")
    assert violations(page) == []


def test_one_s_own_search_is_itself_in_the_audit(audit: Locator) -> None:
    sieve = audit.get_by_role("search")
    sieve.get_by_role("combobox", name="What").select_option("audit.search")
    sieve.get_by_role("button", name="Search").click()
    expect(audit.get_by_role("row").filter(has_text="commander-city").first).to_contain_text("Searched the audit")


def test_nothing_found_is_said(audit: Locator) -> None:
    sieve = audit.get_by_role("search")
    sieve.get_by_role("searchbox", name="Who").fill("nobody of this name")
    sieve.get_by_role("button", name="Search").click()
    expect(audit).to_contain_text("Nothing was found")


def test_the_file_needs_a_proof_and_holds_what_was_sought(page: Page, audit: Locator, tmp_path: Path) -> None:
    sieve = audit.get_by_role("search")
    sieve.get_by_role("searchbox", name="Who").fill("planner")
    sieve.get_by_role("button", name="Search").click()
    expect(audit.get_by_role("row").filter(has_text="planner").first).to_be_visible()
    with page.expect_download() as taken:
        audit.get_by_role("button", name="Export CSV").click()
        prove(page)
    file = tmp_path / "audit.csv"
    taken.value.save_as(file)
    rows = list(csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines()))
    assert {row["who"] for row in rows} == {"planner"}
    assert taken.value.suggested_filename.startswith("qyran-audit-")


def test_the_seal_is_told(audit: Locator) -> None:
    expect(audit.get_by_role("img", name="Sealed")).to_be_visible()

"""axe finds nothing on any of the pages (WCAG 2.2 A and AA)."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.web.conftest import WEB, Machines

AXE = (WEB / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page) -> list[str]:
    """What axe finds: the rule, and the elements it found it in."""
    page.evaluate(AXE)
    found: Any = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", TAGS)
    return [f"{one['id']}: {[node['target'] for node in one['nodes']]}" for one in found["violations"]]


def test_the_sign_in_page(page: Page) -> None:
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    assert violations(page) == []


def test_the_desk_with_an_event_open(desk: Page, machines: Machines) -> None:
    said = machines.call("Read to me.")
    desk.get_by_role("tabpanel").get_by_role("button", name=said).click()
    desk.get_by_role("button", name="Layers").click()
    assert violations(desk) == []
    desk.get_by_role("button", name="Reject").click()
    assert violations(desk) == []


def test_the_units_with_their_filter(desk: Page) -> None:
    desk.get_by_role("tab", name="Units").click()
    expect(desk.get_by_role("searchbox", name="Call sign")).to_be_visible()
    assert violations(desk) == []


def test_the_incident_card_in_each_language(desk: Page, machines: Machines) -> None:
    machines.drive_some()
    said = machines.call("An incident for every reader.")
    desk.get_by_role("tabpanel").get_by_role("button", name=said).click()
    desk.get_by_role("button", name="Confirm").click()
    expect(desk.locator(".proposals > li").first).to_be_visible()
    for name in ("English", "Қазақша", "Русский"):
        desk.get_by_role("button", name=name).click()
        assert violations(desk) == []

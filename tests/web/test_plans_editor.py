"""Categories, plans and contacts in the administration: checked as a whole, kept in versions."""

import json

from playwright.sync_api import Page, expect

from tests.web.conftest import open_page, prove, sign_in
from tests.web.test_accessibility import violations


def test_a_plan_is_changed_checked_and_kept_as_a_new_version(page: Page) -> None:
    sign_in(page, "admin")
    expect(page.get_by_role("tab", name="Events")).to_be_visible()
    plans = open_page(page, "#/administration/plans", "Administration")
    assert violations(page) == []
    plans.get_by_role("searchbox").fill("smoke")
    plans.get_by_role("list", name="Categories").get_by_role("button", name="smoke", exact=True).click()
    editor = plans.get_by_role("textbox", name="smoke")
    entry = json.loads(editor.input_value())
    editor.fill("{")
    expect(plans.get_by_role("alert").filter(has_text="JSON")).to_be_visible()

    editor.fill(json.dumps({**entry, "group": "nobody"}))
    plans.get_by_role("button", name="Check").click()
    faults = plans.get_by_role("list", name="Faults")
    expect(faults).to_contain_text("categories.smoke")
    entry["title"]["en"] = "Smoke seen"
    editor.fill(json.dumps(entry))
    plans.get_by_role("button", name="New version").click()
    dialog = page.get_by_role("dialog", name="New version")
    expect(dialog).to_contain_text("categories.smoke")
    dialog.get_by_label("What changed, and why").fill("Say what was seen.")
    dialog.get_by_role("button", name="Save it").click()
    prove(page)
    expect(page.get_by_role("status").filter(has_text="is saved")).to_be_visible()
    plans.get_by_role("button", name="Versions").click()
    versions = page.get_by_role("dialog", name="Versions")
    expect(versions.get_by_role("listitem").first).to_contain_text("Say what was seen.")
    assert violations(page) == []


def test_a_contact_is_written_down_and_switched_off(page: Page) -> None:
    sign_in(page, "admin")
    expect(page.get_by_role("tab", name="Events")).to_be_visible()
    contacts = open_page(page, "#/administration/contacts", "Administration")
    contacts.get_by_role("button", name="New contact").click()
    dialog = page.get_by_role("dialog", name="New contact")
    dialog.get_by_label("Name").fill("Akimat duty desk")
    dialog.get_by_label("Role in the plans").fill("akimat_duty")
    expect(dialog.get_by_role("checkbox")).to_have_count(0)  # no address, no channel
    dialog.get_by_label("E-mail").fill("duty@akimat.example")
    dialog.get_by_role("checkbox", name="e-mail").check()
    assert violations(page) == []
    dialog.get_by_role("button", name="Save").click()
    prove(page)
    panel = page.get_by_role("complementary", name="Akimat duty desk")
    expect(panel).to_contain_text("duty@akimat.example")
    assert violations(page) == []
    panel.get_by_role("button", name="Switch off").click()
    expect(contacts.get_by_role("row", name="Akimat duty desk")).to_contain_text("off")

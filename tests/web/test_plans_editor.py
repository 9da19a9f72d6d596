"""Categories and plans in forms, checked as a whole and kept in versions; contacts beside them."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.conftest import open_page, prove, sign_in
from tests.web.test_accessibility import violations


@pytest.fixture
def plans(page: Page) -> Locator:
    """The plans as the administrator of the Republic sees them."""
    sign_in(page, "admin")
    expect(page.get_by_role("tab", name="Events")).to_be_visible()
    opened = open_page(page, "#/administration/plans", "Administration")
    expect(opened.get_by_role("list", name="Response plans")).to_be_visible()
    return opened


def entry(plans: Locator, part: str, title: str) -> Locator:
    """Open one entry; hand back its form."""
    plans.get_by_role("combobox", name="Part", exact=True).select_option(part)
    plans.get_by_role("searchbox", name="Search the entries").fill("")
    plans.get_by_role("region", name="Entries").get_by_role("button", name=title, exact=True).click()
    form = plans.get_by_role("region", name=f"› {title}")
    expect(form).to_be_visible()
    return form


def level(form: Locator, n: int) -> Locator:
    """One alarm level of a plan."""
    return form.get_by_role("listitem", name=f"Alarm level {n}")


def test_a_plan_is_changed_by_the_keyboard_compared_and_kept_as_a_new_version(page: Page, plans: Locator) -> None:
    first = level(entry(plans, "plans", "Smoke"), 1)
    expect(first.get_by_role("listitem", name="Who is sent")).to_have_count(1)
    first.get_by_role("spinbutton", name="Number").fill("2")
    first.get_by_role("button", name="+ add units").press("Enter")
    added = first.get_by_role("listitem", name="Who is sent 2")
    expect(added.get_by_role("spinbutton", name="Number")).to_be_focused()
    added.get_by_role("combobox", name="Service").select_option("police")
    page.keyboard.press("Alt+ArrowUp")
    moved = first.get_by_role("listitem", name="Who is sent 1")
    expect(moved.get_by_role("spinbutton", name="Number")).to_be_focused()  # the keyboard goes along
    expect(moved.get_by_role("combobox", name="Service")).to_have_value("police")
    first.get_by_role("combobox", name="Who is told: Add…").press_sequentially("senior duty")
    page.keyboard.press("Enter")
    expect(first.get_by_role("group", name="Who is told")).to_contain_text("Senior duty officer")
    assert violations(page) == []

    plans.get_by_role("button", name="New version").click()
    dialog = page.get_by_role("dialog", name="New version")
    changed = dialog.get_by_role("region", name="plans.smoke")
    for line in ("1 × Fire engine", "2 × Fire engine", "1 × Police", "Who is told: Senior duty officer"):
        expect(changed.get_by_role("listitem").filter(has_text="Alarm level 1 › ").filter(has_text=line)).to_have_count(
            1
        )
    assert violations(page) == []
    dialog.get_by_label("What changed, and why").fill("Two engines, and the police keep the street free.")
    dialog.get_by_role("button", name="Save it").click()
    prove(page)
    expect(page.get_by_role("status").filter(has_text="is saved")).to_be_visible()
    expect(plans.get_by_role("button", name="New version")).to_be_disabled()  # nothing is one's own any more
    plans.get_by_role("button", name="Versions").click()
    versions = page.get_by_role("dialog", name="Versions")
    expect(versions.get_by_role("listitem").first).to_contain_text("Two engines")
    assert violations(page) == []


def test_what_the_server_refuses_is_shown_at_the_row_that_it_means(page: Page, plans: Locator) -> None:
    form = entry(plans, "plans", "Theft")
    needs = level(form, 1).get_by_role("group", name="Who is sent")
    needs.get_by_role("button", name="Who is sent 1: take out").press("Enter")
    expect(needs.get_by_role("button", name="+ add units")).to_be_focused()  # the keyboard is not lost
    entry(plans, "recipients", "Juvenile police")
    plans.get_by_role("button", name="Remove").click()
    plans.get_by_role("button", name="Check").click()
    faults = plans.get_by_role("list", name="Faults")
    expect(faults).to_contain_text("The first level sends nobody.")
    expect(faults.get_by_role("listitem").nth(1)).to_be_visible()  # who named the one that was taken out
    faults.get_by_role("button", name="Response plans › Theft").click()
    expect(needs).to_contain_text("The first level sends nobody.")
    expect(needs.get_by_role("button", name="+ add units")).to_be_focused()
    assert violations(page) == []
    page.keyboard.press("Enter")
    expect(needs).not_to_contain_text("The first level sends nobody.")  # not before it is checked again
    plans.get_by_role("button", name="Put all back").click()
    expect(plans.get_by_role("button", name="New version")).to_be_disabled()


def test_what_was_changed_is_kept_while_another_page_is_open_and_one_entry_is_put_back(
    page: Page, plans: Locator
) -> None:
    form = entry(plans, "categories", "Theft")
    form.get_by_role("group", name="Title").get_by_label("en").fill("Larceny")
    plans.get_by_role("button", name="New entry…").click()
    dialog = page.get_by_role("dialog", name="New entry…")
    dialog.get_by_label("Name (key)").fill("pickpocketing")
    assert violations(page) == []
    dialog.get_by_role("button", name="Make it").click()
    open_page(page, "#/audit", "Audit")
    open_page(page, "#/administration/plans", "Administration")
    plans.get_by_role("button", name="What changed").click()
    changes = page.get_by_role("dialog", name="What changed")
    expect(changes.get_by_role("region", name="plans.pickpocketing")).to_be_visible()  # it came with a plan
    renamed = changes.get_by_role("region", name="categories.theft")
    expect(renamed).to_contain_text("Title (en): Larceny")
    assert violations(page) == []
    renamed.get_by_role("button", name="Put back Larceny").click()
    expect(renamed).to_have_count(0)
    page.keyboard.press("Escape")
    plans.get_by_role("button", name="Put all back").click()


def test_each_part_has_a_form_that_fits_a_small_window(page: Page, plans: Locator) -> None:
    page.set_viewport_size({"width": 1024, "height": 640})
    wide = "form => [form, ...form.querySelectorAll('*')].filter(e => e.scrollWidth > form.clientWidth).length"
    for part, title in (
        ("reactions", "A road by a school, in school hours"),
        ("questions", "Where exactly: floor, entrance, landmark?"),
        ("checklists", "Taking the call"),
        ("clocks", "call"),
        ("urgency", "urgency"),
        ("times", "Rush hour"),
        ("regimes", "Raised readiness"),
        ("groups", "Gas service, 104"),
    ):
        form = entry(plans, part, title)
        assert form.evaluate(wide) == 0, part
        expect(plans.get_by_role("button", name="Check")).to_be_in_viewport()
        assert violations(page) == [], part


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

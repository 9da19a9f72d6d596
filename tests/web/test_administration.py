"""The administration: accounts and their sessions, machines and their keys, grants between areas."""

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.running import Running
from tests.web.conftest import Machines, desk_of, open_page, prove, sign_in
from tests.web.test_accessibility import violations

FIRST, OWN = "the first one given", "one of their own"


@pytest.fixture
def accounts(page: Page) -> Locator:
    """The accounts as the administrator of the Republic sees them."""
    sign_in(page, "admin")
    expect(page.get_by_role("tab", name="Events")).to_be_visible()
    return open_page(page, "#/administration/accounts", "Administration")


def make(page: Page, accounts: Locator, name: str, *, proof: bool = True) -> Locator:
    """Make a dispatcher of Medeu, and hand back the panel of the new account."""
    accounts.get_by_role("button", name="New account").click()
    dialog = page.get_by_role("dialog", name="New account")
    dialog.get_by_label("Name").fill(name)
    dialog.get_by_label("Role").select_option("dispatcher")
    area = dialog.get_by_label("Area").locator("option", has_text="Medeu").get_attribute("value")
    dialog.get_by_label("Area").select_option(area)
    dialog.get_by_label("First password").fill(FIRST)
    assert violations(page) == []
    dialog.get_by_role("button", name="Make it").click()
    if proof:
        prove(page)
    expect(dialog).to_have_count(0)
    return page.get_by_role("complementary", name=name)


def come_in(page: Page, name: str) -> None:
    """Sign in for the first time, with a password of one's own."""
    sign_in(page, name, FIRST)
    page.get_by_label("New password", exact=False).first.fill(OWN)
    page.get_by_label("New password again").fill(OWN)
    assert violations(page) == []
    page.get_by_role("button", name="Change it").click()
    expect(page.get_by_role("banner")).to_contain_text(name)


def test_an_account_is_made_comes_in_loses_its_session_and_is_switched_off(
    page: Page, other: Page, accounts: Locator
) -> None:
    panel = make(page, accounts, "aigul")
    come_in(other, "aigul")
    expect(other.get_by_role("banner")).to_contain_text("Medeu")
    expect(other.get_by_role("link", name="Administration")).to_have_count(0)

    panel.get_by_role("button", name="Close").click()
    accounts.get_by_role("button", name="aigul").click()
    expect(panel.get_by_role("listitem")).to_contain_text("by password")
    assert violations(page) == []
    panel.get_by_role("button", name="End it").click()
    expect(panel).to_contain_text("No open sessions")
    expect(other.get_by_role("main")).to_contain_text("The session was ended.")

    panel.get_by_role("button", name="Switch off").click()
    expect(accounts.get_by_role("row", name="aigul")).to_contain_text("off")
    other.get_by_label("Password").fill(OWN)
    other.get_by_role("button", name="Sign in").click()
    expect(other.get_by_role("alert")).to_contain_text("wrong")


def test_a_search_leaves_what_it_finds_and_one_s_own_account_is_not_offered(page: Page, accounts: Locator) -> None:
    rows = accounts.get_by_role("row")
    accounts.get_by_role("searchbox").fill("commander almaty")
    expect(rows.filter(has_text="commander-city")).to_have_count(1)
    expect(rows.filter(has_text="dispatcher")).to_have_count(0)
    accounts.get_by_role("searchbox").fill("admin")
    accounts.get_by_role("button", name="admin", exact=True).click()
    panel = page.get_by_role("complementary", name="admin")
    expect(panel).to_contain_text("This is your own account")
    expect(panel.get_by_role("button", name="Save")).to_have_count(0)
    expect(panel.get_by_role("button", name="Switch off")).to_have_count(0)
    expect(panel).to_contain_text("this window")


def test_a_locked_person_reads_who_helps_and_an_administrator_does(
    page: Page, other: Page, accounts: Locator, running: Running
) -> None:
    for _ in range(5):
        httpx.post(f"{running.url}/api/session", json={"user": "planner", "password": "guessed"}, timeout=20)
    sign_in(other, "planner")
    expect(other.get_by_role("alert")).to_contain_text("Too many wrong tries")
    expect(other.get_by_role("main")).to_contain_text("An administrator of your area")
    page.reload()
    accounts.get_by_role("button", name="planner").click()
    panel = page.get_by_role("complementary", name="planner")
    panel.get_by_role("button", name="Release the lock").click()
    expect(panel.get_by_role("button", name="Release the lock")).to_have_count(0)
    other.get_by_role("button", name="Sign in").click()
    expect(other.get_by_role("tab", name="Events")).to_be_visible()


def test_a_machine_gets_a_key_that_is_shown_once_and_loses_it(page: Page, accounts: Locator) -> None:
    sources = open_page(page, "#/administration/sources", "Administration")
    sources.get_by_role("button", name="New source").click()
    dialog = page.get_by_role("dialog", name="New source")
    dialog.get_by_label("Name").fill("trackers of the tests")
    dialog.get_by_role("button", name="Make it").click()
    prove(page)
    sources.get_by_role("button", name="New key: trackers of the tests").click()
    dialog = page.get_by_role("dialog", name="New key: trackers of the tests")
    dialog.get_by_role("button", name="Make it").click()
    expect(dialog).to_contain_text("The key is shown this once")
    key = dialog.locator(".secret code").inner_text()
    assert len(key) > 20
    assert violations(page) == []
    dialog.get_by_role("button", name="I have it").click()
    own = sources.get_by_role("region", name="trackers of the tests")
    expect(own).to_contain_text("good")
    expect(own).not_to_contain_text(key)
    own.get_by_role("button", name="Revoke").click()
    expect(own).to_contain_text("revoked")


def test_a_grant_is_given_seen_by_the_other_side_and_taken_back(page: Page, other: Page) -> None:
    sign_in(page, "commander-city")
    expect(page.get_by_role("tab", name="Events")).to_be_visible()
    grants = open_page(page, "#/administration/grants", "Administration")
    grants.get_by_role("button", name="New grant").click()
    dialog = page.get_by_role("dialog", name="New grant")
    to = dialog.get_by_role("combobox", name="To", exact=True)
    expect(to.locator("option", has_text="Astana")).to_have_count(1)
    to.select_option(to.locator("option", has_text="Almaty").first.get_attribute("value"))
    dialog.get_by_label("Reason").fill("Smoke drifts over the border.")
    assert violations(page) == []
    dialog.get_by_role("button", name="Give it").click()
    given = grants.get_by_role("region", name="Given")
    expect(given).to_contain_text("Smoke drifts over the border.")

    sign_in(other, "commander-oblast")
    expect(other.get_by_role("tab", name="Events")).to_be_visible()
    theirs = open_page(other, "#/administration/grants", "Administration").get_by_role("region", name="Received")
    expect(theirs).to_contain_text("Smoke drifts over the border.")
    expect(theirs.get_by_role("button", name="Revoke")).to_have_count(0)

    given.get_by_role("button", name="Revoke").click()
    expect(given).not_to_contain_text("Smoke drifts")
    grants.get_by_role("checkbox", name="Past ones too").check()
    expect(given).to_contain_text("revoked")


def test_one_incident_is_granted_and_the_other_side_sees_it_and_no_other(
    page: Page, other: Page, machines: Machines
) -> None:
    number = machines.open_incident("Smoke drifts over the border.")["number"]
    machines.open_incident("A fight in a yard.", category="public_order")
    sign_in(page, "commander-city")
    expect(page.get_by_role("tab", name="Events")).to_be_visible()
    grants = open_page(page, "#/administration/grants", "Administration")
    grants.get_by_role("button", name="New grant").click()
    dialog = page.get_by_role("dialog", name="New grant")
    to, what = (dialog.get_by_role("combobox", name=name, exact=True) for name in ("To", "What is shown"))
    expect(to.locator("option", has_text="Almaty").first).to_be_attached()
    to.select_option(to.locator("option", has_text="Almaty").first.get_attribute("value"))
    what.select_option(what.locator("option", has_text=number).get_attribute("value"))
    expect(dialog.get_by_role("combobox", name="Which area")).to_have_count(0)
    dialog.get_by_label("Reason").fill("Smoke drifts over the border.")
    dialog.get_by_role("button", name="Give it").click()
    expect(grants.get_by_role("region", name="Given")).to_contain_text(number)

    desk = desk_of(other, "commander-oblast")
    desk.get_by_role("tab", name="Incidents").click()
    expect(desk.get_by_role("tabpanel").get_by_role("button", name=number)).to_be_visible()
    expect(desk.get_by_role("tabpanel").get_by_role("listitem")).to_have_count(1)


def test_a_dispatcher_has_no_such_page_even_by_its_address(page: Page) -> None:
    page.goto("/#/administration/accounts")
    desk_of(page)
    expect(page.get_by_role("main", name="Map")).to_be_visible()
    expect(page.get_by_role("link", name="Administration")).to_have_count(0)


def test_a_unit_comes_into_use_changes_and_is_retired(page: Page) -> None:
    sign_in(page, "admin")
    expect(page.get_by_role("tab", name="Events")).to_be_visible()
    units = open_page(page, "#/administration/units", "Administration")
    units.get_by_role("button", name="New unit").click()
    dialog = page.get_by_role("dialog", name="New unit")
    dialog.get_by_label("Call sign").fill("102-777")
    dialog.get_by_label("Device").fill("tracker-777")
    dialog.get_by_label("Service").select_option("police")
    dialog.get_by_label("Kind").select_option("patrol_van")
    area = dialog.get_by_label("At home in").locator("option", has_text="Medeu").get_attribute("value")
    dialog.get_by_label("At home in").select_option(area)
    assert violations(page) == []
    dialog.get_by_role("button", name="Save").click()
    prove(page)
    expect(dialog).to_have_count(0)
    panel = page.get_by_role("complementary", name="102-777")
    expect(panel).to_contain_text("tracker-777")
    panel.get_by_role("button", name="Change its data").click()
    change = page.get_by_role("dialog", name="102-777: its data")
    change.get_by_label("Device").fill("tracker-778")
    change.get_by_role("button", name="Save").click()
    expect(panel).to_contain_text("tracker-778")
    assert violations(page) == []
    panel.get_by_role("button", name="Retire").click()
    panel.get_by_role("button", name="Retire for good?").click()
    expect(panel.get_by_role("button", name="Retire")).to_have_count(0)
    expect(units.get_by_role("row").filter(has_text="102-777")).to_contain_text("retired")


def test_a_unit_s_form_keeps_what_was_typed_when_it_is_refused_or_no_proof_is_given(
    page: Page, accounts: Locator, machines: Machines
) -> None:
    taken = machines.ask("/api/units")["units"][0]["call_sign"]
    units = open_page(page, "#/administration/units", "Administration")
    units.get_by_role("button", name="New unit").click()
    dialog = page.get_by_role("dialog", name="New unit")
    sign, device, crew, area = (dialog.get_by_label(name) for name in ("Call sign", "Device", "People", "At home in"))
    medeu = area.locator("option", has_text="Medeu").get_attribute("value")
    sign.fill(taken)
    device.fill("tracker-779")
    crew.fill("7")
    area.select_option(medeu)

    def kept() -> list[str]:
        return [field.input_value() for field in (sign, device, crew, area)]

    dialog.get_by_role("button", name="Save").click()
    proof = page.get_by_role("dialog", name="Confirm that it is you")
    proof.get_by_role("button", name="Cancel").click()
    expect(proof).to_have_count(0)
    assert kept() == [taken, "tracker-779", "7", medeu]
    dialog.get_by_role("button", name="Save").click()
    prove(page)
    expect(dialog.get_by_role("alert")).not_to_be_empty()
    assert kept() == [taken, "tracker-779", "7", medeu]


def test_a_contact_s_form_keeps_what_was_typed_when_it_is_refused(page: Page, accounts: Locator) -> None:
    contacts = open_page(page, "#/administration/contacts", "Administration")
    contacts.get_by_role("button", name="New contact").click()
    dialog = page.get_by_role("dialog", name="New contact")
    name, role, language, area = (dialog.get_by_label(one) for one in ("Name", "Role in", "Language", "Area"))
    medeu = area.locator("option", has_text="Medeu").get_attribute("value")
    name.fill("Another one")
    role.fill("another_role")
    language.select_option("kk")
    area.select_option(medeu)
    page.route("**/api/contacts", lambda asked: asked.abort() if asked.request.method == "POST" else asked.fallback())
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("alert")).not_to_be_empty()
    kept = [field.input_value() for field in (name, role, language, area)]
    assert kept == ["Another one", "another_role", "kk", medeu]


def test_a_known_unit_s_home_stays_where_it_was_put_when_it_is_refused(page: Page, accounts: Locator) -> None:
    units = open_page(page, "#/administration/units", "Administration")
    units.get_by_role("row").nth(1).get_by_role("button").first.click()
    page.get_by_role("complementary").get_by_role("button", name="Change its data").click()
    dialog = page.get_by_role("dialog")
    sign, area = dialog.get_by_label("Call sign"), dialog.get_by_label("At home in")
    other = area.locator("option:not(:checked)").last.get_attribute("value")
    sign.fill("102-778")
    area.select_option(other)
    page.route("**/api/units/**", lambda asked: asked.fallback() if asked.request.method == "GET" else asked.abort())
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("alert")).not_to_be_empty()
    assert [sign.input_value(), area.input_value()] == ["102-778", other]

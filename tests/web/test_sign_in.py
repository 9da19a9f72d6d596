"""The door for people."""

from playwright.sync_api import Page, expect

from tests.web.conftest import Machines, open_menu, sign_in


def test_a_wrong_password_is_told_and_nothing_opens(page: Page) -> None:
    sign_in(page, password="wrong")
    expect(page.get_by_role("alert")).to_contain_text("wrong")
    expect(page.get_by_role("tab", name="Events")).to_have_count(0)


def test_a_dispatcher_signs_in_sees_the_area_and_signs_out(page: Page) -> None:
    sign_in(page)
    expect(page.get_by_role("banner")).to_contain_text("Almaty")
    expect(page.get_by_role("banner")).to_contain_text("dispatcher")
    open_menu(page).get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()


def test_a_reload_keeps_the_session(desk: Page) -> None:
    desk.reload()
    expect(desk.get_by_role("tab", name="Events")).to_be_visible()


def test_a_planner_reads_and_has_no_button_to_decide(page: Page, machines: Machines) -> None:
    said = machines.call("Only to be read.")
    sign_in(page, user="planner")
    page.get_by_role("button", name=said).click()
    expect(page.get_by_text("placed by the sender")).to_be_visible()
    expect(page.get_by_role("button", name="Confirm")).to_have_count(0)

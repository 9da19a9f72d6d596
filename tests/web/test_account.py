"""One's own account in the bar: the area, the shift, second factors, and what is kept when a session ends."""

import time
from collections.abc import Iterator

import cv2
import numpy as np
import psycopg
import pyotp
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.running import Running
from tests.web.conftest import Machines, desk_of, open_menu, prove, sign_in, until, watched_page
from tests.web.test_accessibility import violations

STEP_S = 30  # of a time-based code (RFC 6238)


@pytest.fixture
def local(browser: Browser, running: Running) -> Iterator[Page]:
    """A window at `localhost`: a passkey belongs to a name, never to an address."""
    with watched_page(browser, running, host="localhost") as page:
        yield page


def areas(page: Page) -> Locator:
    page.get_by_role("button", name="Choose the area").click()
    return page.get_by_role("dialog", name="Choose the area")


def shorten(running: Running, user: str, left: str) -> None:
    """Let a person's open sessions end in so long."""
    change = """UPDATE account_session SET expires_at = now() + %s::interval
                WHERE ended_at IS NULL AND account_id = (SELECT id FROM account WHERE name = %s)"""
    with psycopg.connect(running.database_url) as link:
        link.execute(change, (left, user))


def test_the_switcher_lists_one_s_own_area_and_what_is_below_and_takes_one_there(page: Page) -> None:
    desk_of(page, "commander-city")
    menu = areas(page)
    expect(menu.get_by_role("button", name="Almaty", exact=False).first).to_have_attribute("aria-current", "true")
    expect(menu.get_by_role("button", name="Kazakhstan")).to_have_count(0)
    assert violations(page) == []
    menu.get_by_role("searchbox").fill("medeu")
    page.keyboard.press("ArrowDown")  # the city, which leads there
    page.keyboard.press("ArrowDown")
    with page.expect_response("**/api/map"), page.expect_response("**/api/live/ticket"):
        page.keyboard.press("Enter")
    expect(page.get_by_role("banner")).to_contain_text("Medeu")
    until(lambda: page.evaluate("Boolean(globalThis.qyranMap?.isStyleLoaded())"), "the map is drawn anew")
    page.reload()
    expect(page.get_by_role("banner")).to_contain_text("Medeu")


def test_the_menu_tells_who_where_and_how_long_yet(page: Page, running: Running) -> None:
    sign_in(page, "commander-oblast")
    menu = open_menu(page)
    expect(menu).to_contain_text("commander")
    expect(menu).to_contain_text("Own area: Almaty")
    expect(menu).to_contain_text("11 h left")
    assert violations(page) == []
    shorten(running, "commander-oblast", "10 minutes")
    page.reload()
    expect(page.get_by_role("banner")).to_contain_text("Shift ends in 9 min")


def test_what_one_was_doing_is_there_again_after_the_shift(page: Page, machines: Machines, running: Running) -> None:
    said = machines.call("Held over the change of shifts.")
    desk_of(page, "commander-city")
    page.get_by_role("tabpanel").get_by_role("button", name=said).click()
    page.get_by_role("button", name="Confirm").click()
    note = page.get_by_role("textbox", name="Add a note")
    note.fill("Half a sentence")
    shorten(running, "commander-city", "-1 second")
    # Nobody touches anything: the socket is closed, and its next ticket is refused.
    expect(page.get_by_role("main")).to_contain_text("What you were doing is kept.")
    expect(page.get_by_text(said)).to_have_count(0)
    page.get_by_label("Password").fill("demo")
    page.get_by_role("button", name="Sign in").click()
    expect(note).to_have_value("Half a sentence")


def read_code(page: Page) -> str:
    """What a telephone's camera reads in the dialog."""
    shot = page.get_by_role("img", name="Code for the app").screenshot()
    picture = cv2.imdecode(np.frombuffer(shot, np.uint8), cv2.IMREAD_GRAYSCALE)
    for size in (4, 6, 8, 10):  # the detector fails at some sizes of the same code
        larger = cv2.resize(picture, None, fx=size / 2, fy=size / 2, interpolation=cv2.INTER_NEAREST)
        text, _, _ = cv2.QRCodeDetector().detectAndDecode(larger)
        if text:
            return str(text)
    return ""


def test_an_app_is_added_by_its_code_and_asked_for_at_the_next_sign_in(page: Page) -> None:
    sign_in(page, "planner")
    open_menu(page).get_by_role("button", name="Second factor").click()
    dialog = page.get_by_role("dialog", name="Second factor")
    dialog.get_by_role("button", name="Add an app").click()
    prove(page)
    secret = dialog.locator(".secret code").inner_text().replace(" ", "")
    assert pyotp.parse_uri(read_code(page)).secret == secret
    assert dialog.evaluate("shown => shown.scrollWidth <= shown.clientWidth")  # every line of it can be read
    assert violations(page) == []
    codes = pyotp.TOTP(secret)
    dialog.get_by_label("The first code").fill(codes.now())
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("button", name="Remove")).to_be_visible()
    expect(dialog).to_be_focused()  # the form that had the keyboard is gone
    dialog.get_by_role("button", name="Close").click()
    open_menu(page).get_by_role("button", name="Sign out").click()

    sign_in(page, "planner")
    code = page.get_by_label("Code from the app")
    code.fill("000000")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("wrong")
    assert violations(page) == []
    code.fill(codes.at(int(time.time()) + STEP_S))  # the code that was used is good no more, the next one is already
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("tab", name="Events")).to_be_visible()


def test_a_passkey_is_added_and_opens_the_door(local: Page) -> None:
    keys = local.context.new_cdp_session(local)
    keys.send("WebAuthn.enable")
    told = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    silent = {"isUserVerified": True, "automaticPresenceSimulation": True}
    keys.send("WebAuthn.addVirtualAuthenticator", {"options": told | silent})
    sign_in(local, "commander-district")
    open_menu(local).get_by_role("button", name="Second factor").click()
    dialog = local.get_by_role("dialog", name="Second factor")
    dialog.get_by_role("textbox", name="Name of the key").fill("The key on the desk")
    dialog.get_by_role("button", name="Add a passkey").click()
    prove(local)
    expect(dialog.get_by_role("listitem")).to_contain_text("The key on the desk")
    dialog.get_by_role("button", name="Close").click()
    open_menu(local).get_by_role("button", name="Sign out").click()

    sign_in(local, "commander-district")
    local.get_by_role("button", name="Use a passkey").click()
    expect(local.get_by_role("tab", name="Events")).to_be_visible()


def test_a_wrong_password_changes_none(page: Page) -> None:
    sign_in(page, "admin")
    open_menu(page).get_by_role("button", name="Change the password").click()
    dialog = page.get_by_role("dialog", name="Change the password")
    dialog.get_by_label("Present password").fill("not this one")
    dialog.get_by_label("New password", exact=False).first.fill("a long new one")
    dialog.get_by_label("New password again").fill("a long new one")
    dialog.get_by_role("button", name="Change it").click()
    expect(dialog.get_by_role("alert")).to_contain_text("not your password")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("tab", name="Events")).to_be_visible()

"""A caller's data are masked until somebody says why, and who commands an incident is seen by both sides."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.conftest import HERE, Machines, desk_of
from tests.web.test_accessibility import violations

INCIDENT = re.compile(r"^Incident \d\d-")  # its number begins with the year
CALLER = ("Aigul Sarsenova", "+7 701 555 34 12")
WHY = "What do you need it for?"


def open_from_call(page: Page, machines: Machines, said: str, lon: float) -> Locator:
    """Confirm a call as an incident of its own, and hand back its card."""
    machines.call(said, lon=lon, caller=CALLER)
    page.get_by_role("tabpanel").get_by_role("button", name=said).click()
    page.get_by_role("button", name="Confirm").click()
    card = page.get_by_role("complementary", name=INCIDENT)
    expect(card).to_contain_text(said)
    return card


@pytest.fixture
def card(desk: Page, machines: Machines) -> Locator:
    return open_from_call(desk, machines, "A cellar is under water.", HERE[0] + 0.012)


def test_a_caller_is_masked_until_a_purpose_is_said_and_again_once_the_card_closes(desk: Page, card: Locator) -> None:
    expect(card).to_contain_text("+7 7** *** ** 12")
    expect(card).not_to_contain_text("Sarsenova")
    card.get_by_role("button", name="Show", exact=True).click()
    expect(desk.get_by_role("dialog", name=WHY).get_by_role("combobox")).to_contain_text("26-")
    assert violations(desk) == []
    desk.keyboard.press("Enter")  # the open incident is what it is for
    expect(card).to_contain_text("Aigul Sarsenova")
    expect(card).to_contain_text("+7 701 555 34 12")
    number = card.get_by_role("paragraph").first.inner_text().split(" ")[0]
    desk.keyboard.press("Escape")
    expect(card).to_have_count(0)
    desk.get_by_role("tab", name="Incidents").click()
    desk.get_by_role("tabpanel").get_by_role("button", name=number).click()
    expect(card).to_contain_text("+7 7** *** ** 12")
    expect(card).not_to_contain_text("Sarsenova")


def test_who_says_no_reason_sees_nothing(desk: Page, card: Locator) -> None:
    card.get_by_role("button", name="Show", exact=True).click()
    dialog = desk.get_by_role("dialog", name=WHY)
    dialog.get_by_role("radio", name="For another reason").check()
    dialog.get_by_role("textbox").fill("no")
    dialog.get_by_role("button", name="Continue").click()
    expect(dialog).to_be_visible()  # five letters at least
    desk.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(card).to_contain_text("+7 7** *** ** 12")
    expect(card).to_be_visible()


def test_the_history_of_a_phone_asks_once_and_leads_to_what_it_reported(
    desk: Page, card: Locator, machines: Machines
) -> None:
    second = open_from_call(desk, machines, "The water has reached the street.", HERE[0] - 0.013)
    second.get_by_role("button", name="History of this phone").click()
    dialog = desk.get_by_role("dialog", name=WHY)
    dialog.get_by_role("radio", name="For another reason").check()
    dialog.get_by_role("textbox").fill("Is it the same cellar?")
    dialog.get_by_role("button", name="Continue").click()
    past = second.get_by_role("list", name="History of this phone")
    expect(past.get_by_role("listitem").first).to_be_visible()
    past.get_by_role("button").first.click()
    expect(second).to_contain_text("A cellar is under water.")


def test_an_incident_is_escalated_taken_over_and_given_back_and_both_sides_read_who(
    desk: Page, other: Page, machines: Machines
) -> None:
    card = open_from_call(desk, machines, "A dam is leaking.", HERE[0] + 0.016)
    card.get_by_role("button", name="Escalate").click()
    dialog = desk.get_by_role("dialog", name="Escalate")
    expect(dialog.get_by_role("combobox")).to_contain_text("Kazakhstan")
    dialog.get_by_label("Reason").fill("It is more than the city can do.")
    assert violations(desk) == []
    dialog.get_by_role("button", name="Escalate it").click()
    timeline = card.get_by_role("region", name="Timeline")
    expect(timeline).to_contain_text("Escalated Republic of Kazakhstan · It is more than the city can do.")
    expect(timeline).to_contain_text("dispatcher (dispatcher, Almaty")

    desk_of(other, "commander-republic")
    other.get_by_role("tab", name="Incidents").click()
    number = card.get_by_role("paragraph").first.inner_text().split(" ")[0]
    other.get_by_role("tabpanel").get_by_role("button", name=number).click()
    theirs = other.get_by_role("complementary", name=INCIDENT)
    theirs.get_by_role("button", name="Take over").click()
    why = other.get_by_role("dialog", name="Take over")
    why.get_by_label("Reason").fill("Helicopters are needed.")
    why.get_by_role("button", name="Take it over").click()
    expect(theirs).to_contain_text("Commanded by Republic of Kazakhstan")
    expect(card).to_contain_text(
        "Commanded from above by Republic of Kazakhstan"
    )  # by itself, in the dispatcher's window
    expect(timeline).to_contain_text("commander-republic (commander, Republic of Kazakhstan)")
    for refused in ("Dispatch", "Choose a unit", "More"):
        expect(card.get_by_role("button", name=refused)).to_have_count(0)  # what would be refused is not offered
    theirs.get_by_role("button", name="Give it back").click()
    expect(card).not_to_contain_text("Commanded from above")
    expect(card.get_by_role("button", name="More")).to_be_visible()

"""The incident card: who should go, who goes, what happened near it."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.conftest import HERE, Machines

INCIDENT = re.compile(r"^Incident \d\d-")  # its number begins with the year


@pytest.fixture
def card(desk: Page, machines: Machines) -> Locator:
    """The card of an incident that was just opened in the middle of the city, units around it."""
    machines.drive_some()
    said = machines.call("People are fighting.", lon=HERE[0] + 0.0003)
    desk.get_by_role("tabpanel").get_by_role("button", name=said).click()
    opens = desk.get_by_role("radio", name="Open a new one")
    opens.check()
    desk.get_by_role("combobox", name="Category").select_option("public_order")
    desk.get_by_role("button", name="Confirm").click()
    card = desk.get_by_role("complementary", name=INCIDENT)
    expect(card.get_by_role("heading", name="Public order")).to_be_visible()
    return card


def test_proposals_tell_time_distance_and_age_of_the_position(card: Locator) -> None:
    proposals = card.get_by_role("region", name="Who should go").locator(".proposals > li")
    expect(proposals).to_have_count(5)
    expect(proposals.first).to_contain_text("quickest")
    expect(proposals.first).to_contain_text("position")
    assert ":" in proposals.first.locator(".eta").inner_text()


def test_chosen_units_are_dispatched_together(card: Locator) -> None:
    proposals = card.get_by_role("region", name="Who should go")
    proposals.get_by_role("checkbox").nth(0).check()
    proposals.get_by_role("checkbox").nth(1).check()
    card.get_by_role("button", name="Dispatch 2 units").click()
    sent = card.get_by_role("region", name="Dispatched units")
    expect(sent.locator(".dispatches > li")).to_have_count(2)
    expect(sent).to_contain_text("dispatched")


def test_d_dispatches_the_quickest_and_its_status_can_be_set(desk: Page, card: Locator) -> None:
    best = card.get_by_role("region", name="Who should go").locator(".proposals > li").first
    expect(best).to_contain_text("quickest")
    call_sign = best.locator("b").first.inner_text()
    desk.keyboard.press("d")
    sent = card.get_by_role("region", name="Dispatched units")
    expect(sent).to_contain_text(call_sign)
    sent.get_by_role("combobox").select_option("acknowledged")
    expect(sent).to_contain_text("acknowledged")
    expect(card.get_by_role("region", name="Timeline")).to_contain_text("acknowledged")


def test_cameras_near_are_listed_who_sees_it_best_first_and_one_is_chosen(card: Locator) -> None:
    near = card.get_by_role("region", name="Cameras near")
    rows = near.get_by_role("listitem")
    expect(rows.first).to_be_visible()
    order = ("sees", "turns", "unknown", "too_near", "out_of_view", "too_far", "blocked")
    told = [order.index(row.get_attribute("data-sight") or "") for row in near.locator(".sight").all()]
    assert told == sorted(told) and 0 < len(told) <= 4
    first = rows.first.get_by_role("button").first
    first.click()
    expect(first).to_have_attribute("aria-pressed", "true")
    first.click()
    expect(first).to_have_attribute("aria-pressed", "false")


def test_the_history_follows_its_sliders(card: Locator) -> None:
    history = card.get_by_role("region", name="Nearby history")
    expect(history.locator(".past > li").first).to_be_visible()
    total = history.locator("header .dim")
    before = total.inner_text()
    history.get_by_role("slider", name="Radius").press("Home")
    expect(total).not_to_have_text(before)
    expect(history.locator(".slider b").first).to_have_text("50 m")


def test_a_note_is_added_and_the_incident_is_closed(desk: Page, card: Locator) -> None:
    note = card.get_by_role("textbox", name="Add a note")
    note.fill("The patrol has been told.")
    note.press("Enter")
    expect(card.get_by_role("region", name="Timeline")).to_contain_text("The patrol has been told.")
    card.get_by_role("button", name="More").click()
    desk.get_by_role("dialog", name="More").get_by_role("button", name="Close the incident…").click()
    desk.get_by_role("dialog", name="Close the incident").get_by_role("button", name="Close the incident").click()
    expect(desk.get_by_role("status").filter(has_text="The incident is closed")).to_be_visible()
    expect(card).to_have_count(0)

"""Closures and cover: drawn, told and switched over the map, also without a mouse."""

import re

from playwright.sync_api import Page, expect

from tests.web.conftest import HERE, Machines, at, centre_on, until


def test_a_closure_is_drawn_by_keys_listed_changed_and_opened_again(desk: Page, machines: Machines) -> None:
    centre_on(desk, *HERE, zoom=16)
    desk.get_by_role("button", name="Closures").click()
    desk.get_by_role("button", name="Close by a line").click()
    drawing = desk.get_by_role("group", name="Draw a line across the roads to close")
    desk.keyboard.press("Space")
    centre_on(desk, HERE[0] + 0.004, HERE[1] + 0.003, zoom=16)  # as the arrows do
    desk.keyboard.press("Space")
    expect(drawing).to_contain_text("2 points")
    desk.keyboard.press("Enter")
    form = desk.get_by_role("dialog", name="Close the road")
    form.get_by_label("Reason").fill("Burst pipe")
    form.get_by_label("Until").select_option("4")
    form.get_by_role("button", name="Close it").click()
    expect(form).to_have_count(0)
    desk.get_by_role("button", name="Closures").click()
    sheet = desk.get_by_role("group", name="Closures")
    expect(sheet).to_contain_text("Burst pipe")
    sheet.get_by_role("button", name="Reason and time").click()
    change = desk.get_by_role("dialog", name="Change the closure")
    change.get_by_label("Reason").fill("Burst main")
    change.get_by_role("button", name="Close it").click()
    expect(sheet).to_contain_text("Burst main")
    expect(sheet.locator(".closure")).to_have_count(1)  # the one before was opened after it
    sheet.get_by_role("button", name="Open", exact=True).click()
    sheet.get_by_role("button", name="Yes, open the road").click()
    expect(sheet).to_contain_text("No road is closed")
    assert machines.ask("/api/closures")["closures"] == []


def test_a_shape_is_drawn_by_clicks_a_point_taken_back_and_all_of_it_given_up(desk: Page) -> None:
    centre_on(desk, *HERE, zoom=16)
    desk.get_by_role("button", name="Closures").click()
    desk.get_by_role("button", name="Close an area").click()
    drawing = desk.get_by_role("group", name="Draw around the area to close")
    for east, north in ((0.0, 0.0), (0.002, 0.0), (0.002, 0.0015)):
        desk.mouse.click(*at(desk, HERE[0] + east, HERE[1] + north))
    expect(drawing).to_contain_text("3 points")
    expect(drawing.get_by_role("button", name="Finish")).to_be_enabled()
    desk.keyboard.press("Backspace")
    expect(drawing).to_contain_text("2 points")
    expect(drawing.get_by_role("button", name="Finish")).to_be_disabled()
    desk.keyboard.press("Escape")
    expect(drawing).to_have_count(0)


def test_the_minutes_to_reach_are_switched_on_with_their_legend_and_time(desk: Page, machines: Machines) -> None:
    machines.drive_some()
    desk.get_by_role("button", name="Cover").click()
    sheet = desk.get_by_role("group", name="Cover")

    def drawn() -> bool:
        """Switch it off and on until it was reckoned after the units were seen: for a minute an older one serves."""
        sheet.get_by_role("button", name=re.compile("Ambulance")).click()
        desk.wait_for_timeout(1000)
        return sheet.get_by_role("list", name="Legend").get_by_text("min").count() > 0

    until(drawn, "the roads are loaded and the cover reckoned")
    expect(sheet.get_by_text(re.compile(r"as of \d\d:\d\d:\d\d"))).to_be_visible()

"""The map in the middle: what is on it, and that lists and map stay in step."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import HERE, Machines, at, centre_on, until

INCIDENT = re.compile(r"^Incident \d\d-")  # its number begins with the year


def test_a_click_on_a_pin_selects_its_event_in_the_list(desk: Page, machines: Machines) -> None:
    lon, lat = HERE[0] + 0.009, HERE[1] - 0.007
    said = machines.call("Click me on the map.", lon=lon, lat=lat)
    row = desk.get_by_role("tabpanel").get_by_role("button", name=said)
    expect(row).to_be_visible()
    centre_on(desk, lon, lat)

    def clicked() -> bool:
        x, y = at(desk, lon, lat)
        desk.mouse.click(x, y - 18)  # the pin stands on its place
        return row.get_attribute("aria-current") == "true"

    until(clicked, "the pin answers the click")


def test_a_unit_is_drawn_where_its_tracker_says_and_the_hover_card_names_it(desk: Page, machines: Machines) -> None:
    lon, lat = HERE[0] - 0.009, HERE[1] - 0.006
    machines.drive("demo-fire-001", lon=lon, lat=lat)
    centre_on(desk, lon, lat)

    def named() -> bool:
        x, y = at(desk, lon, lat)
        desk.mouse.move(x + 1, y)
        desk.mouse.move(x, y)
        card = desk.locator(".hover")
        return card.count() > 0 and "Fire service" in card.inner_text()

    until(named, "the hover card names the unit")


def test_choosing_a_unit_in_the_list_takes_the_map_there(desk: Page, machines: Machines) -> None:
    lon, lat = HERE[0] + 0.008, HERE[1] + 0.006
    machines.drive("demo-rescue-002", lon=lon, lat=lat)
    placed = [unit for unit in machines.ask("/api/units")["units"] if unit["place"]]
    sign = next(unit for unit in placed if abs(unit["place"]["lon"] - lon) < 1e-6)
    desk.get_by_role("tab", name="Units").click()
    desk.get_by_role("searchbox", name="Call sign").fill(sign["call_sign"])

    def flown() -> bool:
        desk.get_by_role("tabpanel").get_by_role("button", name=sign["call_sign"]).click()
        centre: Any = desk.evaluate("qyranMap.getCenter().toArray()")
        return bool(abs(centre[0] - lon) < 1e-4 and abs(centre[1] - lat) < 1e-4)

    until(flown, "the map flies to the unit")


def test_a_unit_that_drives_out_of_the_area_leaves_map_and_list_at_once(desk: Page, machines: Machines) -> None:
    lon, lat = HERE[0] - 0.008, HERE[1] + 0.007
    machines.drive("demo-rescue-003", lon=lon, lat=lat)
    placed = [unit for unit in machines.ask("/api/units")["units"] if unit["place"]]
    sign = next(unit["call_sign"] for unit in placed if abs(unit["place"]["lon"] - lon) < 1e-6)
    desk.get_by_role("tab", name="Units").click()
    desk.get_by_role("searchbox", name="Call sign").fill(sign)
    row = desk.get_by_role("tabpanel").get_by_role("button", name=sign)
    expect(row).to_be_visible()
    machines.drive("demo-rescue-003", lon=71.45, lat=51.15)
    expect(row).to_have_count(0)
    assert sign not in {unit["call_sign"] for unit in machines.ask("/api/units")["units"]}
    machines.drive("demo-rescue-003", lon=lon, lat=lat)
    expect(row).to_be_visible()


def test_a_layer_is_switched_off_and_stays_off(desk: Page) -> None:
    def visibility() -> Any:
        return desk.evaluate("qyranMap.getLayoutProperty('buildings:buildings-fill', 'visibility')")

    desk.get_by_role("button", name="Layers").click()
    desk.get_by_role("switch", name="Buildings").uncheck()
    until(lambda: visibility() == "none", "the buildings are gone")
    desk.reload()
    until(lambda: desk.evaluate("Boolean(globalThis.qyranMap?.isStyleLoaded())"), "the map is drawn again")
    assert visibility() == "none"


def test_the_base_map_is_drawn_from_the_imported_city(desk: Page) -> None:
    centre_on(desk, *HERE, zoom=16)
    found = "qyranMap.queryRenderedFeatures({layers: ['buildings:buildings-fill', 'roads:roads-major']}).length"
    until(lambda: desk.evaluate(found) > 10, "roads and buildings are drawn")


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1024, 640), (800, 600)])
def test_nothing_runs_over_the_edge_of_a_window(desk: Page, machines: Machines, width: int, height: int) -> None:
    said = machines.call("Seen in a small window.", kind="smoke")
    desk.set_viewport_size({"width": width, "height": height})
    desk.get_by_role("tabpanel").get_by_role("button", name=said).first.click()
    desk.get_by_role("button", name="Confirm").click()
    expect(desk.get_by_role("complementary", name=INCIDENT)).to_be_visible()
    over: Any = desk.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
    assert over == [width, height]


def test_silence_of_the_server_is_told_in_a_banner(desk: Page) -> None:
    # The socket of this page is replaced by one that never opens, as behind a cut cable.
    desk.add_init_script("globalThis.WebSocket = class { close() {} send() {} }")
    desk.reload()
    expect(desk.get_by_role("alert").filter(has_text="Offline")).to_be_visible()
    expect(desk.get_by_role("img", name="Connection to the server: offline")).to_be_visible()

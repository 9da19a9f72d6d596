"""Kazakh, Russian and English, on the panels and on the map."""

from playwright.sync_api import Page, expect

from tests.web.conftest import until

ROAD_NAME = "qyranMap.getLayoutProperty('roads:roads-name-major', 'text-field')"


def test_the_switch_changes_the_panels_and_is_remembered(desk: Page) -> None:
    desk.get_by_role("button", name="Қазақша").click()
    expect(desk.get_by_role("tab", name="Оқыс оқиғалар")).to_be_visible()
    desk.get_by_role("button", name="Русский").click()
    expect(desk.get_by_role("tab", name="Происшествия")).to_be_visible()
    assert desk.evaluate("document.documentElement.lang") == "ru"
    desk.reload()
    expect(desk.get_by_role("tab", name="Происшествия")).to_be_visible()
    expect(desk.get_by_role("button", name="Русский")).to_have_attribute("aria-pressed", "true")


def test_the_labels_of_the_map_follow_the_language(desk: Page) -> None:
    assert "name_en" in str(desk.evaluate(ROAD_NAME))
    desk.get_by_role("button", name="Қазақша").click()
    until(lambda: "name_kk" in str(desk.evaluate(ROAD_NAME)), "the roads are named in Kazakh")


def test_the_letters_of_kazakh_are_in_our_own_fonts(desk: Page) -> None:
    assert desk.evaluate("document.fonts.check('16px \"Noto Sans\"', 'ӘҒҚҢӨҰҮҺІ')")

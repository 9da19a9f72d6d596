"""The queue: what cameras and callers report, and what a dispatcher decides."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.web.conftest import HERE, Machines, until

INCIDENT = re.compile(r"^Incident \d\d-")  # its number begins with the year


def row(page: Page, said: str) -> Locator:
    return page.get_by_role("tabpanel").get_by_role("button", name=said)


def test_a_new_event_comes_by_itself_with_its_picture_and_proposal(desk: Page, machines: Machines) -> None:
    said = machines.call("A car hit a lamp post.")
    expect(row(desk, said)).to_contain_text("Report of an outside system")
    expect(row(desk, said)).to_contain_text("Opens: Other")
    shot = row(desk, said).get_by_role("img", name="Report of an outside system — the camera's picture")
    expect(shot).to_be_visible()


def test_what_a_caller_says_is_words_and_never_a_page(desk: Page, machines: Machines) -> None:
    said = machines.call(
        "<script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\"> & smoke"
    )
    row(desk, said).click()
    desk.get_by_role("button", name="Confirm").click()
    expect(desk.get_by_role("complementary", name=INCIDENT)).to_contain_text(said)
    assert "taken" not in desk.title()


def test_confirming_opens_the_incident_beside_the_map(desk: Page, machines: Machines) -> None:
    said = machines.call("Smoke over a roof.")
    row(desk, said).click()
    desk.get_by_role("button", name="Confirm").click()
    card = desk.get_by_role("complementary", name=INCIDENT)
    expect(card).to_be_visible()
    expect(card.get_by_role("heading", name="Other")).to_be_visible()
    expect(card).to_contain_text(said)
    expect(row(desk, said)).to_have_count(0)


def test_the_category_and_priority_can_be_chosen_before_confirming(desk: Page, machines: Machines) -> None:
    said = machines.call("Flames in a window.", lon=HERE[0] + 0.006)
    row(desk, said).click()
    desk.get_by_role("combobox", name="Category").select_option("fire")
    expect(desk.get_by_role("combobox", name="Priority")).to_have_value("1")
    desk.get_by_role("button", name="Confirm").click()
    expect(
        desk.get_by_role("complementary", name=INCIDENT).get_by_role("heading", name="Fire", level=2)
    ).to_be_visible()


def test_a_second_call_from_the_same_place_joins_the_open_incident(desk: Page, machines: Machines) -> None:
    lon, lat = HERE[0] - 0.006, HERE[1] + 0.004
    first = machines.call("A pipe has burst.", lon=lon, lat=lat)
    row(desk, first).click()
    desk.get_by_role("button", name="Confirm").click()
    number = desk.get_by_role("complementary", name=INCIDENT).get_attribute("aria-label")
    assert number is not None
    second = machines.call("Water in the street.", lon=lon, lat=lat)
    expect(row(desk, second)).to_contain_text(f"Joins {number.removeprefix('Incident ')}")
    row(desk, second).click()
    desk.get_by_role("button", name="Confirm").click()
    events = desk.get_by_role("region", name="Events")
    expect(events.get_by_role("listitem")).to_have_count(2)


def test_an_event_joins_the_one_that_a_person_chooses_of_all_it_may_be_about(desk: Page, machines: Machines) -> None:
    lon, lat = HERE[0] - 0.006, HERE[1] - 0.008
    numbers = []
    for said in ("A tree has fallen.", "A branch on a car."):
        row(desk, machines.call(said, lon=lon, lat=lat)).click()
        desk.get_by_role("radio", name="Open a new one").check()
        desk.get_by_role("button", name="Confirm").click()
        label = desk.get_by_role("complementary", name=INCIDENT).get_attribute("aria-label")
        numbers.append((label or "").removeprefix("Incident "))
        desk.keyboard.press("Escape")
        expect(desk.get_by_role("complementary", name=INCIDENT)).to_have_count(0)
    row(desk, machines.call("More branches.", lon=lon, lat=lat)).click()
    choice = desk.get_by_role("group", name="On confirming")
    for number in numbers:
        expect(choice).to_contain_text(f"{number} (Other)")
    other = [desk.get_by_role("radio", name=re.compile(number)) for number in numbers]
    unchosen = 1 if other[0].is_checked() else 0
    other[unchosen].check()
    desk.get_by_role("button", name="Confirm").click()
    expect(desk.get_by_role("complementary", name=f"Incident {numbers[unchosen]}")).to_be_visible()


def test_rejecting_asks_for_a_reason_and_archives(desk: Page, machines: Machines) -> None:
    said = machines.call("Nothing really.")
    row(desk, said).click()
    desk.get_by_role("button", name="Reject").click()
    desk.get_by_role("button", name="False alarm").click()
    expect(desk.get_by_role("status").filter(has_text="Sent to the archive")).to_be_visible()
    expect(row(desk, said)).to_have_count(0)
    archive = machines.ask("/api/events?state=rejected&limit=100")["events"]
    assert any(event["reason"] == "False alarm" and event["details"]["description"] == said for event in archive)


def test_another_window_sees_the_decision(desk: Page, machines: Machines) -> None:
    said = machines.call("Decided elsewhere.")
    expect(row(desk, said)).to_be_visible()
    other = desk.context.new_page()
    other.goto("/")
    row(other, said).click()
    other.get_by_role("button", name="Confirm").click()
    expect(row(desk, said)).to_have_count(0)


def test_the_keyboard_alone_goes_through_the_queue(desk: Page, machines: Machines) -> None:
    said = machines.call("By keyboard.", kind="fire")
    expect(row(desk, said)).to_be_visible()
    chosen = desk.locator(".row[aria-current=true]")

    def down() -> bool:
        desk.keyboard.press("j")
        return said in (chosen.inner_text() if chosen.count() else "")

    until(down, "J reaches the event")
    desk.keyboard.press("r")
    expect(desk.get_by_role("form", name="Why is it rejected?")).to_be_visible()
    desk.keyboard.press("Escape")
    expect(desk.get_by_role("form", name="Why is it rejected?")).to_have_count(0)
    desk.keyboard.press("c")
    expect(desk.get_by_role("complementary", name=INCIDENT)).to_be_visible()
    desk.keyboard.press("Escape")
    expect(desk.get_by_role("complementary", name=INCIDENT)).to_have_count(0)


def test_no_tab_is_cut_off_in_any_language_or_window(desk: Page) -> None:
    cut = "list => [list, ...list.children].filter(one => one.scrollWidth > one.clientWidth).length"
    for width, height in ((1440, 900), (1024, 640), (880, 640)):
        desk.set_viewport_size({"width": width, "height": height})
        for name in ("Қазақша", "Русский", "English"):
            desk.get_by_role("button", name=name).click()
            tabs = desk.get_by_role("tablist")
            assert tabs.get_by_role("tab").count() == 4
            assert tabs.evaluate(cut) == 0, (width, name)


def test_keys_work_on_a_cyrillic_layout(desk: Page, machines: Machines) -> None:
    said = machines.call("On a Russian keyboard.")
    row(desk, said).click()
    # The key C of the keyboard writes "с" (Cyrillic es) there: only its place is the same.
    desk.evaluate("document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'с', code: 'KeyC', bubbles: true}))")
    expect(desk.get_by_role("complementary", name=INCIDENT)).to_be_visible()

"""Calls to 112: what rings is seen over every list, and the form needs nothing but the keyboard."""

import re

from playwright.sync_api import Locator, Page, Route, expect

from tests.web.conftest import HERE, Machines, at, centre_on, desk_of, feeds_of, miss
from tests.web.test_accessibility import violations

FORM = re.compile(r"^Call \d")
INCIDENT = re.compile(r"^Incident \d\d-")


def answered(desk: Page, machines: Machines, phone: str, *, lon: float = HERE[0]) -> Locator:
    """Ring, and answer by the key A."""
    machines.ring(phone, lon=lon)
    expect(desk.get_by_text("1 call is ringing").last).to_be_visible()
    desk.keyboard.press("a")
    form = desk.get_by_role("complementary", name=FORM)
    expect(form).to_contain_text("answered")
    expect(form.get_by_role("combobox", name="Address")).to_be_focused()
    return form


def test_after_a_long_gap_in_the_feed_the_open_call_is_read_again(page: Page, machines: Machines) -> None:
    feeds = feeds_of(page)
    answered(desk_of(page), machines, "+77011234599")
    page.wait_for_timeout(1000)  # its answering is read by now
    with page.expect_response(re.compile(r"/api/calls/\d+$")):
        miss(feeds[-1])


def test_a_call_is_answered_and_becomes_an_incident_by_the_keyboard_alone(desk: Page, machines: Machines) -> None:
    form = answered(desk, machines, "+77011234501")
    expect(form).to_contain_text("position of the phone (AML) ± 40 m (90 %)")
    expect(form.get_by_label("Phone")).to_have_value("")
    expect(form.get_by_label("Phone")).to_have_attribute("placeholder", "+7 7** *** ** 01")
    assert violations(desk) == []

    address = form.get_by_role("combobox", name="Address")
    desk.keyboard.type("абай")  # in Cyrillic, in an English window
    options = form.get_by_role("listbox", name="Address").get_by_role("option")
    expect(options.first).to_contain_text("Abai Avenue")
    expect(options.first).to_contain_text("km")  # how far it is
    expect(address).to_have_attribute("aria-expanded", "true")
    desk.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    pointed = address.get_attribute("aria-activedescendant")
    assert pointed == options.nth(1).get_attribute("id")
    desk.keyboard.press("ArrowUp")
    desk.keyboard.press("Enter")
    expect(address).to_have_value("Abai Avenue")
    expect(address).to_have_attribute("aria-expanded", "false")
    expect(form).to_contain_text("by the address")

    desk.keyboard.press("Alt+s")
    desk.keyboard.type("Smoke from a cellar.")
    expect(form.get_by_role("button", name="Open an incident")).to_be_disabled()
    desk.keyboard.press("Alt+c")
    desk.keyboard.type("smok")
    desk.keyboard.press("Enter")
    expect(form.get_by_role("combobox", name="Category")).to_have_value("Smoke")
    desk.keyboard.press("Alt+q")
    expect(form.get_by_role("region", name="Questions").locator(":focus")).to_have_count(1)
    inside = form.get_by_role("group", name="Is anybody inside?")
    assert len({button.evaluate("it => it.offsetTop") for button in inside.get_by_role("button").all()}) == 1
    inside.get_by_role("button", name="yes").press("Enter")
    assert violations(desk) == []

    desk.keyboard.press("Control+Enter")
    card = desk.get_by_role("complementary", name=INCIDENT)
    expect(card.get_by_role("heading", name="Smoke")).to_be_visible()
    expect(card).to_contain_text("Smoke from a cellar.")
    expect(card).to_contain_text("Is anybody inside? yes")
    expect(card.get_by_role("region", name="Calls").get_by_role("listitem")).to_have_count(1)
    assert violations(desk) == []

    card.get_by_role("region", name="Calls").get_by_role("button").last.click()  # the caller is still on the line
    form.get_by_label("What was said").fill("Smoke from a cellar, and somebody shouts.")
    desk.keyboard.press("Tab")
    expect(form.get_by_role("combobox", name="Address")).to_have_count(0)  # where it is, its card says now
    form.get_by_role("button", name="Show the incident").click()
    expect(card).to_contain_text("Smoke from a cellar, and somebody shouts.")


def test_an_ambulance_is_called_by_its_urgency_with_its_minutes_in_sight(desk: Page, machines: Machines) -> None:
    form = answered(desk, machines, "+77011234507", lon=HERE[0] - 0.021)
    expect(form.get_by_label("Urgency of the ambulance")).to_have_count(0)
    desk.keyboard.press("Alt+c")
    desk.keyboard.type("fever")
    desk.keyboard.press("Enter")
    urgency = form.get_by_label("Urgency of the ambulance")
    expect(urgency.locator("option")).to_have_text(["I · 10 min", "II · 15 min", "III · 30 min", "IV · 1 h"])
    expect(urgency).to_have_value("III")
    urgency.select_option("I")
    form.get_by_label("Priority").select_option("1")
    assert violations(desk) == []
    form.get_by_role("button", name="Open an incident").click()
    card = desk.get_by_role("complementary", name=INCIDENT)
    expect(card).to_contain_text("urg. I")
    last = machines.ask("/api/incidents?limit=1")["incidents"][0]
    assert (last["priority"], last["urgency"]) == (1, "I")


def test_a_caller_in_another_country_is_told_as_that_with_what_was_located(desk: Page, machines: Machines) -> None:
    form = answered(desk, machines, "+77011234508", lon=37.62)
    expect(form).to_contain_text("the position told lies outside the country")
    form.get_by_role("button", name="Log of the call").click()
    log = form.get_by_role("region", name="Log of the call")
    expect(log).to_contain_text("37.62000 · ± 40 m · beyond the country")
    assert violations(desk) == []


def test_an_address_that_nobody_placed_is_sought_as_soon_as_the_call_is_opened(desk: Page) -> None:
    desk.keyboard.press("n")
    form = desk.get_by_role("complementary", name=FORM)
    address = form.get_by_role("combobox", name="Address")
    expect(address).to_be_focused()
    desk.keyboard.type("abai")
    form.get_by_label("What was said").focus()  # none was chosen
    desk.keyboard.type("Somebody fell.")
    desk.keyboard.press("Escape")
    expect(form).to_have_count(0)
    desk.get_by_role("tabpanel").get_by_role("button", name="Somebody fell.").first.click()
    expect(address).to_be_focused()
    expect(form.get_by_role("listbox", name="Address").get_by_role("option").first).to_contain_text("Abai Avenue")
    desk.keyboard.press("Enter")
    expect(form).to_contain_text("by the address")


def test_a_call_about_what_is_known_is_joined_with_the_reason_in_sight(desk: Page, machines: Machines) -> None:
    opened = machines.open_incident("Fire in a garage.", lon=HERE[0] + 0.012)
    form = answered(desk, machines, "+77011234502", lon=HERE[0] + 0.0122)
    same = form.get_by_role("region", name="It may be the same incident")
    expect(same).to_contain_text(opened["number"])
    expect(same.locator(".because").first).not_to_be_empty()
    assert violations(desk) == []
    desk.keyboard.press("Alt+1")
    expect(desk.get_by_role("status").filter(has_text="Joined to")).to_be_visible()
    card = desk.get_by_role("complementary", name=f"Incident {opened['number']}")
    expect(card.get_by_role("region", name="Calls").get_by_role("listitem")).to_have_count(1)


def test_what_stands_for_an_incident_that_was_merged_away_is_joined_by_one_press(
    desk: Page, machines: Machines
) -> None:
    lon = HERE[0] - 0.017
    gone = machines.open_incident("Fire in a shed.", lon=lon)
    stays = machines.open_incident("Fire behind the shops.", lon=lon + 0.0001)
    merged = False

    def unheard(route: Route) -> None:  # what was asked before the merge and would be answered after it, too
        if route.request.method != "GET":
            return route.continue_()
        answer = route.fetch(max_retries=1) if not merged else None
        return route.abort() if answer is None or merged else route.fulfill(response=answer)

    desk.route(re.compile(r"/api/calls/\d+$"), unheard)
    form = answered(desk, machines, "+77011234505", lon=lon)
    join = form.get_by_role("button", name=f"Join {gone['number']}")
    expect(join).to_be_visible()
    merged = True  # and the window does not hear of it in time
    machines.act(f"/api/incidents/{gone['id']}/merge", {"into_id": stays["id"], "reason": "The same shed."})
    join.click()
    instead = form.get_by_role("button", name=f"Join {stays['number']}").first
    expect(instead).to_be_focused()
    expect(form).to_contain_text(f"{gone['number']} was merged away: {stays['number']} stands for it.")
    desk.keyboard.press("Enter")
    card = desk.get_by_role("complementary", name=f"Incident {stays['number']}")
    expect(card.get_by_role("region", name="Calls").get_by_role("listitem")).to_have_count(1)
    expect(card.get_by_role("region", name="Timeline")).to_contain_text(
        f"Another incident was merged in {gone['number']}"
    )


def test_a_call_is_handed_to_a_neighbour_who_takes_it_and_its_giver_reads_on(
    desk: Page, other: Page, machines: Machines
) -> None:
    neighbour = desk_of(other, "commander-oblast")
    form = answered(desk, machines, "+77011234506", lon=HERE[0] + 0.019)
    form.get_by_role("button", name="Hand to another area…").click()
    dialog = desk.get_by_role("dialog", name="Hand to another area…")
    option = dialog.get_by_label("To").locator("option", has_text="Almaty Region").get_attribute("value")
    dialog.get_by_label("To").select_option(option)
    dialog.get_by_label("Reason").fill("It is beyond our border.")
    assert violations(desk) == []
    dialog.get_by_role("button", name="Hand it over").click()
    expect(form).to_contain_text("Handed to Almaty Region. It is beyond our border.")
    expect(form.get_by_label("What was said")).to_be_disabled()
    expect(form.get_by_role("button", name="Open an incident")).to_have_count(0)
    assert violations(desk) == []

    expect(neighbour.get_by_text("1 call was handed here").last).to_be_visible()
    neighbour.keyboard.press("a")
    theirs = neighbour.get_by_role("complementary", name=FORM)
    expect(theirs).to_contain_text("Handed here by Medeu District. It is beyond our border.")
    expect(theirs.get_by_role("button", name="Hand to another area…")).to_be_visible()
    theirs.get_by_role("button", name="End the call…").click()
    dialog = neighbour.get_by_role("dialog", name="End the call…")
    dialog.get_by_label("Reason").fill("A joke.")
    dialog.get_by_role("button", name="End it").click()
    expect(theirs).to_have_count(0)


def test_a_call_taken_by_hand_is_placed_by_a_click_and_ends_with_its_reason(desk: Page, machines: Machines) -> None:
    desk.keyboard.press("n")
    form = desk.get_by_role("complementary", name=FORM)
    expect(form).to_contain_text("place unknown")
    form.get_by_label("Phone").fill("+7 701 555 44 33")
    form.get_by_label("Caller").fill("Berik")
    centre_on(desk, *HERE)
    form.get_by_role("button", name="On the map").click()
    desk.mouse.click(*at(desk, HERE[0] + 0.001, HERE[1]))
    expect(form).to_contain_text("pointed at on the map")
    expect(form.get_by_role("combobox", name="Address")).not_to_have_value("")  # what stands there
    form.get_by_role("button", name="End the call…").click()
    dialog = desk.get_by_role("dialog", name="End the call…")
    assert violations(desk) == []
    dialog.get_by_label("Reason").fill("Asked for the time.")
    dialog.get_by_role("button", name="End it").click()
    expect(form).to_have_count(0)
    last = machines.ask("/api/calls?state=ended&limit=1")["calls"][0]
    assert (last["outcome"], last["reason"], last["placed_by"]) == ("no_action", "Asked for the time.", "click")


def test_what_was_typed_is_kept_when_another_call_is_opened(desk: Page, machines: Machines) -> None:
    form = answered(desk, machines, "+77011234503", lon=HERE[0] - 0.012)
    desk.keyboard.press("Alt+s")
    desk.keyboard.type("Somebody fell off a roof.")
    desk.keyboard.press("Escape")  # straight out of the field
    expect(form).to_have_count(0)
    row = desk.get_by_role("tabpanel").get_by_role("button", name="Somebody fell off a roof.")
    row.click()
    expect(form.get_by_label("What was said")).to_have_value("Somebody fell off a roof.")
    expect(form.get_by_label("Phone")).to_have_attribute("placeholder", "+7 7** *** ** 03")
    form.get_by_role("button", name="Show").click()
    why = desk.get_by_role("dialog", name="What do you need it for?")
    why.get_by_role("radio", name="For another reason").check()
    why.get_by_role("textbox").fill("To call back.")
    why.get_by_role("button", name="Continue").click()
    expect(form.get_by_label("Phone")).to_have_value("+77011234503")
    form.get_by_label("Phone").fill("+77011234513")
    desk.keyboard.press("Tab")
    expect(form.get_by_label("Phone")).to_have_value("+77011234513")  # one's own word is not hidden from one

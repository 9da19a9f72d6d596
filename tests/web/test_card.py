"""The incident card beyond who goes: plan and checklist, kin, notices, premises, the record, and its end."""

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.web.conftest import HERE, Machines, prove
from tests.web.test_accessibility import violations
from tests.web.test_masking import WHY

FAR = 0.02  # degrees: beyond the reach of a likeness


def opened(
    desk: Page, machines: Machines, description: str, *, lon: float = HERE[0], lat: float = HERE[1], **more: Any
) -> Locator:
    """The card of an incident that was just opened."""
    made = machines.open_incident(description, lon=lon, lat=lat, **more)
    card = shown(desk, made["number"])
    expect(card.get_by_role("region", name="Response plan")).to_be_visible()
    return card


def shown(desk: Page, number: str) -> Locator:
    """The card of an incident that is chosen in the list."""
    desk.get_by_role("tab", name="Incidents").click()
    desk.get_by_role("tabpanel").get_by_role("button", name=number).click()
    return desk.get_by_role("complementary", name=f"Incident {number}")


def ask(desk: Page, card: Locator, act: str) -> Locator:
    """Choose one of the acts of the card's menu; hand back its dialog."""
    card.get_by_role("button", name="More").click()
    desk.get_by_role("dialog", name="More").get_by_role("button", name=act).click()
    return desk.get_by_role("dialog").filter(has=desk.get_by_role("heading", level=2))


def test_the_plan_tells_its_needs_and_follows_alarm_and_category(desk: Page, machines: Machines) -> None:
    machines.drive_some()
    card = opened(desk, machines, "A flat is burning.", lon=HERE[0] - FAR)
    plan = card.get_by_role("region", name="Response plan")
    needs = plan.locator(".wants > li")
    expect(needs.first).to_contain_text("Fire engine")
    expect(needs.first).to_contain_text("0 /")  # what was sent of what is asked for
    plan.get_by_role("button", name="Change the alarm level").click()
    dialog = desk.get_by_role("dialog", name="Change the alarm level")
    dialog.get_by_label("Reason").fill("It spreads to the roof.")
    assert violations(desk) == []
    dialog.get_by_role("button", name="Call level 2").click()
    expect(plan).to_contain_text("Alarm level: 2 of")
    expect(card.locator(".head")).to_contain_text("alarm 2")

    checklist = card.get_by_role("region", name="Checklist")
    checklist.get_by_role("checkbox").first.check()
    expect(checklist).to_contain_text("dispatcher")
    expect(checklist.locator("header")).to_contain_text("1 /")

    dialog = ask(desk, card, "Change the category…")
    dialog.get_by_role("combobox", name="Category").fill("theft")
    desk.keyboard.press("Enter")
    dialog.get_by_label("Reason").fill("Nothing burns: things were taken.")
    dialog.get_by_role("button", name="Change it").click()
    expect(card.locator(".head")).to_contain_text("heft")


def test_what_the_caller_answers_later_is_answered_on_every_card(desk: Page, machines: Machines) -> None:
    call = f"/api/calls/{machines.act('/api/calls', {})['id']}"
    place = {"lon": HERE[0] - FAR, "lat": HERE[1] - FAR}
    made = machines.act(f"{call}/incident", {"category": "smoke", "place": place})
    count = shown(desk, made["number"]).get_by_role("region", name="Questions to ask").locator("header")
    expect(count).to_contain_text("0 /")
    machines.act(call, {"answers": {"people_inside": "yes"}}, method="PATCH")  # at another desk
    expect(count).to_contain_text("1 /")


def test_what_could_not_be_read_is_told_as_that_and_read_again(desk: Page, machines: Machines) -> None:
    number = machines.open_incident("Smoke on the stairs.", lat=HERE[1] - FAR)["number"]
    plan, beside = [re.compile(rf"/api/incidents/\d+/{what}") for what in ("plan", "(premises|cameras)")]
    for lost in (plan, beside):
        desk.route(lost, lambda route: route.abort())
    card = shown(desk, number)
    told = card.get_by_role("alert")
    again = card.get_by_role("button", name="Try again")
    expect(told.filter(has_text="About the premises: ")).to_be_visible()
    card.get_by_role("button", name="About the premises").click()
    expect(card.get_by_text("Nothing is written down")).to_have_count(0)  # nobody knows
    assert violations(desk) == []

    desk.unroute(plan)
    told.filter(has_text="Response plan: ").get_by_role("button").click()
    expect(card.get_by_role("region", name="Response plan")).to_be_visible()
    expect(card.get_by_role("region", name="Cameras near").get_by_role("alert")).to_be_visible()
    desk.unroute(beside)
    again.last.click()
    expect(again).to_have_count(1)
    again.click()
    expect(again).to_have_count(0)
    expect(card.get_by_text("Nothing is written down")).to_be_visible()


def test_a_duplicate_is_merged_with_its_lineage_and_the_merge_is_taken_back(desk: Page, machines: Machines) -> None:
    first = machines.open_incident("Fire on a balcony.", lon=HERE[0] + FAR)
    card = opened(desk, machines, "Fire on a balcony, again.", lon=HERE[0] + FAR + 0.0002)
    number = card.get_attribute("aria-label")
    same = card.get_by_role("region", name="It may be the same incident")
    expect(same).to_contain_text(first["number"])
    assert violations(desk) == []
    same.get_by_role("button", name=f"Merge… {first['number']}").click()
    dialog = desk.get_by_role("dialog", name="Merge into another")
    dialog.get_by_label("Reason").fill("The same balcony.")
    dialog.get_by_role("button", name="Merge", exact=True).click()
    survivor = desk.get_by_role("complementary", name=f"Incident {first['number']}")
    kin = survivor.get_by_role("region", name="Links and lineage")
    expect(kin).to_contain_text("merged into this")
    kin.get_by_role("button", name=str(number).removeprefix("Incident ")).click()
    expect(card).to_contain_text("merged")
    expect(card.get_by_role("button", name=f"Show {first['number']}")).to_be_visible()
    dialog = ask(desk, card, "Undo the merge…")
    dialog.get_by_label("Reason").fill("It is the next house.")
    dialog.get_by_role("button", name="Undo it").click()
    expect(card).to_contain_text("waiting for a unit")


def test_incidents_are_linked_moved_closed_with_their_outcome_and_reopened(desk: Page, machines: Machines) -> None:
    other = machines.open_incident("Power is out.", category="theft", lat=HERE[1] + FAR)
    card = opened(desk, machines, "A wire is down.", lat=HERE[1] - 0.014)
    dialog = ask(desk, card, "Link…")
    option = dialog.get_by_label("Incident").locator("option", has_text=other["number"]).get_attribute("value")
    dialog.get_by_label("Incident").select_option(option)
    dialog.get_by_role("button", name="Link them").click()
    kin = card.get_by_role("region", name="Links and lineage")
    expect(kin).to_contain_text(other["number"])
    dialog = ask(desk, card, "Correct the place…")
    dialog.get_by_role("combobox", name="Address").fill("Abai Avenue")
    dialog.get_by_role("option").first.click()
    dialog.get_by_label("Reason").fill("The caller was wrong.")
    dialog.get_by_role("button", name="Move it").click()
    expect(card).to_contain_text("Abai Avenue")
    kin.get_by_role("button", name=f"Remove the link {other['number']}").click()
    expect(kin).not_to_contain_text(other["number"])
    dialog = ask(desk, card, "Close the incident…")
    dialog.get_by_label(re.compile("Fire service.*outcome")).select_option(label="false alarm")
    assert violations(desk) == []
    dialog.get_by_role("button", name="Close the incident").click()
    expect(card).to_have_count(0)


def test_hazards_stand_on_top_until_they_are_removed(desk: Page, machines: Machines) -> None:
    card = opened(desk, machines, "Smoke in a shop.", lon=HERE[0] - 0.008, lat=HERE[1] - 0.006)
    premises = card.get_by_role("region", name="About the premises")
    premises.get_by_role("button", name="About the premises").click()
    premises.get_by_role("button", name="Add a note…").click()
    dialog = desk.get_by_role("dialog", name="Add a note…")
    dialog.get_by_label("Kind").select_option("hazard")
    dialog.get_by_label("Text").fill("Gas bottles in the yard.")
    assert violations(desk) == []
    dialog.get_by_role("button", name="Add it").click()
    expect(card.locator(".hazard")).to_contain_text("Gas bottles in the yard.")
    premises.get_by_role("button", name="Remove: Gas bottles in the yard.").click()
    expect(card.locator(".hazard")).to_have_count(0)


def test_who_was_told_is_seen_and_may_say_so_by_phone(desk: Page, machines: Machines) -> None:
    card = opened(desk, machines, "A car burns.", lon=HERE[0] + 0.004, lat=HERE[1] - 0.004)
    machines.drive_some()  # now, so that the units are fresh
    card.get_by_role("button", name="Work out again").click()
    card.locator("footer.acts").get_by_role("button", name="Dispatch").click()  # what the plan chose
    expect(card.get_by_role("region", name="Dispatched units")).to_be_visible()
    notices = card.get_by_role("region", name="Notices")
    fold = notices.get_by_role("button", name="Notices", exact=True)
    if fold.get_attribute("aria-expanded") == "false":
        fold.click()
    chain = notices.locator(".chain").first
    chain.get_by_role("button", name="by phone").click()
    expect(chain).to_contain_text("acknowledged")
    expect(chain).to_contain_text("by phone")


def test_history_is_told_by_kind_and_a_phone_asks_why(desk: Page, machines: Machines) -> None:
    lon, phone = HERE[0] + 0.0015, "+77015550177"
    before = machines.open_incident("Smoke.", category="theft", lon=lon + 0.0005)
    machines.act(f"/api/calls/{rung(machines, phone)}/join", {"incident_id": before["id"]})
    machines.act(f"/api/calls/{rung(machines, phone)}/end", {"outcome": "no_action", "reason": "A child."})
    card = opened(desk, machines, "Smoke again.", lon=lon, caller={"phone": phone})
    history = card.get_by_role("region", name="Nearby history")
    for kind, radius in {"Road": "750 m", "Visits": "150 m", "Here": "500 m"}.items():
        history.get_by_role("button", name=kind, exact=True).click()
        expect(history.get_by_role("button", name=kind, exact=True)).to_have_attribute("aria-pressed", "true")
        expect(history.get_by_role("slider", name="Radius")).to_have_attribute("aria-valuetext", radius)
    expect(history.get_by_role("button", name="Theft").first).to_be_visible()
    history.get_by_role("button", name="Address", exact=True).click()
    expect(history).to_contain_text("Nothing happened at this address")
    history.get_by_role("button", name="Phone", exact=True).click()
    why = desk.get_by_role("dialog", name=WHY)
    expect(history.locator("ul.past > li")).to_have_count(0)  # nothing before somebody said why
    why.get_by_role("radio", name="For another reason").check()
    why.get_by_role("textbox").fill("Does the same child call?")
    with desk.expect_request(re.compile("/past/phone$")) as asked:
        why.get_by_role("button", name="Continue").click()
    assert asked.value.header_value("x-qyran-purpose") is not None
    expect(history.locator("ul.past > li")).to_have_count(1)
    expect(history).to_contain_text("Calls without an incident: no response needed 1")
    expect(history.get_by_role("slider", name="Radius")).to_have_count(0)
    assert violations(desk) == []


def rung(machines: Machines, phone: str) -> int:
    """A call that a dispatcher wrote down."""
    return int(machines.act("/api/calls", {"phone": phone, "said": "Smoke"})["id"])


def test_the_record_is_taken_home_and_its_log_is_read(desk: Page, machines: Machines) -> None:
    card = opened(desk, machines, "For the record.", lon=HERE[0] - 0.0155)
    for item, ending in (("Table (CSV)", ".csv"), ("Exchange (EIDO)", ".json")):
        card.get_by_role("button", name="Record").click()
        with desk.expect_download() as taken:
            desk.get_by_role("dialog", name="Record").get_by_role("button", name=item).click()
        assert taken.value.suggested_filename.endswith(ending)
        assert taken.value.path().stat().st_size > 100
    card.get_by_role("button", name="Record").click()
    desk.get_by_role("dialog", name="Record").get_by_role("button", name="Full log").click()
    log = desk.get_by_role("dialog", name=re.compile("^Full log"))
    expect(log.get_by_role("row").nth(1)).to_contain_text("Opened")
    assert violations(desk) == []


def test_the_record_with_the_caller_in_it_asks_for_a_proof_and_a_reason(desk: Page, machines: Machines) -> None:
    card = opened(desk, machines, "For the court.", lon=HERE[0] + 0.0165)
    card.get_by_role("button", name="Record").click()
    menu = desk.get_by_role("dialog", name="Record")
    menu.get_by_role("checkbox", name="With the caller's data").check()
    assert violations(desk) == []
    with desk.expect_download() as taken:
        menu.get_by_role("button", name="Exchange (EIDO)").click()
        prove(desk)
        why = desk.get_by_role("dialog", name="What do you need it for?")
        why.get_by_role("button", name="Continue").click()
    assert taken.value.suggested_filename.endswith(".json")


def test_a_folded_part_stays_folded(desk: Page, machines: Machines) -> None:
    made = machines.open_incident("Folded.", lon=HERE[0] - 0.0105)
    checklist = desk.get_by_role("region", name="Checklist")
    fold = checklist.get_by_role("button", name="Checklist", exact=True)
    for shown in (True, False):
        desk.get_by_role("tab", name="Incidents").click()
        desk.get_by_role("tabpanel").get_by_role("button", name=made["number"]).click()
        expect(fold).to_have_attribute("aria-expanded", str(shown).lower())
        boxes = checklist.get_by_role("checkbox")  # by night there are more: people are asleep
        expect(boxes.first).to_be_visible() if shown else expect(boxes).to_have_count(0)
        if shown:
            fold.press("Enter")
            expect(fold).to_have_attribute("aria-expanded", "false")
            desk.reload()

"""The hotlist: a commander looks for a plate, a hit stands in the queue with its trail, and the search is ended."""

from datetime import UTC, datetime, timedelta

import psycopg
from playwright.sync_api import Locator, Page, expect

from tests.running import Running
from tests.web.conftest import HERE, desk_of, open_page, prove, sign_in
from tests.web.test_accessibility import violations

HIT = """WITH made AS (
    INSERT INTO event (kind, source, at, certainty, placed_by, details, geom)
    SELECT 'plate_hit', 'camera:C-1', now() - make_interval(mins => %(ago)s), 0.91, 'camera',
           jsonb_build_object('entry', id, 'plate', plate, 'wanted', kind, 'legal_basis', legal_basis, 'owner', owner),
           ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326)
      FROM hotlist_entry WHERE plate = '123ABC02' RETURNING id)
    SELECT id FROM made"""
RING = "INSERT INTO change (layer, feature_id) VALUES ('events', %s)"


def listed(page: Page) -> Locator:
    return page.get_by_role("row", name="123ABC02")


def say_why(page: Page) -> None:
    dialog = page.get_by_role("dialog", name="What do you need it for?")
    dialog.get_by_role("radio", name="For another reason").check()
    dialog.get_by_role("textbox", name="For another reason").fill("Search of stolen cars")
    dialog.get_by_role("button", name="Continue").click()


def test_a_plate_is_looked_for_seen_and_looked_for_no_more(page: Page, other: Page, running: Running) -> None:
    sign_in(page, "commander-city")
    expect(page.get_by_role("tab", name="Events")).to_be_visible()
    hotlist = open_page(page, "#/administration/hotlist", "Administration")
    hotlist.get_by_role("button", name="New entry").click()
    dialog = page.get_by_role("dialog", name="New entry")
    dialog.get_by_label("Number plate").fill("123 авс 02")
    dialog.get_by_label("Legal basis").fill("ERDR 247512031000123")
    dialog.get_by_label("Who answers for it").fill("Medeu police")
    dialog.get_by_label("Until").fill((datetime.now(UTC) + timedelta(days=9)).date().isoformat())
    assert violations(page) == []
    dialog.get_by_role("button", name="Look for it").click()
    prove(page)
    say_why(page)
    expect(listed(page)).to_contain_text("looked for")
    assert violations(page) == []

    desk = desk_of(other)
    with psycopg.connect(running.database_url) as link:
        for ago, east in ((40, 0.004), (20, 0.002), (0, 0.0)):
            made = link.execute(HIT, {"ago": ago, "lon": HERE[0] + east, "lat": HERE[1]}).fetchone()
            assert made is not None
            link.execute(RING, made)
        link.execute("NOTIFY qyran")
    rows = desk.get_by_role("tabpanel").get_by_role("button", name="Plate of the hotlist")
    expect(rows).to_have_count(3)
    expect(rows.first).to_contain_text("123ABC02")
    rows.first.click()
    hit = desk.get_by_role("region", name="Hotlist")
    expect(hit).to_contain_text("123ABC02")
    expect(hit).to_contain_text("A lead for a person, not a ground by itself")
    expect(hit.get_by_role("listitem")).to_have_count(3)
    assert violations(desk) == []

    listed(page).get_by_role("button", name="End the search").click()
    say_why(page)
    expect(listed(page)).to_contain_text("ended")


def test_a_table_is_brought_in_and_its_bad_rows_are_told(page: Page) -> None:
    sign_in(page, "commander-city")
    expect(page.get_by_role("tab", name="Events")).to_be_visible()
    hotlist = open_page(page, "#/administration/hotlist", "Administration")
    hotlist.get_by_role("button", name="Bring in a table").click()
    day = (datetime.now(UTC) + timedelta(days=9)).date().isoformat()
    table = f"plate;kind;legal_basis;owner;ends_at\n777AAA02;stolen;ERDR 1;Medeu;{day}\n??;stolen;ERDR 2;Medeu;{day}\n"
    dialog = page.get_by_role("dialog", name="Bring in a table")
    dialog.get_by_label("CSV file").set_input_files(
        {"name": "list.csv", "mimeType": "text/csv", "buffer": table.encode()}
    )
    dialog.get_by_role("button", name="Bring in a table").click()
    prove(page)
    say_why(page)
    expect(dialog.get_by_role("status")).to_contain_text("Added: 1, refused: 1.")
    expect(dialog.get_by_role("listitem")).to_contain_text("line 3 · plate · not a usable value")

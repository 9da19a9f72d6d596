"""What goes out to other systems and comes in from another centre, and what is told of each file."""

import csv
import json
import uuid
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.web.conftest import HERE, Machines, desk_of, open_page
from tests.web.test_accessibility import violations


@pytest.fixture
def exchange(page: Page) -> Locator:
    """The page as the commander of the city sees it."""
    desk_of(page, "commander-city")
    opened = open_page(page, "#/exchange", "Exchange")
    expect(opened.get_by_role("region", name="Incidents out")).to_be_visible()
    return opened


def from_elsewhere(machines: Machines, **changed: Any) -> dict[str, Any]:
    """An EIDO as another centre would send it: one of our own under another name."""
    made = machines.open_incident("Smoke over a yard.", category="smoke", lon=HERE[0] + 0.013)
    document: dict[str, Any] = machines.ask(f"/api/incidents/{made['id']}/record?format=eido")
    return document | {"$id": f"{uuid.uuid4()}@elsewhere.example"} | changed


def file(name: str, document: Any) -> FilePayload:
    """A file that somebody chose."""
    text = document if isinstance(document, str) else json.dumps(document)
    return {"name": name, "mimeType": "application/json", "buffer": text.encode()}


def test_the_incidents_of_an_interval_go_out_as_a_file(
    page: Page, exchange: Locator, machines: Machines, tmp_path: Path
) -> None:
    made = machines.open_incident("To be told in the table.")
    assert violations(page) == []
    with page.expect_download() as taken:
        exchange.get_by_role("button", name="Take the file").click()
    table = tmp_path / "incidents.csv"
    taken.value.save_as(table)
    rows = csv.reader(table.read_text(encoding="utf-8-sig").splitlines())
    assert any(made["number"] in row for row in rows)
    exchange.get_by_role("combobox", name="Opened").select_option("own")
    exchange.get_by_role("textbox", name="From").fill("2026-01-02T00:00")
    exchange.get_by_role("textbox", name="To").fill("2026-01-01T00:00")
    exchange.get_by_role("button", name="Take the file").click()
    expect(exchange.get_by_role("alert").filter(has_text="The interval must")).to_be_visible()


def test_what_another_centre_sends_comes_in_once_and_what_does_not_is_told(
    page: Page, exchange: Locator, machines: Machines
) -> None:
    good = from_elsewhere(machines)
    nowhere = from_elsewhere(machines, locationComponent=[])
    exchange.get_by_label("EIDO files").set_input_files(
        [file("good.json", good), file("again.json", good), file("nowhere.json", nowhere), file("torn.json", "{")]
    )
    outcomes = exchange.get_by_role("list", name="What came of the files").get_by_role("listitem")
    expect(outcomes).to_have_count(4)
    expect(outcomes.filter(has_text="good.json")).to_contain_text("Opened:")
    expect(outcomes.filter(has_text="good.json")).to_contain_text("Kept in the document alone: agencies: 1")
    expect(outcomes.filter(has_text="again.json")).to_contain_text("Was here already:")
    expect(outcomes.filter(has_text="nowhere.json")).to_contain_text("Not taken. The document holds no coordinates")
    expect(outcomes.filter(has_text="torn.json")).to_contain_text("The file is no JSON document.")
    assert violations(page) == []
    outcomes.filter(has_text="good.json").get_by_role("button").click()
    card = page.get_by_role("complementary", name="Incident")
    expect(card.get_by_role("region", name="Timeline")).to_contain_text("Taken from another centre")

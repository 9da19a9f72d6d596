"""The data files of the house hold together."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from geo_server.operations.catalogue import DATA, catalogue
from geo_server.operations.reading import WrongPlans
from layers.dispatches.rules import Status
from layers.events.rules import State
from layers.units.rules import Duty
from layers.values import Service

# They stand in stores since the first version; an incident that bears one must go on meaning what it meant.
FIRST = {
    "fire", "smoke", "road_accident", "medical", "water_rescue", "gas", "intrusion", "public_order", "theft", "assault",
    "abandoned_object", "other",
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the data to be spoilt."""
    shutil.copytree(DATA, tmp_path / "data", ignore=shutil.ignore_patterns("pictures", "words", "decisions", "errors"))
    return tmp_path / "data"


def spoil(folder: Path, name: str, change: Any) -> None:
    rows = json.loads((folder / name).read_text(encoding="utf-8"))
    change(rows)
    (folder / name).write_text(json.dumps(rows), encoding="utf-8")


def test_about_sixty_categories_cover_every_service() -> None:
    categories = catalogue().categories
    assert 55 <= len(categories) <= 75 and set(categories) >= FIRST
    assert {category.group for category in categories.values()} == {"fire", "police", "ambulance", "gas", "rescue"}
    for category in categories.values():
        assert category.units and all(count > 0 for count in category.units.values())
        assert 1 <= category.priority <= 4 and category.questions


def test_a_category_stands_in_the_file_of_its_group() -> None:
    for file in (DATA / "plans").glob("*.json"):
        for name in json.loads(file.read_text(encoding="utf-8")):
            assert catalogue().categories[name].group == file.stem


def test_nothing_is_written_that_no_plan_uses() -> None:
    book = catalogue().content
    strains = [strain for regime in book.regimes.values() for strain in regime.strains]
    levels = [level for plan in book.plans.values() for level in plan.levels]
    parts = [*levels, *book.reactions.values(), *strains]
    assert {name for plan in book.plans.values() for name in plan.reacts} == set(book.reactions)
    assert {reaction.during for reaction in book.reactions.values()} - {None} == set(book.times)
    assert {name for part in parts for name in part.checklists} == set(book.checklists)
    assert {name for part in parts for name in part.told} == set(book.recipients)
    asked = {name for part in parts for name in part.asks} | {n for c in book.categories.values() for n in c.asks}
    assert asked == set(book.questions)


def test_every_service_has_a_title_in_three_languages() -> None:
    assert set(catalogue().services) == set(Service)
    assert all(title.kk and title.ru and title.en for title in catalogue().services.values())
    assert {kind.service for kind in catalogue().unit_kinds.values()} == set(Service)


def test_every_status_has_a_word_in_three_languages() -> None:
    known = catalogue()
    assert {*(status.value for status in Status), *(duty.value for duty in Duty), "free"} <= set(known.unit_statuses)
    assert set(known.event_states) == {state.value for state in State}
    for title in (*known.unit_statuses.values(), *known.event_states.values()):
        assert title.kk and title.ru and title.en


def test_what_nobody_described_falls_back() -> None:
    assert catalogue().kind("new_detector").name == "outside"
    assert catalogue().category("forgotten").name == "other"


def test_a_kind_of_event_that_opens_an_unknown_category_is_refused_with_where(folder: Path) -> None:
    spoil(folder, "event_kinds.json", lambda rows: rows["smoke"].update(category="none"))
    with pytest.raises(WrongPlans, match=r"event_kinds\.smoke\.category: Category “none” does not exist"):
        catalogue(folder)


def test_two_files_do_not_plan_one_category(folder: Path) -> None:
    spoil(folder, "plans/gas.json", lambda rows: rows.update(fire=rows["gas"]))
    with pytest.raises(ValueError, match=r"gas\.json plans fire a second time"):
        catalogue(folder)

"""Whatever stands in a register has its words in three languages and a sentence of documentation."""

import json
from dataclasses import astuple
from pathlib import Path
from typing import Any

import pytest

from geo_server.errors import ERRORS
from geo_server.operations.catalogue import catalogue
from ingest.detectors.register import FUNCTIONS
from ingest.sources.register import READERS
from layers.layer import DeckLook, Layer, TileLook
from layers.register import LAYERS
from layers.values import Title

DATA = Path(__file__).parents[2] / "data"
LANGUAGES = {"kk", "ru", "en"}


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.name)
def test_a_layer_says_what_it_is_in_three_languages(layer: Layer) -> None:
    for title in (layer.title, layer.about, *(entry.title for entry in layer.legend)):
        assert all(text.strip() for text in astuple(title))
    assert layer.legend


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.name)
def test_a_layer_only_names_columns_it_has(layer: Layer) -> None:
    drawn = layer.look.tile_fields if isinstance(layer.look, TileLook) else ()
    own = {"area_id"} if layer.name != "areas" else set()
    named = {"id", "geom", *own, *layer.fields, *drawn, *([layer.time] if layer.time else [])}
    assert named <= set(layer.rows.c.keys())


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.name)
def test_a_look_brings_no_records_along(layer: Layer) -> None:
    if isinstance(layer.look, DeckLook):
        assert {deck["data"].partition("?")[0] for deck in layer.look.deck} == {f"live://{layer.name}"}


def test_no_two_layers_share_a_name() -> None:
    assert len({layer.name for layer in LAYERS}) == len(LAYERS)


@pytest.mark.parametrize("things", [FUNCTIONS, READERS], ids=["detector functions", "readers"])
def test_what_a_register_lists_is_documented(things: Any) -> None:
    entries = things.values() if isinstance(things, dict) else things
    assert entries
    for entry in entries:
        assert (entry.__doc__ or "").strip(), f"{entry} has no sentence of documentation"


@pytest.mark.parametrize("code", sorted(ERRORS))
def test_an_error_speaks_three_languages(code: str) -> None:
    _, title = ERRORS[code]
    assert isinstance(title, Title)
    assert all(text.strip() for text in astuple(title))


@pytest.mark.parametrize(
    "name",
    ["services", "categories", "event_kinds", "groups", "questions", "checklists", "recipients", "times", "regimes",
     "unit_kinds", "skills"],
)  # fmt: skip
def test_data_speaks_three_languages(name: str) -> None:
    for entry in json.loads((DATA / f"{name}.json").read_text()).values():
        assert set(entry["title"]) == LANGUAGES
        assert all(entry["title"].values())


def test_every_kind_of_event_opens_a_category_that_exists_for_services_that_exist() -> None:
    read = {name: json.loads((DATA / f"{name}.json").read_text()) for name in ("services", "categories", "event_kinds")}
    assert {kind["category"] for kind in read["event_kinds"].values()} <= set(read["categories"])
    plans = [plan for file in (DATA / "plans").glob("*.json") for plan in json.loads(file.read_text()).values()]
    needs = [need for plan in plans for level in plan["levels"] for need in level.get("needs", [])]
    assert needs and {need["service"] for need in needs} <= set(read["services"])


def test_the_windows_have_the_same_words_in_every_language() -> None:
    words = {language: json.loads((DATA / "words" / f"{language}.json").read_text()) for language in LANGUAGES}
    keys = {language: _keys(tree) for language, tree in words.items()}
    assert keys["kk"] == keys["ru"] == keys["en"]


def _keys(tree: Any, path: str = "") -> set[str]:
    """Paths of all words; a word with plural forms counts once, because languages differ in how many they have."""
    if not isinstance(tree, dict) or "other" in tree:
        return {path}
    return {key for name, below in tree.items() for key in _keys(below, f"{path}.{name}")}


def test_every_category_has_a_plan_questions_and_words_in_three_languages() -> None:
    known = catalogue()
    assert set(known.content.plans) == set(known.categories)
    for category in known.categories.values():
        assert category.questions and all(text.strip() for text in astuple(category.title))
        assert all(text.strip() for question in category.questions for text in astuple(question.title))

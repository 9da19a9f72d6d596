"""Each function of a camera is told of whole: words, a kind of event, a card, a sentence for every setting."""

import json
from dataclasses import astuple, fields
from pathlib import Path
from typing import Any, get_type_hints

import pytest
from msgspec import Meta

from ingest.detectors.described import described
from ingest.detectors.detector import FunctionEntry
from ingest.detectors.register import FUNCTIONS
from ingest.measuring.cards import laid_out
from ingest.measuring.register import CASES

DATA = Path(__file__).parents[2] / "data"
KINDS = json.loads((DATA / "event_kinds.json").read_text(encoding="utf-8"))
FIGURES = {"on", "n", "recall", "delay_p95_s", "false_alarms", "false_alarms_per_camera_day", "at_most_per_camera_day"}
FIGURES |= {"frames", "seconds"}
all_of_them = pytest.mark.parametrize("entry", FUNCTIONS, ids=lambda entry: entry.name)


def test_what_the_server_reads_of_functions_is_what_there_is() -> None:
    told = (DATA / "functions.json").read_text(encoding="utf-8")
    assert told == described(), "python -m ingest functions"


@all_of_them
def test_a_function_has_words_a_kind_of_event_and_a_sentence_for_every_setting(entry: FunctionEntry) -> None:
    assert all(text.strip() for text in astuple(entry.title))
    told = entry.tells or entry.name
    assert told in KINDS and all(KINDS[told]["title"].values())
    hints = get_type_hints(entry.settings, include_extras=True)
    unsaid = [one.name for one in fields(entry.settings) if not _sentence(hints[one.name]).endswith(".")]
    assert unsaid == []


def _sentence(hint: Any) -> str:
    """Return the last thing said of a setting: a type may have a sentence of its own, which another stands before."""
    told = [
        meta.description for meta in getattr(hint, "__metadata__", ()) if isinstance(meta, Meta) and meta.description
    ]
    return told[-1] if told else ""


@all_of_them
def test_a_function_has_a_card_in_three_languages_with_measured_figures(entry: FunctionEntry) -> None:
    text = (DATA / "detectors" / f"{entry.name}.json").read_text(encoding="utf-8")
    card = json.loads(text)
    assert list(card) == ["needs", "misses", "norm", "measured"] and text == laid_out(card)
    for words in (card["needs"], card["misses"]):
        assert set(words) == {"kk", "ru", "en"} and all(word.strip() for word in words.values())
    assert entry.name in CASES
    assert card["measured"] and all(set(figures) == FIGURES for figures in card["measured"])

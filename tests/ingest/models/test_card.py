from dataclasses import replace
from pathlib import Path

import pytest

from ingest.models.card import Card, read_card, write_card
from ingest.models.nanodet import NANODET
from ingest.models.tfjs import ModelError


def test_a_written_card_is_read_as_it_was(tmp_path: Path) -> None:
    write_card(NANODET, tmp_path / "a.card.json")
    assert read_card(tmp_path / "a.card.json") == NANODET


@pytest.mark.parametrize(
    ("card", "words"),
    [
        (replace(NANODET, labels=(), wanted=()), "labels must name"),
        (replace(NANODET, std=(0.0, 1.0, 1.0)), "std must not hold a zero"),
        (replace(NANODET, width_px=0), "width_px and height_px"),
        (replace(NANODET, threshold=1.5), "between 0 and 1"),
        (replace(NANODET, wanted=("dragon",)), "wanted must name labels"),
        (replace(NANODET, file="../secret.onnx"), "own folder"),
        (replace(NANODET, strides=(0,)), "strides must be positive"),
    ],
)
def test_a_card_that_cannot_be_says_why(tmp_path: Path, card: Card, words: str) -> None:
    write_card(card, tmp_path / "a.card.json")
    with pytest.raises(ModelError, match=words):
        read_card(tmp_path / "a.card.json")


def test_a_card_that_is_no_json_or_not_there_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.card.json").write_text("{")
    with pytest.raises(ModelError, match="is not usable"):
        read_card(tmp_path / "a.card.json")
    with pytest.raises(ModelError, match="cannot be read"):
        read_card(tmp_path / "b.card.json")

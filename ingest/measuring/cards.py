"""The cards of functions, data/detectors/NAME.json: what each needs and misses in words, and what was measured."""

import json
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import Any

import ingest
from ingest.detectors.register import FUNCTIONS
from ingest.measuring.register import CASES
from ingest.measuring.scoring import score
from ingest.measuring.watch import Eyes, watch

CARDS = Path(ingest.__file__).parents[1] / "data" / "detectors"


class NoCard(ValueError):
    """There is nothing to measure, or no card to write it on; the text is one clear sentence."""


def measure(name: str, home: Path, eyes: Eyes) -> list[dict[str, Any]]:
    """Watch all that a function is measured on and return its figures, one a kind of clip. NoCard where it has none."""
    entry = next((entry for entry in FUNCTIONS if entry.name == name), None)
    if entry is None or name not in CASES:
        raise NoCard(f"There is nothing to measure {name} on; there are {', '.join(CASES)}.")
    runs = [watch(entry, case, home, eyes) for case in CASES[name](home / "fetched")]
    return [score(list(alike)) for _, alike in groupby(sorted(runs, key=lambda run: run.on), key=lambda run: run.on)]


def write(name: str, figures: Iterable[dict[str, Any]], folder: Path = CARDS) -> None:
    """Put figures on a function's card; its words stay. NoCard where it has no card yet."""
    path = folder / f"{name}.json"
    if not path.is_file():
        raise NoCard(f"The function {name} has no card {path.name} to write on.")
    path.write_text(laid_out({**json.loads(path.read_text()), "measured": list(figures)}))


def laid_out(card: dict[str, Any]) -> str:
    """Return a card as it is kept: a line for each of its parts and each figure."""
    lines = [f"  {json.dumps(key)}: {_line(value)}" for key, value in card.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _line(value: Any) -> str:
    if not isinstance(value, list) or not value:
        return json.dumps(value, ensure_ascii=False)
    return "[\n" + ",\n".join(f"    {json.dumps(one, ensure_ascii=False)}" for one in value) + "\n  ]"
